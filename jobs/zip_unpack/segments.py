"""An archive in parts that one thread unpacks in one go: some small members, or one large one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jobs.zip_unpack.plan import Member

__all__ = ["Outcome", "Segment", "from_json", "segments", "to_json"]

_MEMBERS = 64
_BYTES = 4 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """Some members that follow each other in the archive."""

    number: int
    first: int
    """The number of its first member in the plan."""
    members: Sequence[Member]
    bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of a segment's members, by their numbers in the plan."""

    sha256: dict[int, str] = field(default_factory=dict)
    """Of those that are staged."""
    bad: dict[int, str] = field(default_factory=dict)
    """Why others are not."""


def to_json(outcomes: Mapping[int, Outcome]) -> bytes:
    """What became of segments, by their numbers, for a note."""
    rows = [
        [number, [*outcome.sha256.items()], [*outcome.bad.items()]]
        for number, outcome in outcomes.items()
    ]
    return json.dumps(rows).encode()


def from_json(text: bytes) -> dict[int, Outcome]:
    """What `to_json` made."""
    return {
        number: Outcome(sha256=dict(sha256), bad=dict(bad))
        for number, sha256, bad in json.loads(text)
    }


def segments(members: Sequence[Member]) -> list[Segment]:
    """All members, in segments in the archive's order."""
    found: list[Segment] = []
    first, total = 0, 0
    for number, member in enumerate(members):
        if number > first and (number - first >= _MEMBERS or total + member.entry.size > _BYTES):
            found.append(_segment(len(found), first, members[first:number], total))
            first, total = number, 0
        total += member.entry.size
    if members:
        found.append(_segment(len(found), first, members[first:], total))
    return found


def _segment(number: int, first: int, members: Sequence[Member], total: int) -> Segment:
    return Segment(number=number, first=first, members=members, bytes=total)
