"""XLSX: each sheet is a page, with its table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from common.reading.cells import written
from common.reading.context import Reading
from common.reading.document import Page
from common.reading.errors import DamagedDocument
from common.reading.flow import Flow
from common.reading.zipped import checked

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

__all__ = ["pages"]

_COLUMNS = 500


def pages(data: bytes, reading: Reading) -> Iterator[Page]:
    """Each sheet that can be seen."""
    from openpyxl import load_workbook

    book = load_workbook(
        checked(data, reading.name, reading.limits.unpacked), read_only=True, data_only=True
    )
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if hidden := [sheet.title for sheet in book.worksheets if sheet not in sheets]:
        reading.warn(f"{reading.name} has hidden sheets, which are left out: {', '.join(hidden)}.")
    if not sheets:
        raise DamagedDocument(reading.name, "has no sheet that can be seen.")
    reading.expect(len(sheets))
    for sheet in sheets:
        yield _page(sheet, reading)


def _page(sheet: ReadOnlyWorksheet, reading: Reading) -> Page:
    flow = Flow(sheet.title, most=reading.words_left)
    flow.table(_rows(sheet), sheet.title)
    return flow.page()


def _rows(sheet: ReadOnlyWorksheet) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # what the sheet says of its size may be anything
    for row in sheet.iter_rows():
        cells = [written(cell.value, cell.number_format) for cell in row[:_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield cells
