"""In what a resource differs from what is wanted of it, and what to send to mend that.

Only what is wanted is compared, since services fill in the rest. Lists are wanted as wholes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["Change", "differences", "merged"]

Json = dict[str, Any]

_PROCESSORS = re.compile(r"([0-9]{1,6})(m?)")
_DURATION = re.compile(r"-?[0-9]+(?:\.[0-9]+)?s")
_EITHER = ({"oauthToken", "oidcToken"},)
"""Fields of which an API takes only one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A field that is not as it shall be."""

    field: str
    """Like template.containers[0].env[NAME].value."""
    old: Any
    """None where it is not there."""
    new: Any
    """None where it shall not be there."""


def differences(wanted: Json, found: Json) -> list[Change]:
    """The fields to be changed, in the order in which they are wanted."""
    return list(_differences(wanted, found, ""))


def merged(wanted: Any, found: Any) -> Any:
    """What is found with what is wanted in its place: to send where an API replaces all of a
    resource, so that what others put there stays."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        instead = {name for those in _EITHER if those & wanted.keys() for name in those}
        kept = {name: value for name, value in found.items() if name not in instead}
        return {**kept, **{name: merged(value, found.get(name)) for name, value in wanted.items()}}
    if _in_step(wanted, found):
        return [merged(*pair) for pair in zip(wanted, found, strict=True)]
    return wanted


def _differences(wanted: Any, found: Any, field: str) -> Iterator[Change]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name, value in wanted.items():
            yield from _differences(value, found.get(name), f"{field}.{name}".lstrip("."))
    elif isinstance(wanted, list) and _named(wanted) and _named(found or []):
        yield from _by_name(wanted, found or [], field)
    elif _in_step(wanted, found):
        for index, pair in enumerate(zip(wanted, found, strict=True)):
            yield from _differences(*pair, f"{field}[{index}]")
    elif not _same(wanted, found):
        yield Change(field=field, old=found, new=wanted)


def _by_name(wanted: list[Json], found: list[Json], field: str) -> Iterator[Change]:
    """As of environment variables: their order says nothing, and one more is a difference."""
    new, old = ({each["name"]: each for each in those} for those in (wanted, found))
    for name in {**new, **old}:
        path = f"{field}[{name}]"
        if name in new and name in old:
            yield from _exactly(new[name], old[name], path)
        else:
            yield Change(field=path, old=_value(old.get(name)), new=_value(new.get(name)))


def _exactly(wanted: Json, found: Json, field: str) -> Iterator[Change]:
    """A variable's value is text, and it has that or else a reference."""
    for name in {**found, **wanted}:
        new, old = wanted.get(name), found.get(name)
        if isinstance(new, dict) and isinstance(old, dict):
            yield from _differences(new, old, f"{field}.{name}")
        elif (new or None) != (old or None):
            yield Change(field=f"{field}.{name}", old=old, new=new)


def _value(element: Json | None) -> Any:
    """All that there is to an element beside its name."""
    if element is None:
        return None
    rest = {name: value for name, value in element.items() if name != "name"}
    return next(iter(rest.values())) if len(rest) == 1 else rest


def _named(those: Any) -> bool:
    return isinstance(those, list) and all(isinstance(it, dict) and "name" in it for it in those)


def _in_step(wanted: Any, found: Any) -> bool:
    """Lists of which each element stands for the one in its place: those of containers."""
    return (
        isinstance(wanted, list)
        and isinstance(found, list)
        and len(wanted) == len(found)
        and all(isinstance(it, dict) and "name" not in it for it in wanted)
        and all(isinstance(it, dict) for it in found)
    )


def _same(wanted: Any, found: Any) -> bool:
    """What is left out of JSON is the same as what is empty, and a number as its text."""
    if not wanted and not found:
        return True
    if isinstance(wanted, str) and isinstance(found, str):
        return wanted == found or _quantity(wanted) == _quantity(found) is not None
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    if isinstance(wanted, int | float | str) and isinstance(found, int | float | str):
        return str(wanted) == str(found) or _number(wanted) == _number(found) is not None
    return bool(wanted == found)


def _quantity(text: str) -> tuple[str, float] | None:
    """A duration, or processors, which may be told in thousandths: 1000m."""
    if found := _DURATION.fullmatch(text):
        return "seconds", float(found[0][:-1])
    if found := _PROCESSORS.fullmatch(text):
        return "processors", float(found[1]) / (1000 if found[2] else 1)
    return None


def _number(value: float | str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
