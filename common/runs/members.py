"""Which runs are a batch's: its own, and those of the batches within it.

An inner batch's runs say which batch is the outermost, so that however many are within one, it is
asked for by a single index. Of one between the two, whoever asks goes from batch to batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice

from common.documents import Documents, Query
from common.documents.query import Filter
from common.runs.records import Run

__all__ = ["BATCHES", "inner", "members", "newest"]

BATCHES = "batches"


def members(documents: Documents, id: str) -> Iterator[Filter]:
    """Filters, each of which finds some of the batch's runs, and together each of them once."""
    yield ("batch", "==", id)
    found = documents.get(BATCHES, id)
    if found is None or not found.data.get("outer"):
        return
    if found.data.get("within") is None:
        yield ("root", "==", id)
        return
    for each in documents.query(inner(id)):
        yield from members(documents, each.id)


def inner(id: str, *, going_on: bool = False) -> Query:
    """The batches that are within this one, at once; or those of them that are not over."""
    where: tuple[Filter, ...] = (("within", "==", id),)
    return Query(BATCHES, where=(*where, ("open", "==", True)) if going_on else where)


def newest(parts: Sequence[Sequence[Run]], limit: int | None) -> list[Run]:
    """Several lists of runs, each newest first, as one."""
    if len(parts) == 1:
        return [*parts[0]]
    return [*islice(merge(*parts, key=lambda run: (run.created, run.id), reverse=True), limit)]
