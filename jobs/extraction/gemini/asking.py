"""Asking in turn, and again where a moment later may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.backoff import backoff
from common.errors import RunjobsError
from common.genai.settings import pace
from common.limits import Limits, Policy
from jobs.extraction.gemini.errors import GeminiFailed, RateLimited, Unreachable
from jobs.extraction.gemini.outcomes import text_of
from jobs.extraction.gemini.refusals import refusal
from jobs.extraction.gemini.usage import Usage

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.extraction.gemini.api import Api
    from jobs.extraction.gemini.question import Question
    from jobs.extraction.gemini.settings import GeminiSettings

__all__ = ["Asking", "limits"]

_TRIES = 4
_BASE, _CAP = 2.0, 30.0
_PATIENCE = 120.0
"""Seconds in all that an attempt waits between its questions: longer ones the run waits out
without a container."""
_SHARE = 0.25
"""Of the attempt's time that a question may wait for its turn."""
_SLOW = 10.0
"""Times the usual: one document takes a few times as long as another."""


def limits(settings: GeminiSettings) -> Limits:
    """The limits on questions, over all containers."""
    per_second, burst = pace(settings.per_minute)
    return Limits(
        name="gemini",
        per_second=per_second,
        burst=burst,
        max_concurrent=settings.concurrent,
        policy=Policy(slow=_SLOW),
    )


class Asking:
    """One attempt's questions."""

    def __init__(self, api: Api, settings: GeminiSettings, run: Context) -> None:
        self._api, self._settings, self._run = api, settings, run
        self._limiter = run.limiter(limits(settings))
        self._waited = 0.0
        self.usage = Usage()

    def text(self, question: Question) -> str:
        """The answer's text, which may be anything. Raises the errors of errors.py."""
        for attempt in range(1, _TRIES):
            try:
                return self._once(question)
            except (RateLimited, GeminiFailed, Unreachable) as error:
                wait = max(error.after or 0.0, backoff(attempt, base=_BASE, cap=_CAP))
                if self._waited + wait > _PATIENCE:
                    raise
                self._waited += wait
                self._run.log.warning(f"Gemini is asked again in {wait:.0f} s: {error}")
                self._run.sleep(wait)
        return self._once(question)

    def _once(self, question: Question) -> str:
        run, model = self._run, self._settings.model
        with self._limiter.turn(within=_SHARE * max(0.0, run.remaining)) as turn:
            limit = max(1.0, min(self._settings.timeout, run.remaining))
            try:
                response = self._api.ask(question, limit=limit, check=run.check)
            except RunjobsError:
                raise
            except Exception as error:
                raise refusal(error, self._settings) from error
            turn.answered()
        self.usage.add(response)
        return text_of(response, model)
