"""Runs of topics."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from common.errors import InvalidInput
from common.ids import derived_id
from common.plans.records import Day
from common.plans.topics import Lines
from common.runs import Run
from common.runs.records import evolve
from common.runtime.submission import new_run, prepared

if TYPE_CHECKING:
    from pydantic import BaseModel

    from common.runtime.declare import Job

__all__ = ["Maker", "check_followers"]


class Maker:
    """Makes a day's runs."""

    def __init__(self, job: Job, lines: Callable[[], Lines], now: datetime) -> None:
        self.now = now
        self._job, self._lines = job, lines
        self._prepared = lru_cache(maxsize=None)(self._prepare)

    def text(self, place: int) -> str:
        """The params of the topic at that place, as a run keeps them. Raises InvalidInput."""
        return self._prepared(place)[1]

    def new(self, day: Day, serial: int, place: int, due: datetime) -> Run:
        """A run for that topic; the same serial number makes the same run."""
        model, text = self._prepared(place)
        return new_run(
            self._job,
            model,
            text=text,
            id=derived_id("of", day.batch, str(serial)),
            now=self.now,
            due=due,
            tenant=day.tenant,
            priority=day.priority,
            batch=day.batch,
        )

    def rewritten(self, run: Run, place: int) -> Run:
        """A run that nobody has begun, with that topic instead of its own."""
        model, text = self._prepared(place)
        if text == run.params:
            return run
        if run.follows or (self._job.following and self._job.following.of(model)):
            raise InvalidInput(
                "Topics of runs that keep a document in step cannot be exchanged: cancel the day, "
                "and plan it again."
            )
        return evolve(run, params=text)

    def _prepare(self, place: int) -> tuple[BaseModel | None, str]:
        values: Mapping[str, Any] = json.loads(self._lines()[place])
        try:
            return prepared(self._job, values)
        except InvalidInput as error:
            raise InvalidInput(f"Topic {place + 1:,}: {error}") from None


def check_followers(runs: Iterable[Run]) -> None:
    """Refuse, by InvalidInput, two runs that would keep the same document in step."""
    seen: set[tuple[str, str]] = set()
    for run in runs:
        if run.follows is None:
            continue
        place = (run.follows.collection, run.follows.id)
        if place in seen:
            raise InvalidInput(
                f"Two topics keep {'/'.join(place)} in step: each run needs a document of its own."
            )
        seen.add(place)
