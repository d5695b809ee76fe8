"""Where in the file members are: no two at the same place, and none in the directory."""

from __future__ import annotations

from collections.abc import Sequence

from jobs.zip_unpack.ends import End
from jobs.zip_unpack.entry import Entry

__all__ = ["LOCAL_HEADER", "bounds"]

LOCAL_HEADER = 30
"""Bytes of a local header without the name and the extra fields."""


def bounds(entries: Sequence[Entry], end: End) -> tuple[list[int], dict[int, str]]:
    """Where each member must have ended, and why some overlap, by their numbers.

    A member takes at least its header, its name and its data. What its own extra fields add is only
    known when they are read: then the bound holds it.
    """
    order = sorted(range(len(entries)), key=lambda number: entries[number].offset)
    limits = [end.start] * len(entries)
    faults: dict[int, str] = {}
    furthest, whose = end.shift, -1
    for place, number in enumerate(order):
        entry = entries[number]
        stop = entry.offset + LOCAL_HEADER + len(entry.raw) + entry.packed
        if place + 1 < len(order):
            limits[number] = min(end.start, entries[order[place + 1]].offset)
        if stop > end.start:
            faults[number] = "its data reach into the directory, or beyond the archive's end"
            continue  # or it would overlap all that come after
        if entry.offset < furthest:
            faults.setdefault(number, "its data overlap another member's")
            if whose >= 0:
                faults.setdefault(whose, "its data overlap another member's")
        if stop > furthest:
            furthest, whose = stop, number
    return limits, faults
