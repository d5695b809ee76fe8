"""Reads samples, searches them and counts."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from benchmarks.extraction.judge import Verdict, judge
from benchmarks.extraction.sample import Sample
from common.reading.document import Document
from jobs.extraction.local import extract
from jobs.extraction.schemas import builtin

__all__ = ["Count", "Measured", "measure", "read_file"]


@dataclass
class Count:
    """How many were to be found, were found, and were found right."""

    expected: int = 0
    found: int = 0
    right: int = 0

    def add(self, verdict: Verdict) -> None:
        self.expected += verdict.expected is not None
        self.found += verdict.found is not None
        self.right += verdict.right

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass
class Measured:
    """All counts of some samples."""

    documents: int = 0
    pages: int = 0
    seconds: float = 0.0
    """Of the search, without reading."""
    others: list[str] = field(default_factory=list)
    """Samples whose truth is of another paper, and so were not counted."""
    fields: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    groups: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    verdicts: list[tuple[str, Verdict]] = field(default_factory=list)

    @property
    def all(self) -> Count:
        total = Count()
        for _, verdict in self.verdicts:
            total.add(verdict)
        return total


def read_file(sample: Sample) -> Document:
    """As the job reads it."""
    from common.reading import read

    return read(sample.file, name=sample.file.name)


def measure(samples: Iterable[Sample], read: Callable[[Sample], Document] = read_file) -> Measured:
    """Every sample, one after the other."""
    measured = Measured()
    for sample in samples:
        document = read(sample)
        if not _is_of(sample, document):
            measured.others.append(sample.name)
            continue
        began = time.process_time()
        found = extract(document, builtin(sample.schema))
        measured.seconds += time.process_time() - began
        measured.documents += 1
        measured.pages += len(document.pages)
        for verdict in judge(sample.truth, found):
            measured.fields[verdict.field].add(verdict)
            measured.groups[sample.group].add(verdict)
            measured.verdicts.append((sample.name, verdict))
    return measured


def _is_of(sample: Sample, document: Document) -> bool:
    """Some public PDFs carry the XML of another invoice: where the number or the total of
    the XML does not stand on the paper, nothing can be said."""
    number, total = sample.truth.get("invoice_number"), sample.truth.get("total")
    if sample.file.suffix != ".pdf" or not isinstance(number, str) or not isinstance(total, float):
        return True
    digits = re.sub(r"\D", "", document.text)
    return _bare(number) in _bare(document.text) and re.sub(r"\D", "", f"{total:.2f}") in digits


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())
