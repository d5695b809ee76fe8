"""What is to be unpacked of an archive: decided by its directory alone, before any of it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from common.blobs.paths import fault
from jobs.zip_unpack.central import entries
from jobs.zip_unpack.checks import Limits, entry_fault
from jobs.zip_unpack.ends import End, find_end
from jobs.zip_unpack.entry import Entry
from jobs.zip_unpack.errors import BadArchive, BadMember
from jobs.zip_unpack.names import MOST_FOLDERS, Paths, TooManyFolders, clashes, path_of
from jobs.zip_unpack.ranges import bounds

__all__ = ["Member", "Plan", "Skipped", "make_plan"]

_DIRECTORY, _ENTRY = 16 << 20, 256
"""Bytes that a directory may have: in any case, and for each member that there may be. All of it
is in memory, and names and extra fields of 64 KiB each would fill that."""
_SURELY_SHORT = 255


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
    root: str = "",
    below: str = "",
    taken: Paths | None = None,
) -> Plan:
    """The plan of the archive called `name`, its members' paths `below` a folder below `root`.

    `taken` are paths that members of other archives have. Raises BadArchive, and BadMember unless
    bad members are to be skipped.
    """
    end = _end(reader, name, limits)
    found = [*entries(reader, end, name)]
    paths = [(number, below + path_of(entry.name)) for number, entry in enumerate(found)]
    limit_of, faults = _faults(found, end, limits)
    try:
        clashing = clashes(paths, taken or Paths())
    except TooManyFolders:
        raise BadArchive(name, f"it has more than {MOST_FOLDERS:,} folders") from None
    for more in (_too_long(root, paths), clashing):
        for number, why in more.items():
            faults.setdefault(number, why)
    if faults and not skip:
        first = min(faults)
        raise BadMember(name, found[first].name, faults[first], others=len(faults) - 1)
    return _plan(found, limit_of, faults, below)


def _end(reader: BinaryIO, name: str, limits: Limits) -> End:
    end = find_end(reader, name)
    if end.members > limits.files:
        raise BadArchive(name, f"it has {end.members:,} members, of at most {limits.files:,}")
    size, most = end.stop - end.start, max(_DIRECTORY, _ENTRY * limits.files)
    if size > most:
        raise BadArchive(name, f"its directory has {size:,} bytes, of at most {most:,}")
    return end


def _faults(found: Sequence[Entry], end: End, limits: Limits) -> tuple[list[int], dict[int, str]]:
    """Where each must have ended, and why which are bad, by their numbers."""
    faults = {
        number: why for number, entry in enumerate(found) if (why := entry_fault(entry, limits))
    }
    limit_of, overlaps = bounds(found, end)
    for number, why in overlaps.items():
        faults.setdefault(number, why)
    return limit_of, faults


def _too_long(root: str, paths: Sequence[tuple[int, str]]) -> dict[int, str]:
    """Which paths are none where they belong, for all that their names are paths."""
    room = _SURELY_SHORT - len(root)
    return {
        number: f"no file can be called so at its destination: {why}"
        for number, path in paths
        if len(path) > room and (why := fault(root + path.removesuffix("/")))
    }


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
