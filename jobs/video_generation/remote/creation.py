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
from typing import TYPE_CHECKING, Any

from common.runtime import Stop
from jobs.video_generation.remote import kept
from jobs.video_generation.remote.errors import AmbiguousCreate

if TYPE_CHECKING:
    from common.genai import Pending
    from common.limits import Turn
    from common.runtime import Context
    from jobs.video_generation.remote.seam import Remote, Terms

__all__ = ["Operation", "create", "recall"]

LIMIT = 60.0
"""Seconds in which a create is answered; it takes a few."""
LATE = 2.5
"""Seconds that an answer is still waited for once we are to stop, with time left to keep it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """What a create began."""

    name: str
    """Enough to find it again, at its provider."""
    since: datetime
    """Server time at which its name was kept."""


def recall(run: Context, terms: Terms) -> Operation | None:
    """The operation that an earlier attempt began; None where one is to be created.

    Raises AmbiguousCreate where an earlier attempt may have begun one and its name is lost.
    """
    found = kept.creation(run, terms.name)
    if found is None:
        return None
    if "operation" not in found:
        why = "an earlier attempt ended between asking and noting the answer"
        raise AmbiguousCreate(terms.title, why)
    return Operation(name=found["operation"], since=datetime.fromisoformat(found["since"]))


def create(remote: Remote[Any], run: Context, turn: Turn) -> Operation:
    """Create once, in a turn that is had already: none is waited for once an intent is kept.

    Raises a refusal, after which nothing is kept and a create may be tried again, or
    AmbiguousCreate.
    """
    run.check()
    terms = remote.terms
    _intend(run, terms)
    pending = remote.create()
    try:
        name = _answer(pending, run, remote)
        turn.answered()  # what comes now is not the provider's time
        operation = _keep(run, terms, name)
    except Stop:
        _keep_late(pending, run, terms)
        raise
    run.log.info(f"{terms.title} began {remote.shown(name)}", action=f"{terms.name}-created")
    return operation


def _intend(run: Context, terms: Terms) -> None:
    since = run.documents.now().isoformat()
    intent = {"intent": secrets.token_hex(8), "attempt": run.attempt, "since": since}
    kept.keep(run, terms.name, intent)


def _answer(pending: Pending[str], run: Context, remote: Remote[Any]) -> str:
    try:
        name = pending.result(min(LIMIT, max(1.0, run.remaining)))
    except Exception as error:
        refused = remote.refused(error)
        if not isinstance(refused, AmbiguousCreate):
            kept.forget(run)
        raise refused from error
    if not name:
        raise AmbiguousCreate(remote.terms.title, "the answer named no operation")
    return name


def _keep(run: Context, terms: Terms, name: str) -> Operation:
    since = run.documents.now()
    found = {"operation": name, "attempt": run.attempt, "since": since.isoformat()}
    kept.keep(run, terms.name, found)
    return Operation(name=name, since=since)


def _keep_late(pending: Pending[str], run: Context, terms: Terms) -> None:
    if name := pending.late(LATE, despite=Stop):
        _keep(run, terms, name)
