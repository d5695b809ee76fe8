"""How a day's runs are spread, in every zone and over every change of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from common.errors import InvalidInput
from common.plans.rhythm import Rhythm, local_minute
from tests.chaos.counts import trials
from tests.plans.conftest import steps

ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"),
    *("Pacific/Apia", "Africa/Casablanca", "America/St_Johns", "Asia/Kathmandu"),
)
rhythms = some.builds(
    Rhythm,
    per_day=some.integers(1, 500),
    per_hour=some.none() | some.integers(1, 60),
    start=some.times().map(lambda time: f"{time:%H:%M}"),
    until=some.none() | some.times().map(lambda time: f"{time:%H:%M}"),
    zone=some.sampled_from(ZONES),
)
days = some.dates(date(2011, 12, 25), date(2030, 12, 31)) | some.sampled_from(
    [date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29), date(2011, 12, 30)]
)
BERLIN = "Europe/Berlin"
EXAMPLES = trials(40, 5_000)


@given(rhythms, days)
@settings(max_examples=EXAMPLES, deadline=None)
def test_moments_are_evenly_apart_within_their_day_and_as_many_as_are_asked_for_and_fit(
    rhythm, day
):
    begin, end = rhythm.window(day)
    moments = rhythm.moments(day)
    assert len(moments) == min(rhythm.fitting(day), rhythm.per_day)
    assert all(begin <= moment < end for moment in moments)
    if not moments:
        assert begin >= end
        return
    assert moments[0] == begin
    length = (
        timedelta(hours=1) / rhythm.per_hour if rhythm.per_hour else (end - begin) / len(moments)
    )
    assert all(abs(step - length) <= timedelta(microseconds=1) for step in steps(moments))
    if rhythm.per_hour and len(moments) < rhythm.per_day:
        assert moments[-1] + length >= end - timedelta(
            microseconds=1
        )  # there is no room for one more


@given(rhythms, days)
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_day_ends_where_the_next_begins_unless_something_else_is_said(rhythm, day):
    begin, end = rhythm.window(day)
    following = rhythm.window(day + timedelta(days=1))[0]
    assert begin <= end <= following if rhythm.until else begin <= end == following


@given(rhythms, days)
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_day_begins_when_clocks_show_so_or_when_they_are_put_forward_over_that(rhythm, day):
    begin = rhythm.window(day)[0].astimezone(rhythm.clock())
    shown = f"{begin:%F %H:%M}"
    wanted = f"{day} {rhythm.start}"
    before = (begin.astimezone(UTC) - timedelta(minutes=1)).astimezone(rhythm.clock())
    assert shown == wanted or f"{before:%F %H:%M}" < wanted < shown


@given(rhythms, days, some.integers(0, 48 * 60), some.integers(1, 300))
@settings(max_examples=EXAMPLES, deadline=None)
def test_what_is_spread_anew_lies_in_what_is_left_of_the_day(rhythm, day, minutes, count):
    begin, end = rhythm.window(day)
    since = begin + timedelta(minutes=minutes - 60)
    dues = rhythm.rest(day, since, count)
    assert all(max(begin, since) <= due < end for due in dues)
    assert dues == sorted(set(dues))
    if rhythm.per_hour is None and since < end and begin < end:
        assert len(dues) == count


@pytest.mark.parametrize(
    ("day", "fitting"),
    [(date(2026, 3, 29), 92), (date(2026, 10, 25), 100), (date(2026, 11, 24), 96)],
)
def test_a_day_of_23_or_25_hours_has_room_for_fewer_or_more(day, fitting):
    rhythm = Rhythm(per_day=96, per_hour=4, zone=BERLIN)
    assert (rhythm.fitting(day), len(rhythm.moments(day))) == (fitting, min(fitting, 96))


def test_a_day_that_begins_in_the_evening_goes_on_past_midnight():
    moments = Rhythm(per_hour=1, start="20:00", until="06:00", zone=BERLIN).moments(
        date(2028, 2, 29)
    )
    shown = [
        f"{moment.astimezone(Rhythm(per_day=1, zone=BERLIN).clock()):%d %H}" for moment in moments
    ]
    assert shown == [
        *(f"29 {hour}" for hour in range(20, 24)),
        *(f"01 0{hour}" for hour in range(6)),
    ]


def test_a_day_that_is_left_out_has_no_moments():
    assert Rhythm(per_day=96, per_hour=4, zone="Pacific/Apia").moments(date(2011, 12, 30)) == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "how many"),
        ({"per_day": 0}, "Per day it is 1 to 5,000, not 0"),
        ({"per_day": 5_001}, "not 5,001"),
        ({"per_hour": -4}, "Per hour"),
        ({"per_day": 1, "start": "8:00"}, "'8:00' is not a time"),
        ({"per_day": 1, "until": "24:00"}, "'24:00' is not a time"),
        ({"per_day": 1, "zone": "Mars/Olympus"}, "no time zone 'Mars/Olympus'"),
        ({"per_day": 1, "zone": "../../etc/passwd"}, "no time zone"),
        ({"per_day": 1, "zone": ""}, "no time zone"),
    ],
)
def test_what_cannot_be_is_a_sentence(said, words):
    with pytest.raises(InvalidInput, match=words):
        Rhythm(**said)


def test_the_last_day_that_is_counted_is_a_sentence():
    with pytest.raises(InvalidInput, match="beyond the days"):
        Rhythm(per_day=1).window(date.max)


def test_the_minute_is_what_clocks_show_there():
    assert local_minute(datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC), BERLIN) == "13:34"
