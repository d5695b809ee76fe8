"""Tables without lines; a terminal too narrow for all columns is spared some."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from common.cli.parts import console

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["Column", "counts", "print_table", "table", "words"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One of a table."""

    name: str
    count: bool = False
    """Whether it is of numbers, which stand below one another by their ends."""
    long: bool = False
    """Whether its cells may take several lines."""
    spare: bool = False
    """Whether it is left out where the terminal is narrow."""


def words(*names: str, long: bool = False, spare: bool = False) -> list[Column]:
    """Columns of words."""
    return [Column(name=name, long=long, spare=spare) for name in names]


def counts(*names: str, spare: bool = False) -> list[Column]:
    """Columns of numbers."""
    return [Column(name=name, count=True, spare=spare) for name in names]


def table(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], *, style: str = "bold"
) -> Table:
    """The rows, each with a cell for each column."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False, header_style=style)
    for column in columns:
        justify: Literal["left", "right"] = "right" if column.count else "left"
        made.add_column(column.name, no_wrap=not column.long, overflow="fold", justify=justify)
    for row in rows:
        made.add_row(*row)
    return made


def print_table(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], *, roomy: int = 0
) -> None:
    """Print them; `roomy`: so wide is the terminal into which all columns fit."""
    screen = console()
    if screen.width < roomy:
        kept = [index for index, column in enumerate(columns) if not column.spare]
        columns = [columns[index] for index in kept]
        rows = [[row[index] for index in kept] for row in rows]
    screen.print(table(columns, rows))
