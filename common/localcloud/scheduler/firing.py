"""When a Scheduler job fires: pure functions from a job to the job as it shall be.

next     when it fires by its schedule, in what is kept of a job
forced   when somebody said that it shall fire besides: RunJob
firing   what fires now: for which time, its tries, and when the next try, or the end of the claim
         on this one, is due

A job never fires twice at once. What comes due while it does fires afterwards, once. What came due
while nobody served is left out, as whoever was away did not see it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from common.localcloud.answers import Answer
from common.localcloud.deliveries import CLAIM
from common.localcloud.rpc import Json
from common.localcloud.scheduler.fields import retry_of, schedule_of
from common.localcloud.store import Resource
from common.localcloud.values import time, timestamp

__all__ = [
    "AGENDA",
    # what users do
    "enabled",
    "forced",
    "paused",
    "planned",
    # what time does
    "begun",
    "ended",
    "headers",
    "late",
    "renewed",
    "skipped",
    "tries",
]

AGENDA = "scheduler"
_LATE = timedelta(seconds=60)
"""What is due for so long came due while nobody served."""


def planned(job: Resource, data: Json, now: datetime) -> Resource:
    """The job is, or is now, so: it fires next after now."""
    kept = {**job.kept, "next": timestamp(schedule_of(data).next(now))}
    if not kept.get("firing", {}).get("held"):
        kept.pop("firing", None)
    return _due(replace(job, data=data, kept=kept))


def enabled(job: Resource, now: datetime) -> Resource:
    """It fires by its schedule from now on."""
    return planned(job, {**job.data, "state": "ENABLED"}, now)


def paused(job: Resource) -> Resource:
    """It does not fire any more; what is under way goes on."""
    firing = job.kept.get("firing", {})
    kept = {**job.kept, "firing": firing if firing.get("held") else {}}
    return _due(replace(job, data={**job.data, "state": "PAUSED"}, kept=kept))


def forced(job: Resource, now: datetime) -> Resource:
    """It fires at once, or after what is under way."""
    return _due(replace(job, kept={**job.kept, "forced": timestamp(now)}))


def late(job: Resource, now: datetime) -> bool:
    """Whether it came due while nobody served."""
    waits = job.kept.get("firing") or not job.kept.get("forced")
    return bool(waits and job.due and job.due < now - _LATE)


def skipped(job: Resource, now: datetime) -> Resource:
    """What is late is left out."""
    kept = {**job.kept, "firing": {}, "next": timestamp(schedule_of(job.data).next(now))}
    return _due(replace(job, kept=kept))


def begun(job: Resource, now: datetime) -> Resource:
    """A try begins: of what failed before, of what is forced, or by the schedule."""
    kept = dict(job.kept)
    firing = kept.get("firing") or _new_firing(job, kept)
    kept["firing"] = {
        **firing,
        "tries": firing["tries"] + 1,
        "first": firing.get("first", timestamp(now)),
        "due": timestamp(now + CLAIM),
        "held": True,
    }
    return _due(replace(job, data={**job.data, "lastAttemptTime": timestamp(now)}, kept=kept))


def _new_firing(job: Resource, kept: Json) -> Json:
    """Of a time that, by this, is dealt with."""
    if forced := kept.pop("forced", None):
        return {"at": forced, "tries": 0}
    at = kept["next"]
    kept["next"] = timestamp(schedule_of(job.data).next(_time(at)))
    return {"at": at, "tries": 0}


def renewed(job: Resource, attempt: int, now: datetime) -> Resource | None:
    """The try goes on; None where it is no longer the last one."""
    if tries(job) != attempt or not job.kept["firing"]["held"]:
        return None
    firing = {**job.kept["firing"], "due": timestamp(now + CLAIM)}
    return _due(replace(job, kept={**job.kept, "firing": firing}))


def ended(job: Resource, answer: Answer, now: datetime) -> Resource:
    """A try has ended: there is another one, or the firing is over."""
    firing, retry = job.kept["firing"], retry_of(job.data)
    again = now + timedelta(seconds=retry.wait(firing["tries"]))
    elapsed = (now - _time(firing["first"])).total_seconds()
    over = answer.good or retry.over(firing["tries"], elapsed) or _overtaken(job, again)
    waits = {} if over else {**firing, "due": timestamp(again), "held": False}
    kept = {**job.kept, "firing": waits, "next": _caught_up(job, now)}
    return _due(replace(job, data={**job.data, "status": answer.rpc}, kept=kept))


def _overtaken(job: Resource, again: datetime) -> bool:
    """Whether the next time by the schedule comes before a try would."""
    return bool(job.data["state"] == "ENABLED" and again >= _time(job.kept["next"]))


def tries(job: Resource) -> int:
    """How often what fires now was tried; 0 where nothing does."""
    found: int = job.kept.get("firing", {}).get("tries", 0)
    return found


def headers(job: Resource) -> dict[str, str]:
    """What the service adds to the request of the try that just began."""
    return {
        "X-CloudScheduler": "true",
        "X-CloudScheduler-JobName": job.id,
        "X-CloudScheduler-ScheduleTime": job.kept["firing"]["at"],
    }


def _caught_up(job: Resource, now: datetime) -> str:
    """Of the times that came while it fired the last one is left."""
    following: str = job.kept["next"]
    last = schedule_of(job.data).latest(now) if _time(following) <= now else None
    return timestamp(last) if last else following


def _due(job: Resource) -> Resource:
    """With the time at which something is to be done about it."""
    kept, on = job.kept, job.data["state"] == "ENABLED"
    firing = kept.get("firing") or {}
    said = firing.get("due") or kept.get("forced") or (kept["next"] if on else None)
    shown = kept["next"] if firing.get("held") else said
    data = {**job.data, "scheduleTime": shown} if shown else job.data
    return replace(job, data=data, agenda=AGENDA, due=_time(said) if said else None)


def _time(text: str) -> datetime:
    found = time({"time": text}, "time")
    assert found is not None  # noqa: S101 - it is never empty
    return found
