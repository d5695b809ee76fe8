"""One video made elsewhere: created once, however many attempts wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from jobs.video_generation.remote.creation import create, recall
from jobs.video_generation.remote.polling import Polling
from jobs.video_generation.remote.turns import Turns

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.video_generation.remote.seam import Remote

__all__ = ["outcome"]

T = TypeVar("T")


def outcome(
    remote: Remote[T], run: Context, *, patience: float | None = None, pause: float = 0.0
) -> T:
    """What the operation came to that an earlier attempt began, or else this one.

    A turn to create is waited for up to `patience` seconds, or a share of the attempt; what was
    begun just now is looked at first after `pause` seconds: it may not be known at once. Raises
    the errors of errors.py.
    """
    terms = remote.terms
    turns = Turns(run, terms)
    if earlier := recall(run, terms):
        shown = remote.shown(earlier.name)
        run.log.info(f"{terms.title} goes on with {shown}", action=f"{terms.name}-resumed")
        with turns.resumed():
            return Polling(remote, run, earlier, turns).wait()
    with turns.operation(patience) as turn:
        begun = create(remote, run, turn)
        return Polling(remote, run, begun, turns).wait(pause=pause)
