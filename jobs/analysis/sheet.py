"""The paper that a report is set on: A4, its letters, and the few shapes that text takes on it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fpdf import FPDF
from fpdf.enums import TableBordersLayout

from common.media.font import FILE as HEADINGS
from jobs.analysis.letters import Letters

if TYPE_CHECKING:
    from fpdf.fonts import FontFace

__all__ = ["AMBER", "BLUE", "GREY", "INK", "WIDTH", "Color", "Sheet"]

Color = tuple[int, int, int]
INK, GREY, BLUE, AMBER = (28, 32, 38), (110, 117, 128), (20, 88, 168), (166, 92, 0)
_PALE, _RULE = (242, 245, 249), (214, 219, 227)
WIDTH = 162.0
"""Millimetres of text."""
_MARGIN = 24.0
_TEXT = Path(__file__).with_name("fonts") / "Inter-Regular.otf"
_FOOTER = 90
"""Characters of the title at the foot of each page."""


class Sheet(FPDF):
    """Text goes on at the left margin, on a new line, unless it says otherwise."""

    def __init__(self, title: str, language: str) -> None:
        super().__init__(format="A4")
        self.alias_nb_pages("")  # else a source's {nb} would become the number of pages
        for name in ("fpdf", "fontTools"):
            logging.getLogger(name).setLevel(logging.ERROR)  # they tell of each table they drop
        self._foot = title if len(title) <= _FOOTER else f"{title[:_FOOTER].rstrip()}…"
        self.set_lang(language)
        self.add_font("text", fname=_TEXT)
        self.add_font("head", fname=HEADINGS)
        drawn: Iterable[int] = getattr(self.fonts["text"], "cmap")  # noqa: B009 - by its type
        self.letters = Letters(frozenset(drawn))
        self.set_title(self.letters.text(title))
        self.set_margins(_MARGIN, 22, _MARGIN)
        self.c_margin = 0.0
        self.set_auto_page_break(auto=True, margin=24)
        self.add_page()

    def normalize_text(self, text: str) -> str:
        """All text comes by here."""
        return self.letters.text(text)

    def footer(self) -> None:
        """At the foot of each page."""
        self.set_y(-16)
        self.pen("text", 7.5, GREY)
        self.cell(w=WIDTH - 20, text=self._foot)
        self.cell(w=20, text=str(self.page_no()), align="R")

    def pen(self, family: str, size: float, color: Color = INK) -> None:
        """What follows is written with it."""
        self.set_font(family, size=size)
        self.set_text_color(*color)

    def keep(self, height: float) -> None:
        """Begin another page where this one has less left."""
        if self.will_page_break(height):
            self.add_page()

    def block(self, text: str, height: float) -> None:
        """Lines of that height."""
        self.multi_cell(w=WIDTH, h=height, text=text, align="L", new_x="LMARGIN", new_y="NEXT")

    def heading(self, text: str, least: float = 36) -> None:
        """Of a part, of which so much at least is on the same page."""
        self.keep(least)
        self.ln(6)
        self.pen("head", 13)
        self.block(text, 7)
        self.set_draw_color(*BLUE)
        self.set_line_width(0.5)
        self.line(_MARGIN, self.get_y() + 0.6, _MARGIN + 14, self.get_y() + 0.6)
        self.ln(4)

    def boxed(self, text: str) -> None:
        """On a pale ground."""
        self.pen("text", 11)
        self.set_fill_color(*_PALE)
        self.multi_cell(
            w=WIDTH,
            h=6,
            text=text,
            fill=True,
            align="L",
            padding=(4, 5),
            new_x="LMARGIN",
            new_y="NEXT",
        )

    def hang(self, mark: str, indent: float, height: float) -> None:
        """A mark at the margin; what is written next hangs beside it, until `hung`."""
        self.set_left_margin(_MARGIN + indent)
        self.set_x(_MARGIN)
        self.cell(w=indent, h=height, text=mark)

    def hung(self, height: float) -> None:
        """Back to the margin, so far below."""
        self.set_left_margin(_MARGIN)
        self.ln(height)

    def rows(
        self, rows: Sequence[Sequence[str]], widths: tuple[float, ...], first: FontFace
    ) -> None:
        """A table without a head, its first column in a face of its own."""
        self.pen("text", 8.5)
        self.set_draw_color(*_RULE)
        self.set_fill_color(255)
        self.set_line_width(0.2)
        with self.table(
            width=WIDTH,
            col_widths=widths,
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            first_row_as_headings=False,
            line_height=4.6,
            padding=(1.6, 2, 1.6, 0),
            text_align="L",
        ) as table:
            for cells in rows:
                row = table.row()
                for number, cell in enumerate(cells):
                    row.cell(cell, style=first if number == 0 else None)
