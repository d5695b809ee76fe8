"""Waiting for an operation, through whatever answers come meanwhile, but not for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from common.backoff import backoff
from common.genai import api_error, brief, described, retry_after
from jobs.video_generation.veo.errors import (
    ModelRetired,
    OperationGone,
    OperationUnfinished,
    RateLimited,
    StillRunning,
    Unreachable,
)
from jobs.video_generation.veo.refusals import refusal

if TYPE_CHECKING:
    from google.genai.types import GenerateVideosOperation

    from common.runtime import Context
    from jobs.video_generation.veo.api import Api
    from jobs.video_generation.veo.creation import Operation
    from jobs.video_generation.veo.settings import VeoSettings
    from jobs.video_generation.veo.turns import Turns

__all__ = ["Polling"]

REQUEST = 60.0
"""Seconds for one whole answer, which may carry the video itself."""
BASE, CAP = 2.0, 20.0
MARGIN = 60.0
"""Seconds of the attempt that are left for fetching the video, at most a tenth of what there is."""
OVERTIME = 0.05
"""The share of its time that the last look at an operation may take beyond it."""
TYPICAL = 90.0
"""Seconds that half of a video takes, as far as progress is concerned."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Busy:
    """An answer that says nothing of the operation, or that it is not done."""

    said: str
    after: float = 0.0
    """Seconds to wait at least."""


class Polling:
    """One attempt's wait for one operation."""

    def __init__(
        self, api: Api, run: Context, settings: VeoSettings, operation: Operation, turns: Turns
    ) -> None:
        self._api, self._run, self._settings = api, run, settings
        self._operation, self._turns = operation, turns
        margin = min(MARGIN, 0.1 * max(0.0, run.remaining))
        self._over = operation.since + timedelta(seconds=settings.max_wait)
        self._leave = run.deadline - timedelta(seconds=margin)
        self._overtime = min(10.0, margin, OVERTIME * settings.max_wait)

    def wait(self, *, pause: float = 0.0) -> GenerateVideosOperation:
        """The operation once it is done, looked at first after `pause` seconds.

        Raises OperationGone, OperationUnfinished, StillRunning, or why Vertex lets us look no more.
        """
        self._sleep(pause)
        looks = 1
        while isinstance(answer := self._look(), Busy):
            if self._left <= 0:
                raise self._late(answer)
            self._run.progress(self._fraction, "Waiting for Veo")
            self._sleep(max(answer.after, backoff(looks, base=BASE, cap=CAP)))
            looks += 1
        return answer

    @property
    def _left(self) -> float:
        now = self._run.documents.now()
        return (min(self._over, self._leave) - now) / timedelta(seconds=1)

    @property
    def _fraction(self) -> float:
        # Vertex does not say how far it is: ever slower, and never there.
        waited = (self._run.documents.now() - self._operation.since) / timedelta(seconds=1)
        return 0.95 * waited / (waited + TYPICAL) if waited > 0 else 0.0

    def _sleep(self, seconds: float) -> None:
        self._run.sleep(max(0.0, min(seconds, self._left)))

    def _look(self) -> GenerateVideosOperation | Busy:
        try:
            with self._turns.look(within=max(0.0, self._left)):
                limit = min(REQUEST, max(self._left, self._overtime, 0.05))
                found = self._api.look(self._operation.name, limit=limit, check=self._run.check)
        except Exception as error:
            busy = self._busy(error)
            if busy is None:
                raise self._refused(error) from error
            self._run.log.warning(f"Asked for the operation, {busy.said}.", action="veo-busy")
            return busy
        return found if found.done else Busy(said="the operation is not done")

    def _busy(self, error: Exception) -> Busy | None:
        """What to make of an error; None where asking again would not help."""
        refused = refusal(error, self._settings)
        if refused is None or isinstance(refused, (RateLimited, Unreachable)):
            answer = api_error(error)
            after = None if answer is None else retry_after(answer)
            return Busy(said=described(error), after=after or 0.0)
        return None

    def _refused(self, error: Exception) -> Exception:
        refused = refusal(error, self._settings)
        if not isinstance(refused, ModelRetired):
            return refused or error
        answer = api_error(error)
        said = brief(answer.message if answer else "")
        return OperationGone(f"Vertex AI no longer knows {self._operation.name}: {said}")

    def _late(self, answer: Busy) -> Exception:
        name, last = self._operation.name, answer.said
        if self._over > self._leave:
            return StillRunning(f"{name} goes on longer than this attempt may; at last {last}.")
        return OperationUnfinished(
            f"{name} did not end within {self._settings.max_wait:g} s (VEO_MAX_WAIT); at last "
            f"{last}. `runjobs dead-letters replay` would look at it once more."
        )
