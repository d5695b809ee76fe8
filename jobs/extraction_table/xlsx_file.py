"""XLSX: one workbook, a worksheet for each sheet. Texts are texts: there is no formula in it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs.extraction_table.layout import Sheet
from jobs.extraction_table.lines import Cell

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell

__all__ = ["XlsxFile"]

# https://support.microsoft.com/office/excel-specifications-and-limits
_LONGEST = 32_767
_LINES = 1_048_576
_TITLE = 31
_RESERVED = "history"
"""The name of a worksheet that is Excel's own: it opens no workbook in which another has it."""
_WIDE = {"document", "error", "missing", "source", "warnings"}
_LONG = ("name", "address", "description", "iban", "title", "subject")
_PRECISE = 10**15
"""Whole numbers from here on would lose their last digits."""
_BAD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DATE, _MONEY, _SHARE = "yyyy-mm-dd", "#,##0.00", "0.00"


class XlsxFile:
    """Writes it, by way of a temporary file for each sheet."""

    def __init__(self, folder: Path, sheets: Sequence[Sheet]) -> None:
        from openpyxl import Workbook

        self._path = folder / "documents.xlsx"
        self._book = Workbook(write_only=True)
        self._sheets, self._lines = sheets, [1] * len(sheets)
        self._formats = [_formats(sheet.headers) for sheet in sheets]
        self._pages = [self._book.create_sheet(title) for title in _titles(sheets)]
        with _temporary_in(folder):  # where openpyxl makes its files when the first line comes
            for page, sheet in zip(self._pages, sheets, strict=True):
                self._begin(page, sheet)

    def document(self, document: Mapping[str, Any]) -> None:
        """Nothing: a document is its lines."""

    def line(self, sheet: int, cells: Sequence[Cell]) -> None:
        """Write a line; of those that no worksheet has room for, none."""
        self._lines[sheet] += 1
        if self._lines[sheet] <= _LINES:
            page, formats = self._pages[sheet], self._formats[sheet]
            page.append([_made(page, *each) for each in zip(cells, formats, strict=True)])

    def close(self) -> list[Path]:
        """The file."""
        from openpyxl.utils import get_column_letter

        for page, sheet, lines in zip(self._pages, self._sheets, self._lines, strict=True):
            last = get_column_letter(len(sheet.headers))
            page.auto_filter.ref = f"A1:{last}{min(lines, _LINES)}"
        self._book.save(self._path)
        return [self._path]

    def discard(self) -> None:
        """Let go of the temporary files."""
        for page in self._pages:
            with suppress(Exception):  # a full disk, above all, which is what is told already
                if not page.closed:
                    page.close()

    def left_out(self) -> list[str]:
        """Lines of sheets that were full."""
        return [
            f"{self._path.name} has no room for {lines - _LINES:,} lines of {page.title}: "
            "they are in the CSV and JSON files alone."
            for lines, page in zip(self._lines, self._pages, strict=True)
            if lines > _LINES
        ]

    def _begin(self, page: Any, sheet: Sheet) -> None:
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter

        page.freeze_panes = "C2"
        for number, header in enumerate(sheet.headers, start=1):
            width = 40 if _is_wide(header) else max(12, len(header) + 4)
            page.column_dimensions[get_column_letter(number)].width = width
        cells = [_text(page, header) for header in sheet.headers]
        for cell in cells:
            cell.font = Font(bold=True)
        page.append(cells)


def _is_wide(header: str) -> bool:
    """Whether what is in the column is likely a name or a sentence: no line of it is known yet."""
    return header in _WIDE or header.endswith(_LONG)


def _formats(headers: Sequence[str]) -> list[str]:
    """How numbers are shown in each column."""
    money = {header for header in headers if f"{header}_currency" in headers}
    return [
        _MONEY if header in money else _SHARE if header.endswith("_confidence") else "General"
        for header in headers
    ]


def _made(page: Any, cell: Cell, format: str) -> Any:
    """The cell as openpyxl takes it."""
    if isinstance(cell, date) and cell.year < 1900:  # before Excel's time began
        cell = cell.isoformat()
    if isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) >= _PRECISE:
        cell = str(cell)
    if isinstance(cell, str):
        return _text(page, cell)
    if cell is None or isinstance(cell, bool):
        return cell
    return _number(page, cell, _DATE if isinstance(cell, date) else format)


def _text(page: Any, text: str) -> WriteOnlyCell:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(page, _BAD.sub("", text)[:_LONGEST])
    cell.data_type = "s"  # for openpyxl takes a text that begins with "=" for a formula
    return cell


def _number(page: Any, value: float | date, format: str) -> WriteOnlyCell:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(page, value)
    cell.number_format = format
    return cell


def _titles(sheets: Sequence[Sheet]) -> list[str]:
    """Names as Excel takes them, each once: at most 31 characters."""
    titles: list[str] = []
    for number, sheet in enumerate(sheets):
        title = sheet.name[:_TITLE]
        taken = {_RESERVED, *(each.casefold() for each in titles)}
        titles.append(title if title.casefold() not in taken else f"{title[:27]}_{number}")
    return titles


@contextmanager
def _temporary_in(folder: Path) -> Iterator[None]:
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
