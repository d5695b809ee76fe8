"""JSON: a list of all documents, with all that is known of them, confidences and places too."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jobs.extraction_table.lines import Cell

__all__ = ["JsonFile"]


class JsonFile:
    """Writes it, a document a line."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "documents.json"
        self._file = self._path.open("x", encoding="utf-8")
        self._between = "[\n"

    def document(self, document: Mapping[str, Any]) -> None:
        """Write a document."""
        result = document["result"] or {}
        kept = {key: value for key, value in result.items() if key not in {"whole", "name"}}
        told = {key: value for key, value in document.items() if key != "result"}
        text = json.dumps({**told, **kept}, ensure_ascii=False)
        self._file.write(self._between + text)
        self._between = ",\n"

    def line(self, sheet: int, cells: Sequence[Cell]) -> None:
        """Nothing: the document has it all."""

    def close(self) -> list[Path]:
        """The file."""
        self._file.write("\n]\n" if self._between != "[\n" else "[]\n")
        self._file.close()
        return [self._path]

    def discard(self) -> None:
        """Let go of the file."""
        self._file.close()

    def left_out(self) -> list[str]:
        """Nothing: there is room for all."""
        return []
