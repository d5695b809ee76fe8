"""Having a video made: by one provider, and by the next where the first certainly has not."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from common.errors import InvalidInput, Misconfigured, RunjobsError
from common.limits import NoTurn
from common.runtime import Permanent, Retryable
from jobs.video_generation.choice import AUTO, LOCAL, order, patience
from jobs.video_generation.providers import PROVIDERS
from jobs.video_generation.remote import kept
from jobs.video_generation.remote.errors import (
    ModelRetired,
    NoCredits,
    NotAllowed,
    OperationFailed,
    OperationRejected,
    RateLimited,
    RequestRefused,
    Unreachable,
)

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.video_generation.params import VideoParams
    from jobs.video_generation.remote.kept import Left

__all__ = ["AllBusy", "Made", "NobodyMadeIt", "made"]

ENDED = (OperationFailed, OperationRejected)
"""What was begun has ended without a video, which nobody bills."""
BEFORE = (
    InvalidInput,  # it makes no such video
    Misconfigured,  # it is not set up
    NoTurn,
    ModelRetired,
    NoCredits,
    NotAllowed,
    RateLimited,
    RequestRefused,
    Unreachable,
)
"""Nothing was begun, unless something is kept: looks are refused in the same ways.

Not among them is Filtered: what one's safety filter withholds is not carried to the next.
"""
_WHY = 300


class AllBusy(Retryable):
    """Raised when no provider made the video, and at least one of them may, later."""


class NobodyMadeIt(Permanent):
    """Raised when no provider made the video, nor will."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A video, and how it came about."""

    file: Path
    provider: str
    tried: tuple[Left, ...]
    """Who was asked before, and left."""


def made(params: VideoParams, run: Context) -> Made:
    """The video, by the first of those to ask who makes it; what an earlier attempt began is waited
    for before anybody is asked.

    Raises the one's own error where there is but one to ask; else AllBusy, NobodyMadeIt, or
    InvalidInput where none of them makes such videos. After an ambiguous create, and after an end
    that may be billed, nobody else is asked.
    """
    names = _in_turn(order(params, os.environ, in_cloud=run.in_cloud), run)
    if params.provider == AUTO and names == [LOCAL]:
        run.log.warning(
            "There is only local to ask, which draws no more than the words: `runjobs providers` "
            "tells whom to set up.",
            action="video-only-local",
        )
    wait, last = patience(os.environ), names[-1]
    errors: dict[str, RunjobsError] = {}
    for name in names:
        try:
            return _by(name, params, run, within=None if name == last else wait)
        except RunjobsError as error:
            if len(names) == 1 or not _may_be_left(error, run):
                raise
            errors[name] = error
            _leave(name, error, run)
    raise _nobody(errors)


def _in_turn(names: Sequence[str], run: Context) -> list[str]:
    """What was begun comes first, and who failed to make this very video comes last."""
    ended = {error.__name__ for error in ENDED}
    failed = [left.provider for left in kept.tried(run) if left.error in ended]
    found = sorted(names, key=failed.count)
    begun = kept.under_way(run)
    return [begun, *(name for name in found if name != begun)] if begun else found


def _by(name: str, params: VideoParams, run: Context, *, within: float | None) -> Made:
    provider = PROVIDERS[name].open(os.environ)
    run.log.info(f"{name} is asked for the video.", action="video-began", provider=name)
    file = provider.generate(params, run, patience=within)
    return Made(file=file, provider=name, tried=kept.tried(run))


def _may_be_left(error: RunjobsError, run: Context) -> bool:
    if isinstance(error, ENDED):
        return True
    return isinstance(error, BEFORE) and kept.under_way(run) is None


def _leave(name: str, error: RunjobsError, run: Context) -> None:
    kind, why = type(error).__name__, str(error)[:_WHY]
    run.log.warning(
        f"{name} is left: {why}", action="video-provider-left", provider=name, error=kind
    )
    kept.leave(run, kept.Left(provider=name, error=kind, why=why, attempt=run.attempt))


def _nobody(errors: Mapping[str, RunjobsError]) -> RunjobsError:
    said = (f"{name}: {str(error)[:_WHY].rstrip('.')}" for name, error in errors.items())
    message = f"Nobody made the video. {'; '.join(said)}."
    lasting = (Permanent, InvalidInput, Misconfigured)
    passing = [error for error in errors.values() if not isinstance(error, lasting)]
    if passing:
        return AllBusy(message, after=_soonest(passing))
    if all(isinstance(error, InvalidInput) for error in errors.values()):
        return InvalidInput(message)
    return NobodyMadeIt(message)


def _soonest(errors: Sequence[RunjobsError]) -> float | None:
    """Seconds until one of them may make it; None where one of them does not say."""
    waits = [getattr(error, "after", None) for error in errors]
    known = [wait for wait in waits if wait is not None]
    return min(known) if len(known) == len(waits) else None
