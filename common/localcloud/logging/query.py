"""Which entries are wanted: tests of an entry, joined, and what follows from them.

matches  whether an entry is wanted
equal    fields, by their paths, that can have one value only: by them entries are found sooner
since    from before which none is wanted, if so
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from common.localcloud.logging.comparing import anywhere, comparison, moment
from common.localcloud.logging.fields import Path, path
from common.localcloud.rpc import Json

__all__ = ["ALL", "Query", "all_of", "any_of", "compared", "having", "not_"]


@dataclass(frozen=True, slots=True)
class Query:
    """A test, and what follows from it."""

    matches: Callable[[Json], bool]
    equal: dict[Path, str] = field(default_factory=dict)
    since: datetime | None = None


ALL = Query(lambda _: True)


def compared(field: str, sign: str, value: str) -> Query:
    """One comparison. Raises ApiError INVALID_ARGUMENT."""
    matches = comparison(field, sign, value)
    if field == "timestamp" and sign in {">", ">=", "="}:
        return Query(matches, since=moment(value))
    return Query(matches, {path(field): value} if sign == "=" else {})


def having(text: str) -> Query:
    """The text is in it somewhere."""
    return Query(anywhere(text))


def all_of(terms: Sequence[Query]) -> Query:
    """AND."""
    equal = {name: value for term in terms for name, value in term.equal.items()}
    since = max((term.since for term in terms if term.since), default=None)
    return Query(lambda entry: all(term.matches(entry) for term in terms), equal, since)


def any_of(terms: Sequence[Query]) -> Query:
    """OR."""
    if len(terms) == 1:
        return terms[0]
    return Query(lambda entry: any(term.matches(entry) for term in terms))


def not_(term: Query) -> Query:
    """NOT."""
    return Query(lambda entry: not term.matches(entry))
