"""What a report says, however it is set."""

from __future__ import annotations

from dataclasses import dataclass, field

from jobs.analysis.labels import labels
from jobs.analysis.params import Cited, Source

__all__ = ["Answer", "Citations", "Figure", "Finding", "Passage", "Report", "Statement"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A few sentences of one page of a source."""

    number: int
    """From 1, over all sources."""
    source: int
    page: int
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(self.sentences)


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """A sentence of the answer."""

    text: str
    cites: tuple[int, ...] = ()
    """Numbers of citations."""
    flaw: bool = False
    """Whether the sources, as far as they were looked up, do not bear it out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Statements under one heading."""

    heading: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """Numbers and dates, and the sentence that tells them."""

    values: tuple[str, ...]
    context: Statement


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """All that is answered."""

    short: tuple[Statement, ...]
    findings: tuple[Finding, ...] = ()
    figures: tuple[Figure, ...] = ()
    unanswered: tuple[str, ...] = ()
    citations: tuple[Cited, ...] = ()


@dataclass(slots=True)
class Citations:
    """Numbers for what is cited: the same words of the same page have one number."""

    _numbers: dict[tuple[int, int, str], int] = field(default_factory=dict)

    def of(self, source: int, page: int, quote: str) -> int:
        """The number of a citation."""
        return self._numbers.setdefault((source, page, quote), len(self._numbers) + 1)

    @property
    def all(self) -> tuple[Cited, ...]:
        """By their numbers."""
        return tuple(
            Cited(n=number, source=source, page=page, quote=quote)
            for (source, page, quote), number in self._numbers.items()
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What is set."""

    title: str
    question: str
    date: str
    language: str
    provider: str
    answer: Answer
    sources: tuple[Source, ...]
    warnings: tuple[str, ...] = ()

    def place(self, cited: Cited) -> str:
        """Where something stands: the page too, where there are several."""
        source = self.sources[cited.source - 1]
        page = labels(self.language)["page"].format(cited.page)
        return f"{source.name}, {page}" if source.pages > 1 else source.name
