"""Findings, as the job has them, from candidates."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from statistics import mean
from typing import Any

from jobs.extraction.found import Found
from jobs.extraction.local.candidate import Candidate
from jobs.extraction.local.confidence import calibrated
from jobs.extraction.local.context import Writing
from jobs.extraction.local.items import Item, Items
from jobs.extraction.local.items.read import amount_in
from jobs.extraction.local.sums import Sums, amount_of
from jobs.extraction.local.values import Value
from jobs.extraction.local.values.dates import Written
from jobs.extraction.local.values.money import Amount, currencies, money_json
from jobs.extraction.local.values.numbers import as_json
from jobs.extraction.local.view import View
from jobs.extraction.schema import Field, Kind

__all__ = ["group_of", "written", "written_currency", "written_rows"]

CENT = Decimal("0.05")


def written(candidate: Candidate, field: Field, concept: str, writing: Writing) -> Found | None:
    """A candidate as a finding of a field."""
    value = _as_kind(candidate.value.value, field.kind, writing)
    if value is None:
        return None
    score = candidate.score * _surety(candidate.value.value, writing)
    return Found(
        value=value,
        confidence=calibrated(score, group_of(concept)),
        page=candidate.segment.page,
        text=candidate.value.text or candidate.segment.text,
    )


def written_currency(said: Candidate | None, view: View, writing: Writing) -> Found | None:
    """What a label says it is, or that of most amounts."""
    if said is not None and said.score > 0.7:
        score, code, segment = said.score, str(said.value.value), said.segment
    elif writing.currency:
        score, code = 0.6 + 0.38 * writing.currency_surety, writing.currency
        naming = [one for one in view.segments if code in set(currencies(one.text))]
        segment = naming[0] if naming else next(one for one in view.segments if "$" in one.text)
    else:
        return None
    confidence = calibrated(score, group_of("currency"))
    return Found(value=code, confidence=confidence, page=segment.page, text=segment.text)


def written_rows(
    items: Items, columns: Mapping[str, Field], writing: Writing, sums: Sums | None
) -> Found | None:
    """Rows as one finding, with one for each cell."""
    if not items.items:
        return None
    whole = _adds_up(items, sums)
    rows = [_row(item, columns, writing, whole=whole, headed=items.headed) for item in items.items]
    rows = [row for row in rows if row]
    if not rows:
        return None
    objects = [{name: one.value for name, one in row.items()} for row in rows]
    confidence = mean(one.confidence for row in rows for one in row.values())
    first = next(iter(items.items[0].where.values()))
    return Found(
        value=objects,
        confidence=round(confidence, 2),
        page=first.page,
        text=first.text,
        rows=tuple(rows),
    )


def _row(
    item: Item, columns: Mapping[str, Field], writing: Writing, *, whole: bool | None, headed: bool
) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for concept, field in columns.items():
        value = item.values.get(concept)
        if value is None:
            continue
        shown = _as_kind(value.value, field.kind, writing)
        if shown is not None:
            score = _cell_score(item, concept, value, whole=whole, headed=headed)
            found[field.name] = Found(
                value=shown,
                confidence=calibrated(score, group_of(concept)),
                page=item.where[concept].page,
                text=value.text,
            )
    return found


def _cell_score(
    item: Item, concept: str, value: Value, *, whole: bool | None, headed: bool
) -> float:
    score = (0.82 if headed else 0.6) * (0.7 + 0.3 * value.quality)
    score *= 0.5 + 0.5 * item.where[concept].certainty
    if concept in {"item.quantity", "item.unit_price", "item.amount"}:
        score += {True: 0.15, False: -0.25, None: 0.0}[item.multiplies]
    return score + {True: 0.1, False: -0.08, None: 0.0}[whole]


def _adds_up(items: Items, sums: Sums | None) -> bool | None:
    """Whether the rows add up to net or to gross."""
    total = items.total
    if sums is None or total is None:
        return None
    known = [amount_of(one) for one in (sums.net, sums.gross) if one is not None]
    return any(abs(total - one) <= CENT for one in known) if known else None


def _surety(value: Any, writing: Writing) -> float:
    """Less where a date may mean another day."""
    return writing.order_surety if isinstance(value, Written) and value.other else 1.0


def _as_kind(value: Any, kind: Kind, writing: Writing) -> Any:
    if isinstance(value, Written):
        return value.date.isoformat() if kind in {Kind.DATE, Kind.TEXT} else None
    if kind is Kind.MONEY:
        amount = value if isinstance(value, Amount) else Amount(Decimal(str(value)))
        return money_json(amount, writing.currency)
    if kind in {Kind.NUMBER, Kind.INTEGER, Kind.PERCENT}:
        return _number(value, kind)
    if kind is Kind.BOOLEAN:
        return value if isinstance(value, bool) else None
    if isinstance(value, Amount):
        return str(value.amount)
    return str(value) if not isinstance(value, str) else value


def _number(value: Any, kind: Kind) -> int | float | None:
    number = amount_in(Value(value, 0, 0))
    if number is None:
        return None
    shown = as_json(number)
    return shown if kind is not Kind.INTEGER or isinstance(shown, int) else None


def group_of(concept: str) -> str:
    """Which findings a concept's are measured with."""
    if concept in {"net", "tax", "gross", "due"}:
        return "sums"
    if concept in {"seller", "buyer", "seller_address", "buyer_address"}:
        return "parties"
    if concept.startswith("item."):
        return "items"
    if concept.endswith("_date") or concept.startswith("service_"):
        return "dates"
    return "labels"
