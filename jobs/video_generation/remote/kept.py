"""What a run keeps of its videos elsewhere: the one that is under way, and whom it left before.

The checkpoint is {NAME: creation, "tried": [...]}: NAME is the provider's at which a create was, or
is about to be, sent, and `creation` is an intent or an operation. There is one of them at most.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from jobs.video_generation.remote.errors import OVER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from common.runtime import Context

__all__ = ["Left", "creation", "forget", "keep", "leave", "tried", "under_way"]

TRIED = "tried"


MOST = 20
"""Of the last that were left."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """A provider that was left for another one, and why."""

    provider: str
    error: str
    """The error's name."""
    why: str
    attempt: int
    """In which it was left."""


def creation(run: Context, name: str) -> Mapping[str, Any] | None:
    """What is kept of the provider's create, unless that is over."""
    found = _kept(run).get(name)
    return None if not found or _is_over(run, found["attempt"]) else found


def under_way(run: Context) -> str | None:
    """The provider at which a create may have begun something."""
    names = (name for name in _kept(run) if name != TRIED)
    return next((name for name in names if creation(run, name)), None)


def keep(run: Context, name: str, kept: Mapping[str, Any]) -> None:
    """Keep what is known of a create."""
    run.checkpoint({**_tried(run), name: dict(kept)})


def forget(run: Context) -> None:
    """Keep nothing of a create any more: it began nothing."""
    run.checkpoint(_tried(run))


def tried(run: Context) -> tuple[Left, ...]:
    """Who was left, in this attempt and in those before."""
    return tuple(Left(**each) for each in _kept(run).get(TRIED, ()))


def leave(run: Context, left: Left) -> None:
    """Keep that a provider was left, of whose create nothing more is to be had."""
    run.checkpoint({TRIED: [asdict(each) for each in (*tried(run), left)[-MOST:]]})


def _kept(run: Context) -> dict[str, Any]:
    return run.checkpointed or {}


def _tried(run: Context) -> dict[str, Any]:
    return {name: value for name, value in _kept(run).items() if name == TRIED}


def _is_over(run: Context, since: int) -> bool:
    """Whether an attempt that knew of it has ended for a reason that is the end of it, too."""
    errors = [attempt.error for attempt in run.history if attempt.number >= since]
    return any(error is not None and error.type in OVER for error in errors)
