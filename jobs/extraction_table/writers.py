"""The formats of tables: each takes lines one by one, and keeps none of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from jobs.extraction_table.csv_files import CsvFiles
from jobs.extraction_table.json_file import JsonFile
from jobs.extraction_table.layout import Sheet
from jobs.extraction_table.lines import Cell
from jobs.extraction_table.xlsx_file import XlsxFile

__all__ = ["Writer", "open_writer"]


class Writer(Protocol):
    """One format."""

    def document(self, document: Mapping[str, Any]) -> None:
        """A document, whole."""

    def line(self, sheet: int, cells: Sequence[Cell]) -> None:
        """A line of a sheet."""

    def close(self) -> list[Path]:
        """The finished files."""

    def discard(self) -> None:
        """Let go of files that will not be finished; of finished ones nothing is left to let go."""

    def left_out(self) -> list[str]:
        """What the format had no room for, in sentences."""


def open_writer(format: str, folder: Path, sheets: Sequence[Sheet], *, excel: bool) -> Writer:
    """The writer of that format, into a folder."""
    if format == "csv":
        return CsvFiles(folder, sheets, mark=excel)
    return XlsxFile(folder, sheets) if format == "xlsx" else JsonFile(folder)
