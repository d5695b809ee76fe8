"""Values are read as Google's messages write them, and masks name fields."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from google.protobuf import duration_pb2, timestamp_pb2
from hypothesis import given
from hypothesis import strategies as st

from common.localcloud.errors import ApiError
from common.localcloud.masks import masked, paths
from common.localcloud.values import decimal, duration, named, seconds, time, timestamp, whole

NAMES = ("ZERO", "ONE", "TWO")


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001 - it wants them plain
def test_times_are_written_and_read_as_googles_library_does(at):
    theirs = timestamp_pb2.Timestamp()
    theirs.FromJsonString(timestamp(at))
    assert theirs.ToDatetime(UTC) == at
    assert time({"at": theirs.ToJsonString()}, "at") == at


@given(st.integers(0, 10**9).map(lambda millis: millis / 1000))
def test_durations_are_written_and_read_as_googles_library_does(span):
    theirs = duration_pb2.Duration()
    theirs.FromJsonString(duration(span))
    assert theirs.ToMilliseconds() == round(span * 1000)
    assert seconds({"span": theirs.ToJsonString()}, "span") == pytest.approx(span)


@pytest.mark.parametrize("text", ["2026-11-22T13:00:00+01:00", "2026-11-22T12:00:00.000000999z"])
def test_other_ways_to_write_a_time_are_understood(text):
    assert time({"at": text}, "at") == datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (time, "yesterday"),
        (time, "2026-02-30T00:00:00Z"),
        (time, "0001-01-01T00:00:00+23:59"),
        (time, 5),
        (seconds, "5"),
        (seconds, 5),
        (seconds, "infs"),
        (whole, 1.5),
        (whole, "x"),
        (whole, True),
        (whole, []),
        (whole, float("inf")),
        (decimal, "NaN"),
        (decimal, None),
        (lambda data, field: named(data, field, NAMES), "THREE"),
        (lambda data, field: named(data, field, NAMES), 3),
        (lambda data, field: named(data, field, NAMES), [1]),
    ],
)
def test_what_is_no_such_value_is_refused_by_its_name(read, value):
    with pytest.raises(ApiError, match="culprit"):
        read({"culprit": value}, "culprit")


@pytest.mark.parametrize("value", ["TWO", 2, "2"])
def test_an_enum_is_told_by_name_or_number(value):
    assert named({"it": value}, "it", NAMES) == "TWO"
    assert named({}, "it", NAMES) == "ZERO"


def test_a_mask_is_text_or_a_list_in_either_spelling():
    assert paths("retry_config.max_attempts, state") == ["retryConfig.maxAttempts", "state"]
    assert paths(["a", "b"]) == ["a", "b"]
    assert paths(None) == paths("") == []


def test_a_mask_changes_what_it_names_and_takes_away_what_is_not_said():
    old = {"a": {"b": 1, "c": 2}, "d": 3}
    assert masked(old, {"a": {"b": 9}}, ["a.b", "d"]) == {"a": {"b": 9, "c": 2}}
    assert masked(old, {"e": {"f": [1]}}, ["e.f"]) == {**old, "e": {"f": [1]}}
    assert old == {"a": {"b": 1, "c": 2}, "d": 3}


def test_a_mask_that_leads_nowhere_is_refused():
    with pytest.raises(ApiError, match="updateMask"):
        masked({"a": 1}, {}, ["a.b"])
