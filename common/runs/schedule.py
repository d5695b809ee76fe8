"""When a job runs by itself.

moment   a time at which the schedule says that it runs, in UTC
firing   the run that is made for a moment; at most one, whoever asks for it and however often
overlap  a moment at which the run of the last firing has not ended yet
missed   a moment that nobody saw come, because nothing was there to do so

An expression is what Cloud Scheduler and cron both take, and no more: five fields, with lists,
ranges, steps over a range, and names of months and days. So it means the same everywhere.
https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Literal, get_args

from common.errors import Misconfigured

if TYPE_CHECKING:
    from cronsim import CronSim

__all__ = ["Missed", "Schedule", "instants"]

Missed = Literal["skip", "once"]

_VALUE = "(?:[0-9]{1,2}|[A-Za-z]{3})"
_ITEM = rf"(?:\*|{_VALUE}-{_VALUE})(?:/[1-9][0-9]?)?|{_VALUE}"
_FIELD = re.compile(rf"(?:{_ITEM})(?:,(?:{_ITEM}))*")
_POINT = re.compile(r"0?(\w+)-0?\1/")
"""A range of one value, with a step: cronsim goes on from there to the end."""
_CHANGE = timedelta(hours=3)
"""More than any clocks are put forward or back."""
_BACK = tuple(timedelta(days=days) for days in (1 / 24, 1, 8, 62, 400, 366 * 9))
"""How far back the latest moment is looked for, ever farther: few steps, however seldom it comes.
Nine years hold a 29th of February, whatever the century."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """`Schedule("30 0 * * *", zone="Europe/Berlin")`. Raises Misconfigured for what never comes.

    Where a zone's clocks are put forward, times that are left out come right then. Where they are
    put back, a time that comes twice counts the first time, unless it comes in any hour.
    """

    cron: str
    """Minute, hour, day of the month, month, day of the week."""
    _: KW_ONLY
    zone: str = "UTC"
    """Of the tz database, such as Europe/Berlin."""
    overlap: bool = False
    """Whether it fires, too, while the run of the last firing has not ended."""
    missed: Missed = "skip"
    """What becomes of moments that were missed: nothing, or one run for all of them."""

    def __post_init__(self) -> None:
        if problem := self._problem():
            raise Misconfigured(f"Schedule {self.cron!r}: {problem}.")

    def __str__(self) -> str:
        return self.cron if self.zone == "UTC" else f"{self.cron} {self.zone}"

    @classmethod
    def read(cls, text: str) -> Schedule:
        """One of which `str` said this. Raises Misconfigured."""
        *fields, zone = text.split() if len(text.split()) == 6 else [*text.split(), "UTC"]
        return cls(" ".join(fields), zone=zone)

    def next(self, after: datetime) -> datetime:
        """The first moment after that time."""
        return next(moment for moment in self._from(after) if moment > after)

    def latest(self, now: datetime) -> datetime | None:
        """The last moment until now, now included; None if there was none in nine years."""
        for back in _BACK:
            if found := self._last(now - back, now):
                return found
        return None

    def _last(self, begin: datetime, now: datetime) -> datetime | None:
        last = None
        for moment in self._from(begin):
            if moment > now:
                break
            last = moment
        return last

    def _from(self, begin: datetime) -> Iterator[datetime]:
        """Moments in order, from some hours before that time on.

        What clocks show is asked of cronsim without a zone, which it sees through in whole hours
        only.
        """
        zone, waiting = _zone(self.zone), list[datetime]()
        again = self.cron.split()[1].startswith("*")
        shown = begin.astimezone(zone).replace(tzinfo=None) - _CHANGE
        for local in _cron(self.cron, shown):
            first, second = instants(local, zone)
            while waiting and waiting[0] <= first:
                yield heappop(waiting)
            yield first
            if again and second is not None:
                heappush(waiting, second)

    def _problem(self) -> str | None:
        if self.missed not in get_args(Missed):
            return f"missed={self.missed!r} is neither 'skip' nor 'once'"
        if problem := _unlike(self.cron.split()):
            return problem
        try:
            _zone(self.zone)
        except (KeyError, ValueError, OSError):
            return f"there is no time zone {self.zone!r}: use a name like Europe/Berlin"
        return _never(self.cron)


def _unlike(fields: list[str]) -> str | None:
    """What makes it no expression that Cloud Scheduler and cron read alike."""
    if len(fields) != 5:
        return "it has not five fields: minute, hour, day of the month, month, day of the week"
    for field in fields:
        if not _FIELD.fullmatch(field) or _POINT.search(field):
            return f"{field!r} is not made of *, values, ranges and steps like */5 or 8-18/2"
    _, _, day, _, weekday = fields
    if "*" not in {day, weekday} and "*" in day + weekday:
        return "a day of the month and one of the week, one of them with *, are read in two ways"
    return None


def _never(cron: str) -> str | None:
    from cronsim import CronSimError

    try:
        next(_cron(cron, datetime(2026, 1, 1)))  # noqa: DTZ001 - what clocks show, anywhere
    except CronSimError as error:
        return f"{str(error).lower()}: a value is out of its range"
    except StopIteration:
        return "it never comes"
    return None


def _cron(cron: str, begin: datetime) -> CronSim:
    from cronsim import CronSim

    return CronSim(cron, begin)


def instants(local: datetime, zone: tzinfo) -> tuple[datetime, datetime | None]:
    """When clocks show it, or when those are put forward that leave it out; and the second time."""
    first = local.replace(tzinfo=zone).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first == second:
        return first, None
    if first < second:
        return first, second
    while first.astimezone(zone).replace(tzinfo=None) != local:
        local += timedelta(minutes=1)
        first = local.replace(tzinfo=zone).astimezone(UTC)
    return first, None


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)
