"""The limits on Veo, which all containers share.

operation  its create takes a permit of `veo`, and one of its slots until the operation is done
look       takes a permit of `veo-looks`: about ten of an operation's eleven calls are looks, which
           Vertex counts apart from creates, and answers far sooner
"""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING

from common.errors import Unavailable
from common.genai import TOO_MANY, api_error, retry_after
from common.genai.settings import pace
from common.limits import Limits, NoTurn, Policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from common.limits import Turn
    from common.runtime import Context
    from jobs.video_generation.veo.settings import VeoSettings

__all__ = ["LOOKS", "OPERATIONS", "Turns", "looks", "operations"]

OPERATIONS, LOOKS = "veo", "veo-looks"
SHARE = 0.25
"""Of the attempt's time that a create may wait for its turn: the operation needs the rest."""
SLOW = 10.0
"""Times the usual: a look that brings the video itself takes a few times as long as the others."""


def operations(settings: VeoSettings) -> Limits:
    """The limits on creates, and on operations that are under way."""
    per_second, burst = pace(settings.per_minute)
    return Limits(
        name=OPERATIONS, per_second=per_second, burst=burst, max_concurrent=settings.concurrent
    )


def looks(settings: VeoSettings) -> Limits:
    """The limits on looks at operations."""
    return Limits(name=LOOKS, per_second=settings.looks_per_minute / 60, policy=Policy(slow=SLOW))


class Turns:
    """One attempt's turns at Veo."""

    def __init__(self, run: Context, settings: VeoSettings) -> None:
        self._run = run
        self._operations = run.limiter(operations(settings))
        self._looks = run.limiter(looks(settings))

    def operation(self) -> Turn:
        """Wait for leave to create one, and keep its slot until the `with` ends."""
        return self._operations.turn(within=SHARE * self._run.remaining, sleep=self._sleep)

    def resumed(self) -> AbstractContextManager[object]:
        """A slot for what an earlier attempt began, as soon as one is free.

        The operation is under way whether it has one or not, so it is not waited for.
        """
        return self._operations.place()

    @contextmanager
    def look(self, within: float) -> Iterator[None]:
        """Wait for leave to look once. Where none comes in time, there is one look without it.

        For what was paid for must not be lost to our own limits, or to a store that is down.
        """
        with self._look(within) as turn:
            try:
                yield
            except Exception as error:
                answer = api_error(error)
                if turn is not None and answer is not None and answer.code == TOO_MANY:
                    turn.throttled(retry_after(answer))
                raise

    def _look(self, within: float) -> AbstractContextManager[Turn | None]:
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
        self._run.progress(0.0, "Waiting for a turn at Veo")
        self._run.sleep(seconds)
