"""What is submitted when something has ended: one run after another, or one after a whole batch.

A continuation's id follows from what it continues, so however often it is submitted it is one run.
(From when that was created, too: it may be removed while its continuation is kept, and come again.)
In its params a string that is nothing but "{run}", "{batch}", "{result}" or "{result.a.b}" stands
for the id of what went before, or for its result or a part of that.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

from common.ids import derived_id
from common.runs.records import Failure, Priority, Run, State, Then, evolve

__all__ = ["after_batch", "after_run", "has_places"]

_BYTES = 256_000
"""Of params."""
_PLACE = re.compile(r"\{(run|batch|result)((?:\.[A-Za-z0-9_-]+)*)\}")


def after_run(run: Run, now: datetime) -> Run | None:
    """The run that continues one that has succeeded, if there is one to be."""
    if run.then is None:
        return None
    known = {"run": run.id, "batch": run.batch, "result": json.loads(run.result or "null")}
    return _continuation(
        run.then,
        known,
        id=derived_id("then", run.id, run.created.isoformat()),
        parent=run.id,
        created=now,
        tenant=run.tenant,
        priority=run.priority,
        batch=run.batch,
        awaited=run.awaited,
        root=run.root,
        cancelled=run.cancel_requested is not None,
    )


def after_batch(
    id: str, then: Then, now: datetime, *, tenant: str, priority: Priority, **of: Any
) -> Run:
    """The run that continues a batch all of whose runs have ended."""
    known = {"run": None, "batch": id, "result": None}
    return _continuation(
        then,
        known,
        id=derived_id("then", id),
        parent=id,
        created=now,
        tenant=tenant,
        priority=priority,
        **of,
    )


def has_places(value: Any) -> bool:
    """Whether anything in the params will be known only when what goes before has ended."""
    if isinstance(value, dict):
        return any(map(has_places, value.values()))
    if isinstance(value, list):
        return any(map(has_places, value))
    return isinstance(value, str) and _PLACE.fullmatch(value) is not None


def _continuation(
    then: Then, known: dict[str, Any], *, created: datetime, cancelled: bool = False, **of: Any
) -> Run:
    params = _filled(json.loads(then.params), known)
    text = json.dumps(params, ensure_ascii=False, separators=(",", ":"))
    run = Run(
        job=then.job,
        queue=then.queue,
        params=text,
        created=created,
        due=created,
        max_attempts=then.max_attempts,
        keep=then.keep,
        then=then.then,
        **of,
    )
    if cancelled:
        return _called_off(run)
    return run if len(text.encode()) <= _BYTES else _too_large(run, then)


def _called_off(run: Run) -> Run:
    """Cancelled from the start: so was what it continues, or the batch that this was within."""
    expires = None if run.keep is None else run.created + timedelta(seconds=run.keep)
    return evolve(run, state=State.CANCELLED, ended=run.created, expires=expires)


def _too_large(run: Run, then: Then) -> Run:
    """A dead letter from the start: the run before it has succeeded, and must not fail of this."""
    message = f"Its params, filled with results, are over {_BYTES:,} bytes: pass on a blob's name."
    error = Failure(type="TooLarge", message=message, retryable=False)
    return evolve(run, params=then.params, state=State.FAILED, error=error, ended=run.created)


def _filled(value: Any, known: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, known) for item in value]
    place = _PLACE.fullmatch(value) if isinstance(value, str) else None
    if place is None:
        return value
    found = known[place[1]]
    for name in place[2].split(".")[1:]:
        found = found.get(name) if isinstance(found, dict) else None
    return found
