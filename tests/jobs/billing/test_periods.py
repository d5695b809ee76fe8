"""Billing periods: they tile time, keep their anchor, and follow the clocks where a user lives."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.free_user_period_reset.periods import Period, midnight, period_at
from tests.chaos.counts import trials

ZONES = [
    "UTC",
    "America/Havana",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Etc/GMT+12",
    "Europe/Berlin",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Kwajalein",
]
zones = st.sampled_from(ZONES).map(ZoneInfo)
anchors = st.integers(1, 31)
moments = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 - the zone is said beside it
    datetime(2060, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def labels(anchor: int, begin: str, count: int, zone: str = "UTC") -> list[str]:
    """What the following periods are called."""
    found = [period_at(at(begin), ZoneInfo(zone), anchor)]
    while len(found) < count:
        found.append(period_at(found[-1].end, ZoneInfo(zone), anchor))
    return [period.label for period in found]


@given(moments, zones, anchors)
@settings(max_examples=trials(80, 3_000), deadline=None)
def test_periods_tile_time(moment, zone, anchor):
    period = period_at(moment, zone, anchor)
    assert period.start <= moment < period.end
    second = timedelta(microseconds=1)
    assert period_at(period.start, zone, anchor) == period
    assert period_at(period.end - second, zone, anchor) == period
    assert period_at(period.end, zone, anchor).start == period.end
    assert period_at(period.start - second, zone, anchor).end == period.start


@given(moments, zones, anchors)
@settings(max_examples=trials(80, 3_000), deadline=None)
def test_periods_begin_on_the_anchor_or_on_the_last_day(moment, zone, anchor):
    begins = period_at(moment, zone, anchor).begins
    assert begins.day == min(anchor, monthrange(begins.year, begins.month)[1])


@given(moments, zones, anchors)
@settings(max_examples=trials(30, 1_000), deadline=None)
def test_a_year_has_twelve_periods_one_in_each_month(moment, zone, anchor):
    period = period_at(moment, zone, anchor)
    months = []
    for _ in range(12):
        months.append(period.begins.month)
        period = period_at(period.end, zone, anchor)
    assert sorted(months) == [*range(1, 13)]
    assert timedelta(27) < period.end - period.start < timedelta(32)


def test_who_came_on_the_31st_comes_back_to_it():
    assert labels(31, "2026-12-31", 6) == [
        "2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("anchor", "year", "day"), [(29, 2028, 29), (30, 2028, 29), (29, 2027, 28), (28, 2028, 28)]
)
def test_february_ends_when_it_does(anchor, year, day):
    assert period_at(at(f"{year}-03-01"), UTC, anchor).begins == date(year, 2, day)


@pytest.mark.parametrize(
    ("zone", "day", "moment"),
    [
        ("Pacific/Kiritimati", "2026-12-01", "2026-11-30T10:00"),  # UTC+14
        ("Etc/GMT+12", "2026-12-01", "2026-12-01T12:00"),  # UTC-12
        ("Asia/Kathmandu", "2026-12-01", "2026-11-30T18:15"),  # +5:45
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00"),  # clocks go forward at two
        ("Europe/Berlin", "2026-03-30", "2026-03-29T22:00"),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00"),  # midnight is skipped
        ("America/Havana", "2026-11-01", "2026-11-01T04:00"),  # midnight comes twice
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00"),  # a day that never was
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00"),
    ],
)
def test_a_day_begins_when_clocks_there_say_so(zone, day, moment):
    assert midnight(date.fromisoformat(day), ZoneInfo(zone)) == at(moment)


def test_fourteen_hours_either_way():
    moment = at("2026-11-30T11:00")
    east, west = timezone(timedelta(hours=14)), timezone(-timedelta(hours=14))
    assert period_at(moment, east, 1).label == "2026-12-01"
    assert period_at(moment, west, 1) == Period(
        begins=date(2026, 11, 1), start=at("2026-11-01T14:00"), end=at("2026-12-01T14:00")
    )
