"""The whole analysis: read, answer, set."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from common.gemini.choice import chosen
from common.media.kept import kept
from jobs.analysis.gathering import Gathered, gather
from jobs.analysis.labels import labels
from jobs.analysis.markdown import markdown
from jobs.analysis.params import Analysed
from jobs.analysis.report import Answer, Report, Statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from common.media.kept import Media
    from common.runtime import Context
    from jobs.analysis.params import AnalysisParams

__all__ = ["produce"]

_VARIABLE = "ANALYSIS_PROVIDER"
_WARNINGS = 50


def produce(params: AnalysisParams, run: Context) -> Analysed:
    """Answer the question. Raises what gathering raises, and the errors of Gemini."""
    provider = chosen(params.provider, os.environ, _VARIABLE)
    gathered = gather(params, run)
    run.progress(0.6, "Answering")
    warn = [*dict.fromkeys(gathered.warnings)]
    answer, model, usage = _answered(provider, gathered, params, run, warn)
    run.progress(0.9, "Setting the report")
    report = Report(
        title=_line(params.title or params.question),
        question=_line(params.question),
        date=f"{run.documents.now():%Y-%m-%d}",
        language=params.language,
        provider=model,
        answer=answer,
        sources=gathered.sources,
        warnings=tuple(warn[:_WARNINGS]),
    )
    paper = _paper(report, run, warn)
    warn += [f"{each.name} was not read: {each.why}" for each in gathered.sources if each.why]
    file = run.folder / "report.md"
    file.write_text(markdown(report), encoding="utf-8")
    run.log.info(
        "The report is written.",
        action="analysed",
        provider=provider,
        sources=sum(not each.why for each in gathered.sources),
        citations=len(answer.citations),
    )
    return Analysed(
        answer=_text(answer.short) or labels(params.language)["nothing"],
        citations=[*answer.citations],
        sources=[*gathered.sources],
        unanswered=[*answer.unanswered],
        provider=provider,
        model=model or None,
        usage=usage,
        markdown=kept(run, file, "text/markdown"),
        pdf=paper,
        warnings=warn[:_WARNINGS],
    )


def _answered(
    provider: str, gathered: Gathered, params: AnalysisParams, run: Context, warn: list[str]
) -> tuple[Answer, str, Mapping[str, int] | None]:
    if provider == "local":
        from jobs.analysis.local import answered

        found = answered(gathered, params.question)
        if found.unanswered:
            terms = labels(params.language)["unanswered_terms"].format(", ".join(found.unanswered))
            found = replace(found, unanswered=(terms,))
        return found, "", None
    from jobs.analysis.by_gemini import answered_by_gemini

    return answered_by_gemini(gathered, params, run, warn)


def _paper(report: Report, run: Context, warn: list[str]) -> Media:
    from jobs.analysis.pdf import write_pdf

    file = run.folder / "report.pdf"
    missing = write_pdf(report, file, run.documents.now())
    if missing:
        some = "".join(sorted(missing)[:20])
        warn.append(
            f"{len(missing)} characters ({some}) are '?' in the PDF, whose letters have none of "
            "them; the Markdown has them."
        )
    return kept(run, file, "application/pdf")


def _line(text: str) -> str:
    return " ".join(text.split())


def _text(statements: Sequence[Statement]) -> str:
    return " ".join(
        f"{each.text}{''.join(f' [{number}]' for number in each.cites)}" for each in statements
    )
