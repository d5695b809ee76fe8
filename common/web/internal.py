"""/internal: what the platform calls by itself. It may call twice, and starts nothing twice."""

from __future__ import annotations

from typing_extensions import TypedDict

from common.dispatch.report.runs import time
from common.dispatch.telling import tell_of_queue, tell_of_sweep
from common.web.asked import Answer, Asked
from common.web.shapes import WakeupData

__all__ = ["Dispatched", "Swept", "sweep", "wake"]


class Dispatched(TypedDict):
    """What was started for a wake-up."""

    started: int


class Swept(TypedDict):
    """What a sweep did."""

    skipped: bool
    rescued: int
    started: int
    next: str | None


def wake(asked: Asked) -> Answer:
    """Do what a wake-up asks."""
    wakeup: WakeupData = asked.body
    if wakeup.kind == "sweep":
        return sweep(asked)
    done = asked.client.dispatcher.answer(wakeup.name)
    tell_of_queue(wakeup.name, done)
    return Answer(content=Dispatched(started=len(done.started)))


def sweep(asked: Asked) -> Answer:
    """Find whatever was left undone, and do it."""
    swept = asked.client.dispatcher.sweep()
    tell_of_sweep(swept)
    found: Swept = {
        "skipped": swept.skipped,
        "rescued": len(swept.rescued),
        "started": len(swept.started),
        "next": time(swept.next),
    }
    return Answer(content=found)
