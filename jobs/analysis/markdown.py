"""The report as Markdown. What sources say is text in it: no link, picture or HTML of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jobs.analysis.labels import labels
from jobs.analysis.params import Source
from jobs.analysis.report import Report, Statement

__all__ = ["how", "markdown"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~#])")
_BEGINNING = re.compile(r"^(\s*)([-+=]|\d+[.)])")
_LINKING = re.compile(r"(?i)\b(https?|ftp|www)(:|\.)(?=\S)")


def markdown(report: Report) -> str:
    """All of it."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    say, answer = labels(report.language), report.answer
    yield f"# {_plain(report.title)}"
    if report.question != report.title:
        yield f"\n**{say['question']}:** {_plain(report.question)}"
    yield f"\n{report.date}"
    yield f"\n## {say['answer']}\n"
    yield from _statements(answer.short, say) if answer.short else [say["nothing"]]
    if answer.findings:
        yield f"\n## {say['findings']}"
        for finding in answer.findings:
            yield f"\n### {_plain(finding.heading)}\n"
            yield from _statements(finding.statements, say)
    if answer.figures:
        yield f"\n## {say['figures']}\n\n| | |\n|---|---|"
        for figure in answer.figures:
            yield f"| **{_plain(', '.join(figure.values))}** | {_said(figure.context, say)} |"
    if answer.unanswered:
        yield f"\n## {say['unanswered']}\n"
        yield from (f"- {_plain(each)}" for each in answer.unanswered)
    yield from _evidence(report, say)
    yield from _notes(report, say)


def _evidence(report: Report, say: dict[str, str]) -> Iterator[str]:
    if report.answer.citations:
        yield f"\n## {say['evidence']}\n"
    for cited in report.answer.citations:
        place, quote = _plain(report.place(cited)), _plain(cited.quote)
        yield f'- <a id="c{cited.n}"></a>[{cited.n}] {place}: “{quote}”'
    yield f"\n## {say['sources']}\n"
    yield from (_source(source, say) for source in report.sources)


def _source(source: Source, say: dict[str, str]) -> str:
    unread = f". {say['unread'].format(_plain(source.why))}" if source.why else ""
    about = unread or f", {say['pages'].format(source.pages)}"
    return f"{source.number}. {_plain(source.name)}{about}  \n   `{source.uri.replace('`', '')}`"


def _notes(report: Report, say: dict[str, str]) -> Iterator[str]:
    yield f"\n## {say['notes']}\n"
    yield f"- {how(report)}"
    yield from (f"- {_plain(each)}" for each in report.warnings)


def how(report: Report) -> str:
    """In a sentence, where the answer comes from."""
    say = labels(report.language)
    return say["gemini"].format(report.provider) if report.provider else say["local"]


def _statements(statements: Sequence[Statement], say: dict[str, str]) -> Iterator[str]:
    return (f"- {_said(each, say)}" for each in statements)


def _said(statement: Statement, say: dict[str, str]) -> str:
    cites = "".join(f" [[{number}]](#c{number})" for number in statement.cites)
    flaw = f" *({say['flaw']})*" if statement.flaw else ""
    return f"{_plain(statement.text)}{cites}{flaw}"


def _plain(text: str) -> str:
    """As it is to be read: nothing in it means anything to Markdown."""
    text = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    text = _BEGINNING.sub(r"\1\\\2", text)
    return _LINKING.sub(r"\1&#8203;\2", text.replace("&", "&amp;"))
