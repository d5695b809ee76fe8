"""How an execution's tasks stand: as its folder tells, and as it is kept when that is gone."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

__all__ = ["Attempt", "Standing", "packed", "standing", "unknown", "unpacked"]

_MOST = 600_000
"""Characters of what is kept: a document holds a MiB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One task, by the last of its attempts."""

    result: str = ""
    """succeeded, failed or cancelled; none before it has ended."""
    started: float | None = None
    """Seconds since 1970; None for a task that waits, or never began."""
    ended: float | None = None
    exit_code: int | None = None
    term_signal: int | None = None
    detail: str = ""
    failures: tuple[Attempt, ...] = ()
    """The attempts before."""

    @property
    def is_running(self) -> bool:
        """Whether it has begun and not ended."""
        return self.started is not None and not self.result

    @property
    def begun(self) -> float | None:
        """When the first attempt was started."""
        return self.failures[0].started if self.failures else self.started


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """All tasks, in the order of their indexes."""

    tasks: tuple[Attempt, ...]
    log: str = ""
    """Where what they print is."""

    @property
    def ended(self) -> bool:
        """Whether no task is left."""
        return all(task.result for task in self.tasks)

    def count(self, result: str) -> int:
        """How many ended like that."""
        return sum(task.result == result for task in self.tasks)

    @property
    def running(self) -> int:
        """How many are at work."""
        return sum(task.is_running for task in self.tasks)

    @property
    def retried(self) -> int:
        """How many were tried again at least once."""
        return sum(bool(task.failures) for task in self.tasks)

    @property
    def started(self) -> float | None:
        """When the first task was."""
        return min((it.begun for it in self.tasks if it.begun is not None), default=None)

    @property
    def finished(self) -> float | None:
        """When the last task ended."""
        return max((it.ended for it in self.tasks if it.ended is not None), default=None)


def standing(
    count: int, known: Mapping[int, Mapping[str, Any]], *, alive: bool, at: float, log: str = ""
) -> Standing:
    """As a folder tells; `at` is when it last did. Tasks of which no one lives any more failed."""
    tasks = [_attempt(known.get(index, {}), at) for index in range(count)]
    if not alive:
        lost = "Killed, and its supervisor with it."
        tasks = [
            it if it.result else replace(it, result="failed", ended=at, detail=lost) for it in tasks
        ]
    return Standing(tasks=tuple(tasks), log=log)


def unknown(count: int, at: float, detail: str) -> Standing:
    """Of an execution that left no trace."""
    lost = Attempt(result="failed", ended=at, detail=detail)
    return Standing(tasks=(lost,) * count)


def packed(standing: Standing) -> str:
    """As text that may be kept; of very many tasks without the words that each said."""
    text = _packed(standing.tasks)
    if len(text) > _MOST:
        text = _packed(tuple(replace(it, detail="", failures=()) for it in standing.tasks))
    return text


def unpacked(text: str) -> Standing:
    """What was packed."""
    tasks = json.loads(zlib.decompress(base64.b85decode(text)))
    return Standing(tasks=tuple(_unpacked(task) for task in tasks))


def _packed(tasks: tuple[Attempt, ...]) -> str:
    plain = [_told(asdict(task)) for task in tasks]
    return base64.b85encode(zlib.compress(json.dumps(plain).encode())).decode()


def _told(task: dict[str, Any]) -> dict[str, Any]:
    told = {name: it for name, it in task.items() if it is not None and it not in ("", ())}
    if "failures" in told:
        told["failures"] = [_told(each) for each in told["failures"]]
    return told


def _unpacked(task: dict[str, Any]) -> Attempt:
    failures = tuple(_unpacked(each) for each in task.pop("failures", ()))
    return Attempt(**task, failures=failures)


def _attempt(known: Mapping[str, Any], at: float) -> Attempt:
    # A release before this one did not say when it was started.
    started = known.get("started", at) if "pid" in known else None
    result, seconds = known.get("result", ""), known.get("seconds")
    ended = at if started is None or seconds is None else started + seconds
    return Attempt(
        result=result,
        started=started,
        ended=ended if result else None,
        exit_code=known.get("exit_code"),
        term_signal=known.get("term_signal"),
        detail=known.get("detail", ""),
        failures=tuple(_attempt(each, at) for each in known.get("failures", ())),
    )
