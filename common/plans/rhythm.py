"""When the runs of a day are due: spread evenly, by what clocks show somewhere.

day      begins when clocks show `start`, and ends at `until` or, without it, where the next begins
moment   when a run is due. Moments are equally far apart in time itself, so on a day of 23 hours
         fewer of them fit, and on one of 25 more

A time that is left out when clocks are put forward comes right then; one that comes twice counts
the first time: as schedules have it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from common.errors import InvalidInput
from common.runs.schedule import instants

__all__ = ["MOST_A_DAY", "Rhythm", "local_minute", "this_minute"]

MOST_A_DAY = 5_000
_MOST_AN_HOUR = 3_600
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """How a day's runs are spread. Raises InvalidInput for what cannot be."""

    per_day: int | None = None
    """At most so many; None for as many as fit."""
    per_hour: int | None = None
    """So many in each hour from the start on; None for all of the day's over all of it."""
    start: str = "00:00"
    """What clocks show when the day begins."""
    until: str | None = None
    """And when it ends, by then the next morning if that is not after the start."""
    zone: str = "UTC"
    """Whose clocks, such as Europe/Berlin."""

    def __post_init__(self) -> None:
        if self.per_day is None and self.per_hour is None:
            raise InvalidInput("Say how many: per day, per hour, or both.")
        _check("per day", self.per_day, MOST_A_DAY)
        _check("per hour", self.per_hour, _MOST_AN_HOUR)
        for said in (self.start, self.until):
            if said is not None and not _TIME.fullmatch(said):
                raise InvalidInput(f"{said!r} is not a time of the day like 08:00.")
        self.clock()

    def clock(self) -> ZoneInfo:
        """The zone. Raises InvalidInput where there is none of that name."""
        try:
            return ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            raise InvalidInput(
                f"There is no time zone {self.zone!r}: use a name like Europe/Berlin."
            ) from None

    def window(self, day: date) -> tuple[datetime, datetime]:
        """When that day begins and ends."""
        until = self.until or self.start
        try:
            last = day if until > self.start else day + timedelta(days=1)
            return self._instant(day, self.start), self._instant(last, until)
        except OverflowError:
            raise InvalidInput(f"{day} is beyond the days that are counted.") from None

    def fitting(self, day: date) -> int:
        """How many would fit into that day; as many as are asked for where it says none."""
        begin, end = self.window(day)
        if self.per_hour is None:
            return (self.per_day or 0) if begin < end else 0
        return max(0, -((begin - end) * self.per_hour // _HOUR))

    def moments(self, day: date) -> list[datetime]:
        """When that day's runs are due, in order."""
        count = min(self.fitting(day), MOST_A_DAY if self.per_day is None else self.per_day)
        begin, end = self.window(day)
        if self.per_hour is None:
            return _evenly(begin, end, count)
        return [begin + number * _HOUR // self.per_hour for number in range(count)]

    def rest(self, day: date, since: datetime, count: int) -> list[datetime]:
        """When so many runs are due that are spread anew over what is left of that day, or as many
        of them as fit."""
        if self.per_hour is None:
            begin, end = self.window(day)
            return _evenly(max(begin, since), end, count)
        full = replace(self, per_day=None).moments(day)
        return [moment for moment in full if moment >= since]

    def today(self, now: datetime) -> date:
        """What day it is there."""
        return now.astimezone(self.clock()).date()

    def coming(self, now: datetime) -> date:
        """The first day that has not begun."""
        day = self.today(now)
        return day if self.window(day)[0] > now else day + timedelta(days=1)

    def _instant(self, day: date, shown: str) -> datetime:
        return instants(datetime.combine(day, time.fromisoformat(shown)), self.clock())[0]

    def __str__(self) -> str:
        many = [
            *([f"{self.per_day:,} a day"] if self.per_day else []),
            *([f"{self.per_hour:,} an hour"] if self.per_hour else []),
        ]
        until = f" until {self.until}" if self.until else ""
        return f"{', '.join(many)} from {self.start}{until} {self.zone}"


def _evenly(begin: datetime, end: datetime, count: int) -> list[datetime]:
    if begin >= end:
        return []
    return [begin + number * (end - begin) // count for number in range(count)]


def local_minute(now: datetime, zone: str) -> str:
    """What clocks show there, without the seconds."""
    return f"{now.astimezone(Rhythm(per_day=1, zone=zone).clock()):%H:%M}"


def _check(what: str, count: int | None, most: int) -> None:
    if count is not None and not 1 <= count <= most:
        raise InvalidInput(f"{what.capitalize()} it is 1 to {most:,}, not {count:,}.")


def this_minute(now: datetime) -> datetime:
    """When the minute began: what is due from then on is not past yet."""
    return now.astimezone(UTC).replace(second=0, microsecond=0)
