"""All operations of the dispatcher."""

from __future__ import annotations

from typing import Any

from common.dispatch.report.batches import BatchData
from common.dispatch.report.runs import Whole
from common.web import batches, internal, push, runs, standing
from common.web.operations import MEBIBYTE, Operation, Said
from common.web.shapes import LinesQuery, NewBatch, NewRun, PushData, RunsQuery, WakeupData

__all__ = ["OPERATIONS"]

_RUN = Said("The run.", Whole)
_WARNED = Said("Accepted and pending, but not to be started just now.", runs.Warned)
_BATCH = Said("The batch.", batches.Submitted)
_PUSHED = Said("The run that the message started, now or before.", push.Pushed)
_HEALTHY = {200: Said("It answers.", standing.Health)}


def _of(method: str, path: str, id: str, summary: str, **more: Any) -> Operation:
    return Operation(method=method, path=path, id=id, summary=summary, **more)


OPERATIONS = (
    _of(
        "POST",
        "/v1/runs",
        "createRun",
        "Submit a run",
        handler=runs.create,
        body=NewRun,
        most=2 * MEBIBYTE,
        keyed=True,
        answers={201: _RUN, 200: Said("The run that this key gave before.", Whole), 202: _WARNED},
    ),
    _of(
        "POST",
        "/v1/runs:batch",
        "createBatch",
        "Submit many runs of one job, all of them or none",
        handler=batches.create,
        body=NewBatch,
        lines=LinesQuery,
        most=32 * MEBIBYTE,
        keyed=True,
        answers={201: _BATCH, 200: _BATCH, 202: _BATCH},
    ),
    _of(
        "GET",
        "/v1/runs",
        "listRuns",
        "List runs, newest first",
        handler=runs.list_runs,
        query=RunsQuery,
        answers={200: Said("A page of runs.", runs.RunList)},
    ),
    _of(
        "GET",
        "/v1/runs/{id}",
        "getRun",
        "Tell the whole story of a run",
        handler=runs.get,
        answers={200: _RUN},
    ),
    _of(
        "POST",
        "/v1/runs/{id}:cancel",
        "cancelRun",
        "Cancel a run: at once if it has not begun, else its task is asked to stop",
        handler=runs.cancel,
        answers={200: _RUN},
    ),
    _of(
        "POST",
        "/v1/runs/{id}:replay",
        "replayRun",
        "Try a failed run again, with a new count of attempts",
        handler=runs.replay,
        answers={200: _RUN, 202: _WARNED},
    ),
    _of(
        "GET",
        "/v1/batches/{id}",
        "getBatch",
        "Tell how a batch stands",
        handler=batches.get,
        answers={200: Said("The batch.", BatchData)},
    ),
    _of(
        "POST",
        "/v1/batches/{id}:cancel",
        "cancelBatch",
        "Cancel all runs of a batch that have not ended",
        handler=batches.cancel,
        answers={200: Said("The batch.", batches.CancelledBatch)},
    ),
    _of(
        "GET",
        "/stats",
        "getStats",
        "Count runs, and tell how queues and limits stand",
        handler=standing.stats,
        answers={200: Said("How everything stands.", standing.Stats)},
    ),
    _of(
        "GET",
        "/healthz",
        "getHealth",
        "Say that it answers",
        handler=standing.health,
        access="anyone",
        answers=_HEALTHY,
    ),
    _of(
        "GET",
        "/health",
        "getHealthInCloud",
        "Say that it answers, where Cloud Run keeps paths that end in z for itself",
        handler=standing.health,
        access="anyone",
        answers=_HEALTHY,
    ),
    _of(
        "POST",
        "/internal/wakeups",
        "wake",
        "Look at a queue, or sweep, as a wake-up asks",
        handler=internal.wake,
        body=WakeupData,
        access="wakeups",
        answers={200: Said("What was started.", internal.Dispatched | internal.Swept)},
    ),
    _of(
        "POST",
        "/internal/sweep",
        "sweep",
        "Find whatever was left undone, and do it",
        handler=internal.sweep,
        access="wakeups",
        answers={200: Said("What it did.", internal.Swept)},
    ),
    _of(
        "POST",
        "/internal/push/{job}",
        "push",
        "Submit a job with the data of a message that Pub/Sub brings",
        handler=push.push,
        body=PushData,
        malformed=400,
        access="wakeups",
        answers={200: _PUSHED, 202: _PUSHED},
    ),
)
"""/openapi.json, which tells of them, comes on top."""
