"""Net, tax and gross: those that add up are believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from jobs.extraction.local.beside import Labelled, beside
from jobs.extraction.local.candidate import Candidate
from jobs.extraction.local.context import Writing
from jobs.extraction.local.kinds import Reader, amounts, reader
from jobs.extraction.local.values import Value
from jobs.extraction.local.values.money import Amount
from jobs.extraction.schema import Kind

__all__ = ["Sums", "amount_of", "sums_of"]

CENT = Decimal("0.02")
"""What rounding each line may add up to."""
MOST = 8
"""Candidates of each that are tried with each other."""
ADDS_UP, CONTRADICTS, LARGE, PAID = 1.2, -0.5, 0.3, 0.35
ALIKE = 0.85
"""Share of the best one's score that others have which are as likely."""
FIVE_CENTS = Decimal("0.05")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sums:
    """What was chosen, and whether it adds up; None where it does not stand there."""

    net: Candidate | None = None
    tax: Candidate | None = None
    gross: Candidate | None = None
    due: Candidate | None = None
    checked: bool | None = None
    """None where there was nothing to check."""


def sums_of(labelled: Labelled, writing: Writing, items: Decimal | None = None) -> Sums:
    """The best set of them; `items` is what the line items add up to."""
    read = reader(Kind.MONEY, "", writing)
    found = {
        concept: _last_of_each(labelled, concepts, read) for concept, concepts in CONCEPTS.items()
    }
    found["tax"] = [*found["tax"][:MOST], *_summed(found["tax"])]
    gross = _gross(labelled, found, writing)
    chosen = max(
        _sets(found["net"], found["tax"], gross), key=lambda trial: _worth(trial, items, found)
    )
    sums = _with_computed(labelled, _rounded(chosen, gross), writing)
    due = max(found["due"], key=lambda one: one.score, default=None)
    return Sums(net=sums[0], tax=sums[1], gross=sums[2], due=due or sums[2], checked=_adds_up(sums))


def _rounded(trial: Trial, all_of_them: list[Candidate]) -> Trial:
    """Where there are no cents any more, a total is said before and after it is rounded."""
    net, tax, gross = trial
    if gross is None or amount_of(gross) % FIVE_CENTS == 0:
        return trial
    near = (
        one
        for one in all_of_them
        if 0 < abs(amount_of(one) - amount_of(gross)) < FIVE_CENTS
        and amount_of(one) % FIVE_CENTS == 0
    )
    return net, tax, max(near, key=lambda one: one.score, default=gross)


CONCEPTS = {
    "net": ("net",), "tax": ("tax", "tax_rate"), "gross": ("gross",), "due": ("due",),
    "more": ("shipping", "tip"), "less": ("discount", "paid", "withheld"), "paid": ("paid",),
}  # fmt: skip
Trial = tuple[Candidate | None, Candidate | None, Candidate | None]


def _gross(
    labelled: Labelled, found: dict[str, list[Candidate]], writing: Writing
) -> list[Candidate]:
    said = [*found["gross"], *(one.scaled(0.88) for one in found["due"])]
    pairs = [(net, tax) for net in found["net"][:3] for tax in found["tax"][:3]]
    together = (_standing(labelled, amount_of(n) + amount_of(t), writing) for n, t in pairs)
    said = said or [one for one in together if one is not None]
    said = said or [one.scaled(0.75) for one in found["net"]]
    return said or [one.scaled(0.35) for one in _largest(labelled, writing, found["paid"])]


def amount_of(candidate: Candidate) -> Decimal:
    """How much a candidate of money says."""
    amount: Amount = candidate.value.value
    return amount.amount


def _last_of_each(labelled: Labelled, concepts: Sequence[str], read: Reader) -> list[Candidate]:
    """Of each label the last amount behind it: those before it are what it was worked out of."""
    found: list[Candidate] = []
    for hit, strength in labelled.named(concepts):
        if hit.in_sentence and hit.concepts[0] == "tax_rate":  # of a fine, too
            continue
        near = list(beside(labelled, hit, strength, read, onward=True))
        if not near:
            continue
        beyond = near[0].relation == "below"
        kept = near[0] if beyond else near[-1]
        found.append(kept.scaled(_lower(labelled, kept)))
    return _strongest(found)


def _strongest(found: list[Candidate]) -> list[Candidate]:
    """Each amount once, the best first."""
    kept: dict[Decimal, Candidate] = {}
    for one in sorted(found, key=lambda one: -one.score):
        kept.setdefault(amount_of(one), one)
    return list(islice(kept.values(), MOST))


def _lower(labelled: Labelled, candidate: Candidate) -> float:
    """Totals stand below, and what is a column's header above is not one."""
    sheet = labelled.view.sheet_of(candidate.segment)
    share = candidate.segment.box.top / max(1.0, sheet.page.height)
    last = candidate.segment.page == labelled.view.sheets[-1].page.number
    return (0.9 + 0.1 * min(1.0, share * 1.5)) * (1.0 if last else 0.97)


def _summed(taxes: list[Candidate]) -> Iterator[Candidate]:
    """Several rates: their amounts together, where no line says so; also without those that are
    less likely a tax than the others."""
    several = [one for one in taxes if amount_of(one) > 0][:4]
    best = max((one.score for one in several), default=0.0)
    alike = [one for one in several if one.score > ALIKE * best]
    if len(several) > 1:
        yield _sum(several)
    if 1 < len(alike) < len(several):
        yield _sum(alike)


def _sum(several: Sequence[Candidate]) -> Candidate:
    total = sum((amount_of(one) for one in several), Decimal(0))
    first = max(several, key=lambda one: one.score)
    value = Value(Amount(total, first.value.value.currency), 0, 0, 1.0, first.value.text)
    score = min(one.score for one in several) * 0.8
    return Candidate(value=value, segment=first.segment, score=score, relation="summed")


def _sets(
    nets: list[Candidate], taxes: list[Candidate], grosses: list[Candidate]
) -> Iterator[Trial]:
    for net in [*nets[:MOST], None]:
        for tax in [*taxes, None]:
            for gross in [*grosses[:MOST], None]:
                yield net, tax, gross


def _worth(trial: Trial, items: Decimal | None, found: dict[str, list[Candidate]]) -> float:
    net, tax, gross = trial
    worth = sum(one.score for one in trial if one is not None)
    if net and tax and gross:
        worth += ADDS_UP if _adds_up(trial) else _nearly(trial, found)
    elif net and gross and not tax and amount_of(net) > amount_of(gross) + CENT:
        worth += CONTRADICTS
    elif tax and gross and abs(amount_of(tax)) >= abs(amount_of(gross)):
        worth += CONTRADICTS * 2
    if gross:  # what the rates of a table add up to is less than all of it
        largest = max(abs(amount_of(one)) for one in (gross, *found["gross"])) or Decimal(1)
        worth += LARGE * float(abs(amount_of(gross)) / largest)
        worth += PAID * (abs(amount_of(gross)) in _paid(found))
    if items is not None:
        worth += 0.6 * any(one and abs(amount_of(one) - items) <= CENT for one in (net, gross))
    return worth


def _paid(found: dict[str, list[Candidate]]) -> set[Decimal]:
    """What was handed over, and that less the change."""
    handed = [abs(amount_of(one)) for one in found["paid"]]
    return {one for one in handed if one} | {
        one - other for one in handed for other in handed if one > other
    }


def _nearly(trial: Trial, found: dict[str, list[Candidate]]) -> float:
    """With shipping on top or a discount taken off."""
    net, tax, gross = trial
    assert net and tax and gross  # noqa: S101, PT018
    gap = amount_of(gross) - amount_of(net) - amount_of(tax)
    more = [amount_of(one) for one in found["more"]]
    less = [abs(amount_of(one)) for one in found["less"]]
    explained = [*more, *(-one for one in less), *(up - down for up in more for down in less)]
    if any(abs(gap - one) <= CENT for one in explained):
        return ADDS_UP * 0.6
    if abs(amount_of(gross) - amount_of(net)) <= CENT:  # the tax is within
        return ADDS_UP * 0.2
    return CONTRADICTS


def _adds_up(trial: Trial) -> bool | None:
    net, tax, gross = trial
    if not (net and tax and gross):
        return None
    return abs(amount_of(net) + amount_of(tax) - amount_of(gross)) <= CENT


def _with_computed(labelled: Labelled, trial: Trial, writing: Writing) -> Trial:
    """One that no label says, but the other two do, where it stands somewhere."""
    net, tax, gross = trial
    if net and tax and not gross:
        return net, tax, _standing(labelled, amount_of(net) + amount_of(tax), writing)
    if net and gross and not tax and amount_of(gross) > amount_of(net):
        return net, _standing(labelled, amount_of(gross) - amount_of(net), writing), gross
    if tax and gross and not net:
        return _standing(labelled, amount_of(gross) - amount_of(tax), writing), tax, gross
    return trial


def _standing(labelled: Labelled, amount: Decimal, writing: Writing) -> Candidate | None:
    for candidate in _all(labelled, writing):
        if amount_of(candidate) == amount and amount != 0:
            return candidate
    return None


def _largest(labelled: Labelled, writing: Writing, paid: list[Candidate]) -> list[Candidate]:
    """Of all that stands there but what was handed over."""
    handed = {amount_of(one) for one in paid}
    every = sorted(_all(labelled, writing), key=amount_of)
    rest = [one for one in every if amount_of(one) not in handed]
    return (rest or every)[-1:]


def _all(labelled: Labelled, writing: Writing) -> Iterator[Candidate]:
    for segment in labelled.view.segments[:5000]:
        if any(character.isdigit() for character in segment.text):
            for value in amounts(segment.text, writing):
                if value.quality >= 0.85:
                    yield Candidate(value=value, segment=segment, score=0.75, relation="computed")
