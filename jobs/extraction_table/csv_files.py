"""CSV (RFC 4180): a file for each sheet. No cell is taken for a formula, whatever it says."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from jobs.extraction_table.layout import Sheet
from jobs.extraction_table.lines import Cell

__all__ = ["CsvFiles", "harmless"]

# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


def harmless(cell: Cell) -> Cell:
    """The cell, such that no spreadsheet computes it: texts alone are anybody's."""
    if isinstance(cell, str) and (
        cell.startswith(_FORMULAS) or cell.lstrip().startswith(_FORMULAS)
    ):
        return f"'{cell}"
    return cell


class CsvFiles:
    """Writes them; one without lines, but for documents, is left out."""

    def __init__(self, folder: Path, sheets: Sequence[Sheet], *, mark: bool) -> None:
        self._paths = [folder / f"{sheet.name}.csv" for sheet in sheets]
        self._lines = [0] * len(sheets)
        self._files = ExitStack()
        encoding = "utf-8-sig" if mark else "utf-8"
        self._writers = []
        for path, sheet in zip(self._paths, sheets, strict=True):
            file = self._files.enter_context(path.open("x", encoding=encoding, newline=""))
            self._writers.append(csv.writer(file))
            self._writers[-1].writerow(sheet.headers)

    def document(self, document: Mapping[str, Any]) -> None:
        """Nothing: a document is its lines."""

    def line(self, sheet: int, cells: Sequence[Cell]) -> None:
        """Write a line."""
        self._writers[sheet].writerow(["" if cell is None else harmless(cell) for cell in cells])
        self._lines[sheet] += 1

    def close(self) -> list[Path]:
        """The files that have lines."""
        self._files.close()
        return [
            path
            for path, lines in zip(self._paths, self._lines, strict=True)
            if lines or path == self._paths[0]
        ]

    def discard(self) -> None:
        """Let go of the files."""
        self._files.close()

    def left_out(self) -> list[str]:
        """Nothing: there is room for all."""
        return []
