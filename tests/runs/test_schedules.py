"""When a schedule's moments are, in every zone and whatever its clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from common.errors import Misconfigured
from common.runs import Schedule

MINUTE = timedelta(minutes=1)
CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2026, 3, 22, 2, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 1, 1, tzinfo=UTC)),
    ("UTC", datetime(2028, 2, 29, tzinfo=UTC)),
]
"""Zones, and when their clocks change (or something else is odd)."""


@st.composite
def moments(draw):
    """A zone, and a time near a change of its clocks."""
    zone, change = draw(st.sampled_from(CHANGES))
    seconds = draw(st.integers(-3 * 86400, 3 * 86400))
    return zone, change + timedelta(seconds=seconds, microseconds=draw(st.integers(0, 999_999)))


def field(low: int, high: int):
    value = st.integers(low, high)
    two = st.tuples(value, value).filter(lambda it: it[0] != it[1]).map(sorted)
    item = st.one_of(
        value.map(str),
        two.map(lambda it: f"{it[0]}-{it[1]}"),
        st.tuples(two, st.integers(1, 9)).map(lambda it: f"{it[0][0]}-{it[0][1]}/{it[1]}"),
        st.integers(1, 30).map(lambda step: f"*/{step}"),
    )
    return st.one_of(st.just("*"), st.lists(item, min_size=1, max_size=3).map(",".join))


FREQUENT = st.tuples(field(0, 59), field(0, 23)).map(lambda it: f"{it[0]} {it[1]} * * *")
CRONS = st.tuples(
    field(0, 59), field(0, 23), st.sampled_from(["*", "1", "1-7", "10,20"]), st.just("*")
).flatmap(lambda it: st.sampled_from([f"{' '.join(it)} *", f"{' '.join(it[:2])} * * 1-5"]))


# --- what is taken


@pytest.mark.parametrize(
    "cron",
    [
        *("30 0 * * *", "15 */2 * * *", "0 2 * * 0", "0 1 * * *", "0 4 * * 6", "45 6 * * *"),
        *("0 0 29 2 *", "0 9-17/2 * jan,JUL mon-fri", "0 0 1,15 * 1", "*/5,7 * * * 7"),
        "* * * * *",
    ],
)
def test_what_cron_and_cloud_scheduler_both_take_is_taken(cron):
    now = datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)
    assert Schedule(cron).latest(now) < now < Schedule(cron).next(now)


@pytest.mark.parametrize(
    ("cron", "problem"),
    [
        ("", "it has not five fields"),
        ("* * * * * *", "it has not five fields"),
        ("@daily", "it has not five fields"),
        ("every 5 minutes", "it has not five fields"),
        ("60 * * * *", "bad minute"),
        ("0 24 * * *", "bad hour"),
        ("0 0 0 * *", "bad day-of-month"),
        ("0 0 * 13 *", "bad month"),
        ("0 0 * * 8", "bad day-of-week"),
        ("0 0 * foo *", "bad month"),
        ("0 5-1 * * *", "bad hour"),
        ("*/0 * * * *", "is not made of"),
        ("5/15 * * * *", "'5/15' is not made of"),
        ("5-5/15 * * * *", "'5-5/15' is not made of"),
        ("0 5,03-3/2 * * *", "'5,03-3/2' is not made of"),
        ("0 0 L * *", "'L' is not made of"),
        ("0 0 * * 5#2", "'5#2' is not made of"),
        ("0 0 * * \N{ARABIC-INDIC DIGIT ONE}", "is not made of"),
        ("0 0 * * -1", "is not made of"),
        ("0 0 ? * *", "is not made of"),
        ("0 0 */2 * 1", "are read in two ways"),
        ("0 0 30 2 *", "bad day-of-month"),
        ("0 0 31 4,6 *", "bad day-of-month"),
    ],
)
def test_what_only_one_of_them_takes_or_never_comes_is_refused(cron, problem):
    with pytest.raises(Misconfigured, match=rf"Schedule '.*{problem}"):
        Schedule(cron)


@pytest.mark.parametrize("zone", ["", "utc", "Berlin", "America", "../UTC", "/etc/passwd", "x\0y"])
def test_a_zone_that_is_not_there_is_refused(zone):
    with pytest.raises(Misconfigured, match="there is no time zone"):
        Schedule("0 2 * * *", zone=zone)


def test_what_becomes_of_the_missed_is_one_of_two_words():
    with pytest.raises(Misconfigured, match="neither 'skip' nor 'once'"):
        Schedule("0 2 * * *", missed="all")


def test_it_reads_like_its_expression_and_its_zone_where_that_is_not_utc():
    assert str(Schedule("0 2 * * *")) == "0 2 * * *"
    berlin = Schedule("0 2 * * *", zone="Europe/Berlin")
    assert str(berlin) == "0 2 * * * Europe/Berlin"
    assert Schedule.read(str(berlin)) == berlin
    assert Schedule.read("0 2  * * *") == Schedule("0 2 * * *")


# --- its moments


@given(CRONS, moments())
@settings(max_examples=100, deadline=None)
@example("30 2 * * *", ("Europe/Berlin", datetime(2026, 3, 29, 1, 0, 30, tzinfo=UTC)))
@example("0,30 2,3 * * *", ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)))
@example("45 1 * * *", ("America/New_York", datetime(2026, 11, 1, 6, 30, tzinfo=UTC)))
def test_time_lies_between_its_latest_moment_and_the_next(cron, near):
    zone, now = near
    schedule = Schedule(cron, zone=zone)
    latest, coming = schedule.latest(now), schedule.next(now)
    assert latest <= now < coming
    assert schedule.next(latest) == coming
    assert schedule.latest(coming) == coming
    assert schedule.latest(coming - timedelta(microseconds=1)) == latest
    assert (coming.second, coming.microsecond, coming.tzinfo) == (0, 0, UTC)


@given(FREQUENT, st.integers(0, 60 * 24 * 400))
@settings(max_examples=200, deadline=None)
def test_in_utc_they_are_the_minutes_that_match_its_fields(cron, minutes):
    now = datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE
    expected = now + MINUTE
    while not matches(cron, expected):
        expected += MINUTE
    assert Schedule(cron).next(now) == expected


def matches(cron: str, at: datetime) -> bool:
    minute, hour, *_ = cron.split()
    return at.minute in values(minute, 59) and at.hour in values(hour, 23)


def values(said: str, most: int) -> set[int]:
    found: set[int] = set()
    for item in said.split(","):
        span, _, step = item.partition("/")
        low, _, high = ("0-" + str(most) if span == "*" else span).partition("-")
        found |= {*range(int(low), int(high or low) + 1, int(step or 1))}
    return found


@given(st.integers(0, 23), st.integers(0, 59), st.sampled_from(CHANGES))
@settings(max_examples=150, deadline=None)
def test_a_time_of_day_comes_once_a_day_also_when_clocks_change(hour, minute, change):
    zone, around = change
    schedule = Schedule(f"{minute} {hour} * * *", zone=zone)
    days, moment = [], around - timedelta(days=3)
    for _ in range(6):
        moment = schedule.next(moment)
        days.append(moment.astimezone(ZoneInfo(zone)).date())
    assert [later - earlier for earlier, later in pairwise(days)] == [timedelta(days=1)] * 5


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_what_comes_in_any_hour_goes_by_the_time_that_passes(zone, change):
    schedule, moment = Schedule("*/15 * * * *", zone=zone), change - timedelta(hours=6)
    for _ in range(50):
        assert schedule.next(moment) - moment == 15 * MINUTE
        moment = schedule.next(moment)


def test_a_time_that_is_left_out_comes_when_the_clocks_have_been_put_forward():
    schedule = Schedule("30 2 * * *", zone="Europe/Berlin")
    assert schedule.next(datetime(2026, 3, 28, 12, tzinfo=UTC)) == datetime(
        2026, 3, 29, 1, tzinfo=UTC
    )


def test_a_time_that_comes_twice_counts_the_first_time():
    schedule = Schedule("30 2 * * *", zone="Europe/Berlin")
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert schedule.next(datetime(2026, 10, 24, 12, tzinfo=UTC)) == first
    assert schedule.next(first).day == 26
    assert schedule.latest(datetime(2026, 10, 25, 1, 45, tzinfo=UTC)) == first


def test_the_latest_is_found_however_seldom_it_comes():
    leap = Schedule("0 0 29 2 *")
    assert leap.latest(datetime(2103, 3, 1, tzinfo=UTC)) == datetime(2096, 2, 29, tzinfo=UTC)
