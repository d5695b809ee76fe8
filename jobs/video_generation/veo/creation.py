"""The one create: what is kept of it before and after, and what an earlier attempt left.

    nothing ── intent kept ──► intent ── answer kept ──► operation
       ▲                         │
       └──────── refused ────────┘

An attempt that finds an intent does not know what became of the create. It says so, and leaves the
intent: the next one creates anew only if the ledger shows that this was said, since only a person
starts a run again after that. The same holds for an operation that has given all it had.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from common.genai import described
from common.runtime import Stop
from jobs.video_generation.veo.errors import OVER, AmbiguousCreate
from jobs.video_generation.veo.refusals import refusal

if TYPE_CHECKING:
    from common.genai import Pending
    from common.limits import Turn
    from common.runtime import Context
    from jobs.video_generation.veo.api import Api
    from jobs.video_generation.veo.request import Request
    from jobs.video_generation.veo.settings import VeoSettings

__all__ = ["Operation", "create", "recall"]

LIMIT = 60.0
"""Seconds in which a create is answered; it takes a few."""
LATE = 2.5
"""Seconds that an answer is still waited for once we are to stop, with time left to keep it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """What a create began."""

    name: str
    """projects/…/operations/…: enough to find it again."""
    since: datetime
    """Server time at which its name was kept."""


def recall(run: Context) -> Operation | None:
    """The operation that an earlier attempt began; None where one is to be created.

    Raises AmbiguousCreate where an earlier attempt may have begun one and its name is lost.
    """
    kept = (run.checkpointed or {}).get("veo")
    if not kept or _is_over(run, kept["attempt"]):
        return None
    if "operation" not in kept:
        raise AmbiguousCreate("an earlier attempt ended between asking and noting the answer")
    return Operation(name=kept["operation"], since=datetime.fromisoformat(kept["since"]))


def create(
    api: Api, request: Request, run: Context, settings: VeoSettings, turn: Turn
) -> Operation:
    """Create once, in a turn that is had already: none is waited for once an intent is kept.

    Raises a refusal, after which nothing is kept and a create may be tried again, or
    AmbiguousCreate.
    """
    run.check()
    _intend(run)
    pending = api.create(request)
    try:
        name = _answer(pending, run, settings)
        turn.answered()  # what comes now is not Vertex's time
        operation = _keep(run, name)
    except Stop:
        _keep_late(pending, run)
        raise
    run.log.info(f"Veo began {name}", action="veo-created", model=settings.model)
    return operation


def _intend(run: Context) -> None:
    since = run.documents.now().isoformat()
    intent = {"intent": secrets.token_hex(8), "attempt": run.attempt, "since": since}
    run.checkpoint({"veo": intent})


def _answer(pending: Pending[str], run: Context, settings: VeoSettings) -> str:
    try:
        name = pending.result(min(LIMIT, max(1.0, run.remaining)))
    except Exception as error:
        refused = refusal(error, settings)
        if refused is None:
            raise AmbiguousCreate(described(error)) from error
        run.checkpoint({})
        raise refused from error
    if "/operations/" not in name:
        raise AmbiguousCreate("the answer named no operation")
    return name


def _keep(run: Context, name: str) -> Operation:
    since = run.documents.now()
    kept = {"operation": name, "attempt": run.attempt, "since": since.isoformat()}
    run.checkpoint({"veo": kept})
    return Operation(name=name, since=since)


def _keep_late(pending: Pending[str], run: Context) -> None:
    name = pending.late(LATE, despite=Stop)
    if name and "/operations/" in name:
        _keep(run, name)


def _is_over(run: Context, since: int) -> bool:
    """Whether an attempt that knew of it has ended for a reason that is the end of it, too."""
    errors = [attempt.error for attempt in run.history if attempt.number >= since]
    return any(error is not None and error.type in OVER for error in errors)
