"""One comparison of a query: a field, an operator, and what it is compared with.

A comparison with a field that an entry does not have fails, whichever its operator is. Text is
compared without regard to case, but by regular expressions.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from common.localcloud.errors import invalid
from common.localcloud.logging.fields import Path, found, leaves, path
from common.localcloud.rpc import Json

__all__ = ["SEVERITIES", "anywhere", "comparison", "moment"]

Test = Callable[[Any], bool]
SEVERITIES = (
    "DEFAULT",
    "DEBUG",
    "INFO",
    "NOTICE",
    "WARNING",
    "ERROR",
    "CRITICAL",
    "ALERT",
    "EMERGENCY",
)
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def comparison(field: str, sign: str, value: str) -> Callable[[Json], bool]:
    """Whether an entry's field is as it is said to be. Raises ApiError INVALID_ARGUMENT."""
    where = path(field)
    test = _test(where, sign, value)

    def matches(entry: Json) -> bool:
        there = found(entry, where)
        if there is None and where == ("severity",):
            there = SEVERITIES[0]
        return there is not None and test(there)

    return matches


def anywhere(value: str) -> Callable[[Json], bool]:
    """Whether some field of an entry has the text in it."""
    return _has(value)


def moment(text: str) -> datetime:
    """A time, in UTC where it does not say. Raises ApiError INVALID_ARGUMENT."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise invalid("filter", f"{text!r} is not a time such as 2026-01-31T10:00:00Z.") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _test(where: Path, sign: str, value: str) -> Test:
    if sign in {"=~", "!~"}:
        return _pattern(value, found=sign == "=~")
    if sign == ":":
        return _has(value)
    compare = _ORDER[sign]
    if where == ("severity",):
        rank = _rank(value)
        return lambda there: compare(_rank(str(there)), rank)
    if where in {("timestamp",), ("receiveTimestamp",)}:
        time = moment(value)
        return lambda there: compare(moment(there), time)
    return _plain(compare, value)


def _plain(compare: Callable[[Any, Any], bool], value: str) -> Test:
    def test(there: Any) -> bool:
        if isinstance(there, bool):
            return compare(str(there).lower(), value.lower())
        if isinstance(there, int | float):
            number = _number(value)
            return number is not None and compare(there, number)
        if isinstance(there, list):
            return any(test(each) for each in there)
        return isinstance(there, str) and compare(there.lower(), value.lower())

    return test


def _has(value: str) -> Test:
    """Whether the text is in it; * is in all that is there."""
    wanted = value.lower()
    if wanted == "*":
        return lambda _: True
    return lambda there: any(wanted in str(each).lower() for each in leaves(there))


def _pattern(value: str, *, found: bool) -> Test:
    try:
        pattern = re.compile(value)
    except re.error as error:
        raise invalid("filter", f"{value!r} is not a regular expression: {error}.") from None

    def test(there: Any) -> bool:
        return isinstance(there, str) and bool(pattern.search(there)) is found

    return test


def _rank(value: str) -> int:
    """Of a severity, by its name or its number."""
    name = value.upper()
    if name in SEVERITIES:
        return SEVERITIES.index(name) * 100
    if value.isascii() and value.isdigit():
        return int(value)
    raise invalid("filter", f"{value!r} is not a severity: use one of {', '.join(SEVERITIES)}.")


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
