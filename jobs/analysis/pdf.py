"""The report as a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from fpdf.fonts import FontFace

from jobs.analysis.labels import labels
from jobs.analysis.markdown import how
from jobs.analysis.params import Source
from jobs.analysis.report import Figure, Finding, Report, Statement
from jobs.analysis.sheet import AMBER, BLUE, GREY, INK, WIDTH, Sheet

__all__ = ["write_pdf"]

_LINE = 5.4
_SMALL = 4.6
_LONG = 90
"""Characters of a title that is set in smaller letters."""


def write_pdf(report: Report, file: Path, at: datetime) -> set[str]:
    """Set the report; returns characters that its letters lack."""
    sheet = Sheet(report.title, report.language)
    sheet.set_creation_date(at)
    _Setting(sheet, report).all()
    sheet.output(str(file))
    return sheet.letters.missing


class _Setting:
    """Sets one report, part by part."""

    def __init__(self, sheet: Sheet, report: Report) -> None:
        self._sheet, self._report, self._say = sheet, report, labels(report.language)
        self._links = {cited.n: sheet.add_link() for cited in report.answer.citations}

    def all(self) -> None:
        answer, say = self._report.answer, self._say
        self._top()
        self._statements(say["answer"], answer.short or (Statement(text=say["nothing"]),), 11.5)
        self._findings(answer.findings)
        self._figures(answer.figures)
        self._statements(say["unanswered"], [Statement(text=each) for each in answer.unanswered])
        self._evidence()
        self._sources(self._report.sources)
        self._notes()

    def _top(self) -> None:
        sheet, report = self._sheet, self._report
        sheet.pen("head", 9, BLUE)
        sheet.cell(w=WIDTH / 2, text=self._say["analysis"].upper())
        sheet.pen("text", 9, GREY)
        sheet.cell(w=WIDTH / 2, text=report.date, align="R", new_x="LMARGIN", new_y="NEXT")
        sheet.ln(5)
        is_long = len(report.title) > _LONG
        sheet.pen("head", 15 if is_long else 21)
        sheet.block(report.title, 6.8 if is_long else 9.2)
        sheet.ln(3)
        if report.question != report.title:
            sheet.boxed(report.question)

    def _statements(self, heading: str, statements: Sequence[Statement], size: float = 10) -> None:
        if statements:
            self._sheet.heading(heading)
        for statement in statements:
            self._statement(statement, size)

    def _findings(self, findings: Sequence[Finding]) -> None:
        sheet = self._sheet
        if findings:
            sheet.heading(self._say["findings"])
        for finding in findings:
            sheet.keep(20)
            sheet.pen("head", 10.5)
            sheet.block(finding.heading, 6)
            sheet.ln(1)
            for statement in finding.statements:
                self._statement(statement, 10)
            sheet.ln(1.5)

    def _statement(self, statement: Statement, size: float) -> None:
        sheet = self._sheet
        sheet.pen("head", size, BLUE)
        sheet.hang("•", 5, _LINE)
        sheet.pen("text", size)
        sheet.write(_LINE, statement.text)
        sheet.pen("head", size * 0.8, BLUE)
        for number in statement.cites:
            sheet.write(_LINE, f" [{number}]", link=self._links[number])
        if statement.flaw:
            sheet.pen("text", size * 0.8, AMBER)
            sheet.write(_LINE, f" ({self._say['flaw']})")
        sheet.hung(_LINE + 1.8)

    def _figures(self, figures: Sequence[Figure]) -> None:
        if not figures:
            return
        self._sheet.heading(self._say["figures"])
        rows = [("\n".join(each.values), self._with_cites(each.context)) for each in figures]
        self._sheet.rows(rows, (46, WIDTH - 46), FontFace(family="head", color=BLUE))

    def _with_cites(self, statement: Statement) -> str:
        flaw = f" ({self._say['flaw']})" if statement.flaw else ""
        return f"{statement.text} {''.join(f'[{number}]' for number in statement.cites)}{flaw}"

    def _evidence(self) -> None:
        sheet = self._sheet
        if self._report.answer.citations:
            sheet.heading(self._say["evidence"])
        for cited in self._report.answer.citations:
            sheet.keep(14)
            sheet.set_link(self._links[cited.n], y=sheet.get_y(), page=sheet.page_no())
            sheet.pen("head", 8.5, BLUE)
            sheet.hang(f"[{cited.n}]", 11, _SMALL)
            sheet.pen("head", 8.5, INK)
            sheet.write(_SMALL, f"{self._report.place(cited)}  ")
            sheet.pen("text", 8.5, GREY)
            sheet.write(_SMALL, f"“{cited.quote}”")
            sheet.hung(_SMALL + 1.6)

    def _sources(self, sources: Sequence[Source]) -> None:
        self._sheet.heading(self._say["sources"])
        rows = [(str(each.number), *self._source(each)) for each in sources]
        self._sheet.rows(rows, (9, WIDTH - 27, 18), FontFace(color=GREY))

    def _source(self, source: Source) -> tuple[str, str]:
        if source.why:
            return f"{source.name}\n{self._say['unread'].format(source.why)}", ""
        return f"{source.name}\n{source.uri}", self._say["pages"].format(source.pages)

    def _notes(self) -> None:
        self._sheet.heading(self._say["notes"], least=24)
        for each in (how(self._report), *self._report.warnings):
            self._sheet.pen("text", 8.5, GREY)
            self._sheet.block(each, _SMALL)
            self._sheet.ln(1)
