"""Batches that runs begin within their own, for tests."""

from __future__ import annotations

from types import SimpleNamespace

from common.runs import Batch, Batches, State
from common.runtime.offspring import Offspring
from tests.runs.making import AFTER, claimed, failed, finished, given, made


def begun(runs, batches, id="outer", *, then=AFTER, **fields):
    now, fields = runs.documents.now(), {"tenant": "t", **fields}
    open = then is not None
    batches.begin(Batch(id=id, total=1, created=now, then=then, open=open, tenant="t"))
    run = made(now, f"{id}-0", batch=id, awaited=open, **fields)
    given(runs, [run])
    batches.seal(id)
    return claimed(runs, run)


def bear(runs, parent, number=2, *, key="inner", then=None):
    """A batch that the run submits within its own."""
    family = Offspring(SimpleNamespace(runs=runs, documents=runs.documents, look_at=ignore), parent)
    return family.submit_many("noop", [{}] * number, key=key, then=then, within=True)


def half_bear(runs, parent, number=2, *, then=None):
    """The same by one who dies before it is said that all are there."""
    seals, Batches.seal = Batches.seal, ignore
    try:
        return bear(runs, parent, number, then=then)
    finally:
        Batches.seal = seals


def ignore(*_args):
    """Nothing is done."""


def end(runs, run):
    """Let it succeed, and do what whoever ends a run does."""
    if run.state is not State.RUNNING:
        run = claimed(runs, run)
    ended = finished(runs, run)
    return Batches(runs).continue_one(ended.batch) if ended.awaited else None


def fail(runs, run):
    """The same where it does not."""
    return Batches(runs).continue_one(failed(runs, run).batch)


def of(runs, id):
    return runs.list({"batch": id})
