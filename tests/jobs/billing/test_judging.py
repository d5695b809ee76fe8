"""What is to be done with an event, and which of several arrived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.data.usage import UsageEvent
from jobs.stripe_usage_reconciliation.deciding import arrived
from jobs.stripe_usage_reconciliation.judging import Todo, identifier_of, judge
from jobs.stripe_usage_reconciliation.meters import Meter
from tests.chaos.counts import trials

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
METERS = {
    "pages": Meter(
        id="mtr_1", event_name="pages", formula="sum", customer_key="c", value_key="v"
    )
}  # fmt: skip


def event(**fields) -> UsageEvent:
    usual = {
        "id": "e1",
        "tenant": "t",
        "user": "u",
        "metric": "pages",
        "quantity": 1,
        "at": NOW,
        "customer": "cus_1",
        "event_name": "pages",
        "state": "unreported",
        "identifier": "",
        "sent_at": None,
        "reported_at": None,
        "why": "",
        "version": "",
    }
    return UsageEvent(**usual | fields)


def ago(**span) -> datetime:
    return NOW - timedelta(**span)


@pytest.mark.parametrize(
    ("fields", "todo"),
    [
        ({}, Todo.SEND),
        ({"at": ago(days=34)}, Todo.SEND),
        ({"at": ago(days=35)}, Todo.LATE),
        ({"at": ago(minutes=-3)}, Todo.SEND),
        ({"at": ago(minutes=-5)}, Todo.WAIT),
        ({"quantity": 0}, Todo.REFUSE),
        ({"quantity": -1}, Todo.REFUSE),
        ({"customer": ""}, Todo.REFUSE),
        ({"event_name": ""}, Todo.REFUSE),
        ({"event_name": "x" * 101}, Todo.REFUSE),
        ({"identifier": "x" * 101}, Todo.REFUSE),
        ({"event_name": "films"}, Todo.WAIT),
        ({"state": "sending", "sent_at": ago(hours=22)}, Todo.SEND),
        ({"state": "sending", "sent_at": ago(hours=23)}, Todo.SETTLE),
        ({"state": "sending", "sent_at": None}, Todo.SETTLE),
        ({"state": "sending", "sent_at": ago(hours=1), "at": ago(days=36)}, Todo.WAIT),
        ({"state": "sending", "sent_at": ago(hours=1), "event_name": "films"}, Todo.WAIT),
    ],
)
def test_what_is_to_be_done(fields, todo):
    verdict = judge(event(**fields), METERS, NOW)
    assert verdict.todo is todo
    assert bool(verdict.why) is (todo not in {Todo.SEND, Todo.SETTLE})


@pytest.mark.parametrize("id", ["e1", "x" * 100, "x" * 101, "é"])
def test_an_identifier_is_short_and_stays(id):
    found = identifier_of(event(id=id))
    assert found == identifier_of(event(id=id))
    assert len(found) <= 100
    assert found.isascii()
    assert identifier_of(event(id=id, identifier="kept")) == "kept"


@pytest.mark.parametrize(
    ("more", "weights", "found"),
    [
        (0, [3, 5], [False, False]),
        (8, [3, 5], [True, True]),
        (5, [3, 5], [False, True]),
        (4, [3, 5], None),
        (5, [2, 3, 5], None),
        (1, [1, 1], [True, False]),
        (-1, [3], None),
        (1.5, [1, 2], None),
        (0, [], []),
    ],
)
def test_which_of_several_arrived(more, weights, found):
    assert arrived(more, weights) == found


@given(st.lists(st.tuples(st.integers(1, 20), st.booleans()), max_size=6))
@settings(max_examples=trials(50, 3_000), deadline=None)
def test_what_is_said_to_have_arrived_adds_up(events):
    """And weighs what arrived in truth: whoever pays is charged for just that."""
    more = sum(weight for weight, came in events if came)
    found = arrived(more, [weight for weight, _ in events])
    if found is not None:
        told = sorted(weight for (weight, _), flag in zip(events, found, strict=True) if flag)
        assert told == sorted(weight for weight, came in events if came)


def test_too_many_ways_are_not_tried():
    assert arrived(1, [1 << number for number in range(20)]) is None
