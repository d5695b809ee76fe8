"""Batches for tests."""

from __future__ import annotations

from common.runs import Batch, Batches
from tests.runs.making import AFTER, given, made


def batch(now, id="b", *, total=2, then=AFTER, **fields):
    return Batch(id=id, total=total, created=now, then=then, open=then is not None, **fields)


def members(now, id="b", *, total=2, **fields):
    return [made(now, f"{id}-{n}", batch=id, awaited=True, **fields) for n in range(total)]


def submitted(runs, id="b", *, total=2, **fields):
    """A batch and its runs, all in the ledger."""
    now, batches = runs.documents.now(), Batches(runs)
    batches.begin(batch(now, id, total=total, **fields))
    found = given(runs, members(now, id, total=total))
    batches.seal(id)
    return found
