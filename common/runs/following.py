"""Documents outside the ledger that are kept in step with a run, in the run's own commits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from common.documents import Create, Document, Documents, Update, Write
from common.runs.records import Follows, Run, State

__all__ = ["follow"]

_STATUS = {
    State.PENDING: "pending",
    State.STARTING: "pending",
    State.RUNNING: "processing",
    State.SUCCEEDED: "completed",
    State.FAILED: "failed",
    State.CANCELLED: "failed",
}


def follow(documents: Documents, old: Run | None, new: Run) -> Iterator[Write]:
    """The write that keeps the run's follower in step, if it has one and its status changes.

    The document's other fields are its owner's and stay. A newer run for the same document takes
    it over; an older one then leaves it alone.
    """
    follows = new.follows
    if follows is None or (old is not None and _STATUS[old.state] == _STATUS[new.state]):
        return
    found = documents.get(follows.collection, follows.id)
    if found is None:
        if old is None:  # later on, it was its owner who deleted it
            yield Create(follows.collection, follows.id, _fields(follows, new))
    elif not _is_anothers(found, new):
        yield Update(follows.collection, follows.id, _fields(follows, new), found.version)


def _is_anothers(found: Document, run: Run) -> bool:
    since = found.data.get("run_created")
    return isinstance(since, datetime) and since > run.created and found.data.get("run") != run.id


def _fields(follows: Follows, run: Run) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "status": _STATUS[run.state],
        "run": run.id,
        "run_created": run.created,
        "media_url": None,
        "reason": None,
    }
    if run.state is State.SUCCEEDED:
        fields["media_url"] = _media(follows, run.result)
    elif run.state is State.FAILED:
        fields["reason"] = run.error.message if run.error else "failed"
    elif run.state is State.CANCELLED:
        fields["reason"] = "cancelled"
    return fields


def _media(follows: Follows, result: str | None) -> str | None:
    value = json.loads(result or "null")
    for name in follows.media.split("."):
        value = _within(value, name)
    return value if isinstance(value, str) else None


def _within(value: Any, name: str) -> Any:
    """A member by its name, or an item by its number from 0; None where there is none."""
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list) and name.isdecimal():
        return next(iter(value[int(name) :]), None)
    return None
