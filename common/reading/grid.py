"""An HTML table's cells, in as many columns as it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import Tag

__all__ = ["grid"]

_SPAN = 100
"""Columns or rows that one cell may span: more is a mistake, or an attack."""


def grid(table: Tag, text_of: Callable[[Tag], str]) -> list[list[str]]:
    """Its rows; cells that span several have their text in the first, and nothing in the others."""
    rows: list[list[str]] = []
    taken: dict[int, int] = {}
    for row in table.find_all("tr"):
        cells: list[str] = []
        for cell in row.find_all(["td", "th"]):
            _skip(cells, taken)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            if down > 1:
                taken.update(dict.fromkeys(range(len(cells), len(cells) + across), down))
            cells += [text_of(cell)] + [""] * (across - 1)
        _skip(cells, taken)
        taken = {column: left - 1 for column, left in taken.items() if left > 1}
        rows.append(cells)
    return rows


def _skip(cells: list[str], taken: dict[int, int]) -> None:
    """Leave free what a cell from above reaches into."""
    while taken.get(len(cells)):
        cells.append("")


def _span(cell: Tag, which: str) -> int:
    try:
        return max(1, min(int(str(cell.get(which) or 1)), _SPAN))
    except ValueError:
        return 1
