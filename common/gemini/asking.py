"""Asking in turn, and again where a moment later may do."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from common.backoff import backoff
from common.errors import RunjobsError
from common.gemini.api import Api
from common.gemini.errors import GeminiFailed, RateLimited, Unreachable
from common.gemini.refusals import refusal
from common.gemini.usage import Usage
from common.genai.settings import pace
from common.limits import Limits, Policy

if TYPE_CHECKING:
    from google.genai.types import Content, GenerateContentConfig, GenerateContentResponse

    from common.gemini.settings import GeminiSettings
    from common.runtime import Context

__all__ = ["Asking", "limits"]

_TRIES = 4
_BASE, _CAP = 2.0, 30.0
_PATIENCE = 120.0
"""Seconds in all that an attempt waits between its questions: longer ones the run waits out
without a container."""
_SHARE = 0.25
"""Of the attempt's time that a question may wait for its turn."""
_SLOW = 10.0
"""Times the usual: one question takes a few times as long as another."""


def limits(settings: GeminiSettings) -> Limits:
    """The limits on questions to this kind of model, over all containers and jobs."""
    per_second, burst = pace(settings.per_minute)
    return Limits(
        name=settings.prefix.lower().replace("_", "-"),
        per_second=per_second,
        burst=burst,
        max_concurrent=settings.concurrent,
        policy=Policy(slow=_SLOW),
    )


class Asking:
    """One attempt's questions, asked in a `with`, and perhaps in several threads."""

    def __init__(self, settings: GeminiSettings, run: Context) -> None:
        self._api, self._settings, self._run = Api(settings), settings, run
        self._limiter = run.limiter(limits(settings))
        self._waited = 0.0
        self._lock = threading.Lock()
        self.usage = Usage()

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def ask(
        self, contents: Sequence[Content], config: GenerateContentConfig
    ) -> GenerateContentResponse:
        """The answer, in which there may be nothing: see `outcomes`. Raises the errors of
        errors.py for a question that was not answered."""
        for attempt in range(1, _TRIES):
            try:
                return self._once(contents, config)
            except (RateLimited, GeminiFailed, Unreachable) as error:
                wait = max(error.after or 0.0, backoff(attempt, base=_BASE, cap=_CAP))
                if not self._is_patient(wait):
                    raise
                self._run.log.warning(f"Gemini is asked again in {wait:.0f} s: {error}")
                self._run.sleep(wait)
        return self._once(contents, config)

    def _is_patient(self, wait: float) -> bool:
        """Whether all waits together, of all threads, stay below what an attempt waits."""
        with self._lock:
            if self._waited + wait > _PATIENCE:
                return False
            self._waited += wait
            return True

    def _once(
        self, contents: Sequence[Content], config: GenerateContentConfig
    ) -> GenerateContentResponse:
        run = self._run
        with self._limiter.turn(within=_SHARE * max(0.0, run.remaining)) as turn:
            limit = max(1.0, min(self._settings.timeout, run.remaining))
            try:
                response = self._api.ask(contents, config, limit=limit, check=run.check)
            except RunjobsError:
                raise
            except Exception as error:
                raise refusal(error, self._settings) from error
            turn.answered()
        with self._lock:
            self.usage.add(response)
        return response
