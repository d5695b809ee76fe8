"""What is to be unpacked of an archive: decided by its directory alone, before any of it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from jobs.zip_unpack.central import entries
from jobs.zip_unpack.checks import Limits, entry_fault
from jobs.zip_unpack.ends import End, find_end
from jobs.zip_unpack.entry import Entry
from jobs.zip_unpack.errors import BadArchive, BadMember
from jobs.zip_unpack.names import clashes, path_of
from jobs.zip_unpack.ranges import bounds

__all__ = ["Member", "Plan", "Skipped", "make_plan"]


class Skipped(NamedTuple):
    """A member that is left out."""

    name: str
    reason: str


class Member(NamedTuple):
    """A member that is to be unpacked."""

    entry: Entry
    path: str
    """Below the destination."""
    limit: int
    """Where in the archive it must have ended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What an archive holds."""

    members: Sequence[Member]
    """By their places in the archive."""
    skipped: Sequence[Skipped]
    bytes: int
    """Of the members, unpacked."""


def make_plan(  # noqa: PLR0913 - what a plan depends on
    reader: BinaryIO,
    name: str,
    limits: Limits,
    *,
    skip: bool,
    below: str = "",
    taken: Sequence[str] = (),
) -> Plan:
    """The plan of the archive called `name`, its members' paths `below` a folder.

    `taken` are paths that members of other archives have. Raises BadArchive, and BadMember unless
    bad members are to be skipped.
    """
    end = find_end(reader, name)
    if end.members > limits.files:
        raise BadArchive(name, f"it has {end.members:,} members, of at most {limits.files:,}")
    found = [*entries(reader, end, name)]
    limit_of, faults = _faults(found, end, limits, below, taken)
    if faults and not skip:
        first = min(faults)
        raise BadMember(name, found[first].name, faults[first], others=len(faults) - 1)
    return _plan(found, limit_of, faults, below)


def _faults(
    found: Sequence[Entry], end: End, limits: Limits, below: str, taken: Sequence[str]
) -> tuple[list[int], dict[int, str]]:
    """Where each must have ended, and why which are bad, by their numbers."""
    faults = {
        number: why for number, entry in enumerate(found) if (why := entry_fault(entry, limits))
    }
    limit_of, overlaps = bounds(found, end)
    paths = [(number, below + path_of(entry.name)) for number, entry in enumerate(found)]
    clashing = clashes([*paths, *((-1 - number, path) for number, path in enumerate(taken))])
    for more in (overlaps, {number: why for number, why in clashing.items() if number >= 0}):
        for number, why in more.items():
            faults.setdefault(number, why)
    return limit_of, faults


def _plan(
    found: Sequence[Entry], limit_of: Sequence[int], faults: dict[int, str], below: str
) -> Plan:
    members = [
        Member(entry, below + path_of(entry.name), limit_of[number])
        for number, entry in enumerate(found)
        if number not in faults and not entry.name.endswith("/")
    ]
    members.sort(key=lambda member: member.entry.offset)
    skipped = [Skipped(found[number].name, why) for number, why in sorted(faults.items())]
    total = sum([member.entry.size for member in members])
    return Plan(members=members, skipped=skipped, bytes=total)
