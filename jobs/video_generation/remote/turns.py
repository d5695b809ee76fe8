"""The limits on a provider, which all containers share.

operation  its create takes a permit of NAME, and one of its slots until the operation is done
look       takes a permit of NAME-looks: about ten of an operation's eleven calls are looks, which
           providers count apart from creates, and answer far sooner
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING

from common.errors import Unavailable
from common.genai.settings import pace
from common.limits import Limits, NoTurn, Policy

if TYPE_CHECKING:
    from common.limits import Turn
    from common.runtime import Context
    from jobs.video_generation.remote.seam import Terms

__all__ = ["Turns", "looks", "operations"]

SHARE = 0.25
"""Of the attempt's time that a create may wait for its turn: the operation needs the rest."""
SLOW = 10.0
"""Times the usual: a look that brings the video itself takes a few times as long as the others."""


def operations(terms: Terms) -> Limits:
    """The limits on creates, and on operations that are under way."""
    per_second, burst = pace(terms.per_minute)
    return Limits(
        name=terms.name, per_second=per_second, burst=burst, max_concurrent=terms.concurrent
    )


def looks(terms: Terms) -> Limits:
    """The limits on looks at operations."""
    return Limits(
        name=f"{terms.name}-looks",
        per_second=terms.looks_per_minute / 60,
        policy=Policy(slow=SLOW),
    )


class Turns:
    """One attempt's turns at a provider."""

    def __init__(self, run: Context, terms: Terms) -> None:
        self._run, self._title = run, terms.title
        self._operations = run.limiter(operations(terms))
        self._looks = run.limiter(looks(terms))

    def operation(self, patience: float | None = None) -> Turn:
        """Wait for leave to create one, no longer than that, and keep its slot until the `with`
        ends."""
        share = SHARE * self._run.remaining
        within = share if patience is None else min(share, patience)
        return self._operations.turn(within=within, sleep=self._sleep)

    def resumed(self) -> AbstractContextManager[object]:
        """A slot for what an earlier attempt began, as soon as one is free.

        The operation is under way whether it has one or not, so it is not waited for.
        """
        return self._operations.place()

    def look(self, within: float) -> AbstractContextManager[Turn | None]:
        """Wait for leave to look once. Where none comes in time, there is one look without it.

        For what was paid for must not be lost to our own limits, or to a store that is down.
        """
        end = self._run.documents.now() + timedelta(seconds=within)
        try:
            return self._looks.turn(within=within)
        except NoTurn:
            # Said as soon as it is sure; the look is still the last there is time for.
            left = (end - self._run.documents.now()) / timedelta(seconds=1)
            self._run.sleep(max(0.0, left))
            return nullcontext()
        except Unavailable:
            return nullcontext()

    def _sleep(self, seconds: float) -> None:
        self._run.progress(0.0, f"Waiting for a turn at {self._title}")
        self._run.sleep(seconds)
