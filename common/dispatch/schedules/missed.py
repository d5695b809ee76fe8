"""What a sweep does for schedules that a platform fires: make up for what it missed.

Only what is declared so (`missed="once"`), only long after its moment, so that a start may still
come, and only while the platform says that it would fire: who paused it there has meant it.
"""

from __future__ import annotations

from collections.abc import Sequence

from common.dispatch.schedules.base import Schedules
from common.runs import Run
from common.runs.firing import LATE, Verdict, by_clock
from common.runs.firings import Scheduled
from common.runtime.log import Log

__all__ = ["make_up"]


def make_up(schedules: Schedules, jobs: Sequence[Scheduled]) -> list[Run]:
    """Make a run for each of these jobs whose last moment was missed, pending, to be dispatched."""
    firings = schedules.firings
    for each in jobs:
        firings.note(each.job, each.schedule)
    due = [each for each in jobs if _is_due(schedules, each)]
    if not due:
        return []
    firing = {entry.job for entry in schedules.list() if entry.state == "active"}
    return [run for each in due if each.job in firing and (run := _made(schedules, each))]


def _is_due(schedules: Schedules, scheduled: Scheduled) -> bool:
    standing, now = schedules.firings.get(scheduled.job), schedules.firings.documents.now()
    return by_clock(scheduled.schedule, standing, now, after=LATE).verdict is Verdict.FIRE


def _made(schedules: Schedules, scheduled: Scheduled) -> Run | None:
    fired = schedules.firings.tick(scheduled, after=LATE)
    if fired.verdict is not Verdict.FIRE or fired.run is None:
        return None
    message = f"{fired.job} was to fire at {fired.moment:%F %R %Z}, and does now."
    Log().warning(message, action="made-up", job=fired.job, run=fired.run.id)
    return fired.run
