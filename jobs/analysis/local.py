"""The answer made here: the sentences that say most, in their sources' own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobs.analysis.figures import figures_in, numbers_in
from jobs.analysis.gathering import Gathered
from jobs.analysis.ranking import Hit, Index, is_whole
from jobs.analysis.report import Answer, Citations, Figure, Finding, Statement
from jobs.analysis.terms import terms_of, words_of

__all__ = ["answered"]

_SHORT = 3
_FINDINGS = 14
_OF_ONE = 5
"""Findings of one source at most, where there are several."""
_FIGURES = 8
_LIKE = 0.7
"""Words that two sentences share, of which one is left out."""
_LEAST = 0.12
"""Of the best one's score: what says less is no finding."""
_QUOTE = 400


def answered(gathered: Gathered, question: str) -> Answer:
    """The answer; without statements where the sources say nothing about it."""
    terms = terms_of(question)
    with Index(gathered.passages) as index:
        chosen = _chosen(index.hits(terms), len(gathered.sources))
        missing = index.missing(terms)
    # A heading says what is spoken of, and nothing of it.
    chosen.sort(key=lambda hit: not is_whole(hit.text))
    citations = Citations()
    short = tuple(_statement(hit, citations) for hit in chosen[:_SHORT])
    findings = tuple(_findings(chosen[_SHORT:], citations, gathered))
    return Answer(
        short=short,
        findings=findings,
        figures=tuple(_figures([*short, *(each for part in findings for each in part.statements)])),
        unanswered=tuple(missing),
        citations=citations.all,
    )


def _chosen(hits: Sequence[Hit], sources: int) -> list[Hit]:
    """The best ones, none of which says what another one said."""
    chosen: list[Hit] = []
    told: list[str] = []
    most = _OF_ONE if sources > 1 else _FINDINGS
    for hit in hits:
        of_one = sum(each.passage.source == hit.passage.source for each in chosen)
        if hit.score < _LEAST * hits[0].score or len(chosen) == _FINDINGS:
            break
        if of_one < most and not any(_alike(hit.text, other) for other in told):
            chosen.append(hit)
            told.append(hit.text)
    return chosen


def _alike(text: str, other: str) -> bool:
    """Whether a text has mostly words of another one, and no number that is not there."""
    words, others = set(words_of(text)), set(words_of(other))
    shared = len(words & others) >= _LIKE * max(1, min(len(words), len(others)))
    return shared and numbers_in(text) <= numbers_in(other)


def _statement(hit: Hit, citations: Citations) -> Statement:
    text = hit.text if len(hit.text) <= _QUOTE else hit.text[: _QUOTE - 1].rstrip() + "…"
    number = citations.of(hit.passage.source, hit.passage.page, text)
    return Statement(text=text, cites=(number,))


def _findings(hits: Sequence[Hit], citations: Citations, gathered: Gathered) -> Iterator[Finding]:
    """By their sources, in the order in which they stand there."""
    for source in gathered.sources:
        ours = [hit for hit in hits if hit.passage.source == source.number]
        ours.sort(key=lambda hit: (hit.passage.number, hit.at))
        if ours:
            statements = tuple(_statement(hit, citations) for hit in ours)
            yield Finding(heading=source.name, statements=statements)


def _figures(statements: Sequence[Statement]) -> Iterator[Figure]:
    seen: set[str] = set()
    found = 0
    for statement in statements:
        values = [each for each in dict.fromkeys(figures_in(statement.text)) if each not in seen]
        seen.update(values)
        if values and found < _FIGURES:
            found += 1
            yield Figure(values=tuple(values[:_OF_ONE]), context=statement)
