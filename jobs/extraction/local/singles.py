"""Fields that are one value beside one label."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from jobs.extraction.local.beside import Labelled, beside
from jobs.extraction.local.candidate import Candidate, best
from jobs.extraction.local.context import Writing
from jobs.extraction.local.kinds import Reader, reader
from jobs.extraction.local.values.contact import emails, phones
from jobs.extraction.local.values.dates import Written, dates
from jobs.extraction.local.values.ids import ibans
from jobs.extraction.schema import Field, Kind

__all__ = ["single"]

UNLABELLED = {
    Kind.EMAIL: 0.7, Kind.PHONE: 0.5, Kind.URL: 0.6,
}  # fmt: skip


def single(
    labelled: Labelled, field: Field, concept: str, writing: Writing, kind: Kind | None = None
) -> Candidate | None:
    """The best value of a field; `kind` where it is looked for as another one."""
    kind = kind or field.kind
    read = reader(kind, concept, writing, field)
    accepts = CHECKS.get(concept, CHECKS.get(kind, _any))
    candidates = [
        one
        for hit, strength in labelled.named((concept,))
        for one in beside(labelled, hit, strength, read)
        if accepts(one.value.value, one)
    ]
    found = best(_weighed(candidates))
    if found or concept != "invoice_date":
        return found or _without_label(labelled, field, concept, kind, read)
    return _first_date(labelled, writing)


def _weighed(candidates: list[Candidate]) -> list[Candidate]:
    """The first of a label's values counts most, and what stands higher a little more."""
    seen: set[int] = set()
    weighed = []
    for place, one in enumerate(candidates):
        later = id(one.hit) in seen
        seen.add(id(one.hit))
        factor = (0.7 if later else 1.0) * (1.0 - 0.004 * min(place, 20))
        weighed.append(one.scaled(factor))
    return weighed


def _without_label(
    labelled: Labelled, field: Field, concept: str, kind: Kind, read: Reader
) -> Candidate | None:
    """What is known by its looks alone."""
    if concept == "iban":
        return best(list(_anywhere(labelled, ibans, 0.92)))
    if kind in UNLABELLED:
        return next(_anywhere(labelled, read, UNLABELLED[kind]), None)
    if field.choices:
        return next(_anywhere(labelled, read, 0.6), None)
    if concept == "time":
        return next(_anywhere(labelled, read, 0.6), None)
    return None


def _anywhere(labelled: Labelled, read: Callable[[str], Any], score: float) -> Iterator[Candidate]:
    for segment in labelled.view.segments[:3000]:
        for value in read(segment.text):
            yield Candidate(value=value, segment=segment, score=score * value.quality)


def _first_date(labelled: Labelled, writing: Writing) -> Candidate | None:
    """The first that no label says is another one."""
    for segment in labelled.view.segments[:1500]:
        hits = labelled.of_segment(segment)
        if any(hit.meanings[0].concept in OTHER_DATES for hit in hits):
            continue
        for value in dates(segment.text, writing.order):
            score = 0.6 * value.quality if len(segment.text) < 60 else 0.4
            return Candidate(value=value, segment=segment, score=score)
    return None


OTHER_DATES = {"due_date", "delivery_date", "order_date", "print_date", "service_period"}


def _any(value: Any, candidate: Candidate) -> bool:  # noqa: ARG001
    return True


def _is_number_of_paper(value: Any, candidate: Candidate) -> bool:
    """Not a date, an account, a phone number or an amount, as may stand beside a label as well."""
    text = str(value)
    bare = text.replace(" ", "")
    if any(len(found.text) >= len(text) for found in dates(text)) and not bare.isdigit():
        return False
    if any(True for _ in ibans(bare)) or (len(bare) < 2 and candidate.score < 0.9):
        return False
    around = candidate.segment.text
    if any(found.value == text for found in emails(around)):
        return False
    return not any(phone.quality == 1.0 and text in phone.text for phone in phones(around))


def _is_plausible_date(value: Any, candidate: Candidate) -> bool:  # noqa: ARG001
    written: Written = value
    return date(1970, 1, 1) <= written.date <= date(2100, 1, 1)


def _is_text(value: Any, candidate: Candidate) -> bool:  # noqa: ARG001
    return len(str(value)) > 1 and any(character.isalpha() for character in str(value))


CHECKS: dict[Any, Callable[[Any, Candidate], bool]] = {
    "invoice_number": _is_number_of_paper, "order_number": _is_number_of_paper,
    "customer_number": _is_number_of_paper, "delivery_note_number": _is_number_of_paper,
    "contract_number": _is_number_of_paper, Kind.DATE: _is_plausible_date,
    "payment_terms": _is_text, "payment_method": _is_text,
}  # fmt: skip
