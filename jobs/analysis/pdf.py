"""The report as a PDF of A4 pages."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from common.media.font import FILE as HEADINGS
from jobs.analysis.labels import labels
from jobs.analysis.letters import Letters
from jobs.analysis.markdown import how
from jobs.analysis.report import Statement

if TYPE_CHECKING:
    from fpdf import FPDF

    from jobs.analysis.params import Cited, Source
    from jobs.analysis.report import Finding, Report

__all__ = ["write_pdf"]

_TEXT = Path(__file__).with_name("fonts") / "Inter-Regular.otf"
_INK, _GREY, _BLUE, _PALE = (28, 32, 38), (110, 117, 128), (20, 88, 168), (242, 245, 249)
_AMBER = (166, 92, 0)
_MARGIN, _WIDTH = 24.0, 162.0
_LINE = 5.4


def write_pdf(report: Report, file: Path, at: datetime) -> set[str]:
    """Set the report; returns characters that its letters lack."""
    from fpdf import FPDF

    for name in ("fpdf", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)  # they tell of each table they drop
    say = labels(report.language)

    class Sheets(FPDF):
        def footer(self) -> None:
            self.set_y(-16)
            self.set_font("text", size=7.5)
            self.set_text_color(*_GREY)
            title = letters.text(report.title)
            self.cell(w=_WIDTH - 20, text=title[:90] + ("…" if len(title) > 90 else ""))
            self.cell(w=20, text=f"{self.page_no()} / {{nb}}", align="R")

    pdf = Sheets(format="A4")
    pdf.set_creation_date(at)
    pdf.set_lang(report.language)
    pdf.add_font("text", fname=_TEXT)
    pdf.add_font("head", fname=HEADINGS)
    drawn: Iterable[int] = getattr(pdf.fonts["text"], "cmap")  # noqa: B009 - core fonts have none
    letters = Letters(set(drawn))
    pdf.set_title(letters.text(report.title))
    pdf.set_margins(_MARGIN, 22, _MARGIN)
    pdf.c_margin = 0
    pdf.set_auto_page_break(auto=True, margin=24)
    pdf.add_page()
    _Setting(pdf, letters, report, say).all()
    pdf.output(str(file))
    return letters.missing


class _Setting:
    """Sets one report, part by part."""

    def __init__(self, pdf: FPDF, letters: Letters, report: Report, say: dict[str, str]) -> None:
        self._pdf, self._letters, self._report, self._say = pdf, letters, report, say
        self._links = {cited.n: pdf.add_link() for cited in report.answer.citations}

    def all(self) -> None:
        answer, say = self._report.answer, self._say
        self._top()
        self._heading(say["answer"])
        for statement in answer.short:
            self._statement(statement, size=11.5)
        if not answer.short:
            self._paragraph(say["nothing"])
        if answer.findings:
            self._heading(say["findings"])
            for finding in answer.findings:
                self._finding(finding)
        self._figures()
        if answer.unanswered:
            self._heading(say["unanswered"])
            for each in answer.unanswered:
                self._statement(Statement(text=each))
        self._evidence(answer.citations)
        self._sources(self._report.sources)
        self._heading(say["notes"])
        for each in (how(self._report), *self._report.warnings):
            self._paragraph(each, size=8.5, color=_GREY)

    def _top(self) -> None:
        pdf, report, say = self._pdf, self._report, self._say
        self._font("head", 9, _BLUE)
        pdf.cell(w=_WIDTH / 2, text=self._letters.text(say["analysis"].upper()))
        self._font("text", 9, _GREY)
        pdf.cell(w=_WIDTH / 2, text=report.date, align="R", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(5)
        self._font("head", 21 if len(report.title) <= 90 else 15, _INK)
        size = 9.2 if len(report.title) <= 90 else 6.8
        pdf.multi_cell(w=_WIDTH, h=size, text=self._letters.text(report.title), align="L",
                       new_x="LMARGIN", new_y="NEXT")  # fmt: skip
        pdf.ln(3)
        if report.question != report.title:
            self._boxed(report.question)

    def _boxed(self, text: str) -> None:
        pdf = self._pdf
        self._font("text", 11, _INK)
        pdf.set_fill_color(*_PALE)
        pdf.multi_cell(
            w=_WIDTH,
            h=6,
            text=self._letters.text(text),
            fill=True,
            align="L",
            padding=(4, 5),
            new_x="LMARGIN",
            new_y="NEXT",
        )

    def _heading(self, text: str) -> None:
        pdf = self._pdf
        if pdf.will_page_break(30):
            pdf.add_page()
        pdf.ln(6)
        self._font("head", 13, _INK)
        pdf.cell(w=_WIDTH, h=7, text=self._letters.text(text), new_x="LMARGIN", new_y="NEXT")
        pdf.set_draw_color(*_BLUE)
        pdf.set_line_width(0.5)
        pdf.line(_MARGIN, pdf.get_y() + 0.6, _MARGIN + 14, pdf.get_y() + 0.6)
        pdf.ln(4)

    def _finding(self, finding: Finding) -> None:
        if self._pdf.will_page_break(20):
            self._pdf.add_page()
        self._font("head", 10.5, _INK)
        text = self._letters.text(finding.heading)
        self._pdf.multi_cell(w=_WIDTH, h=6, text=text, align="L", new_x="LMARGIN", new_y="NEXT")
        self._pdf.ln(1)
        for statement in finding.statements:
            self._statement(statement)
        self._pdf.ln(1.5)

    def _statement(self, statement: Statement, size: float = 10) -> None:
        pdf = self._pdf
        pdf.set_left_margin(_MARGIN + 5)
        pdf.set_x(_MARGIN)
        self._font("head", size, _BLUE)
        pdf.cell(w=5, h=_LINE, text="•")
        self._words(statement, size)
        pdf.set_left_margin(_MARGIN)
        pdf.ln(_LINE + 1.8)

    def _words(self, statement: Statement, size: float) -> None:
        pdf = self._pdf
        self._font("text", size, _INK)
        pdf.write(_LINE, self._letters.text(statement.text))
        for number in statement.cites:
            self._font("head", size * 0.8, _BLUE)
            pdf.write(_LINE, f" [{number}]", link=self._links[number])
        if statement.flaw:
            self._font("text", size * 0.8, _AMBER)
            pdf.write(_LINE, self._letters.text(f" ({self._say['flaw']})"))

    def _figures(self) -> None:
        figures = self._report.answer.figures
        if not figures:
            return
        self._heading(self._say["figures"])
        rows = [
            ("\n".join(figure.values), f"{figure.context.text} {_numbers(figure.context)}")
            for figure in figures
        ]
        self._table(rows, (46, _WIDTH - 46), bold=True)

    def _evidence(self, citations: Sequence[Cited]) -> None:
        if not citations:
            return
        self._heading(self._say["evidence"])
        pdf = self._pdf
        for cited in citations:
            if pdf.will_page_break(14):
                pdf.add_page()
            pdf.set_link(self._links[cited.n], y=pdf.get_y(), page=pdf.page_no())
            pdf.set_left_margin(_MARGIN + 11)
            pdf.set_x(_MARGIN)
            self._font("head", 8.5, _BLUE)
            pdf.cell(w=11, h=4.6, text=f"[{cited.n}]")
            self._font("head", 8.5, _INK)
            pdf.write(4.6, self._letters.text(f"{self._report.place(cited)}  "))
            self._font("text", 8.5, _GREY)
            pdf.write(4.6, self._letters.text(f"“{cited.quote}”"))
            pdf.set_left_margin(_MARGIN)
            pdf.ln(6.2)

    def _sources(self, sources: Sequence[Source]) -> None:
        self._heading(self._say["sources"])
        rows = []
        for source in sources:
            about = self._say["unread"].format(source.why) if source.why else source.uri
            pages = "" if source.why else self._say["pages"].format(source.pages)
            rows.append((str(source.number), f"{source.name}\n{about}", pages))
        self._table(rows, (9, _WIDTH - 27, 18))

    def _table(
        self, rows: Sequence[Sequence[str]], widths: tuple[float, ...], *, bold: bool = False
    ) -> None:
        from fpdf.enums import TableBordersLayout
        from fpdf.fonts import FontFace

        pdf = self._pdf
        self._font("text", 8.5, _INK)
        pdf.set_draw_color(214, 219, 227)
        pdf.set_fill_color(255)
        pdf.set_line_width(0.2)
        first = FontFace(family="head", color=_BLUE) if bold else FontFace(color=_GREY)
        with pdf.table(
            width=_WIDTH,
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
                    row.cell(self._letters.text(cell), style=first if number == 0 else None)

    def _paragraph(
        self, text: str, *, size: float = 10, color: tuple[int, int, int] = _INK
    ) -> None:
        self._font("text", size, color)
        self._pdf.multi_cell(
            w=_WIDTH, h=size * 0.54, text=self._letters.text(text), align="L",
            new_x="LMARGIN", new_y="NEXT",
        )  # fmt: skip
        self._pdf.ln(1)

    def _font(self, family: str, size: float, color: tuple[int, int, int]) -> None:
        self._pdf.set_font(family, size=size)
        self._pdf.set_text_color(*color)


def _numbers(statement: Statement) -> str:
    return "".join(f"[{number}]" for number in statement.cites)
