"""free-user-period-reset: whose period is over is in the next one, once, and nobody else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from common.data.usage import USAGE_COUNTERS, counter_data, counter_id
from common.data.users import USERS
from common.documents import Create, Query
from jobs.free_user_period_reset.periods import period_at
from tests.jobs.billing.billing import RESET


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def in_november(ledger, id: str = "u1", **fields) -> None:
    """A user whose period ended with 30 November, in UTC."""
    ledger.user(
        id,
        **{
            "created": at("2026-01-01"),
            "anchor_day": 1,
            "period": "2026-11-01",
            "period_start": at("2026-11-01"),
            "period_end": at("2026-12-01"),
            **fields,
        },
    )


def test_who_is_due_is_in_the_next_period_with_a_counter_at_0(each_ledger):
    ledger = each_ledger
    in_november(ledger)
    ledger.pass_to(at("2026-12-01T00:30"))
    result = ledger.reset()
    assert result["success"] is True
    assert result["message"] == "Period reset completed for 1 free users"
    assert (result["updated_count"], result["created_count"]) == (1, 1)
    user = ledger[USERS, "u1"]
    assert user["period"] == "2026-12-01"
    assert (user["period_start"], user["period_end"]) == (at("2026-12-01"), at("2027-01-01"))
    assert ledger.counters() == {("u1", "2026-12-01"): 0}


def test_a_second_run_of_the_day_changes_nothing(each_ledger):
    ledger = each_ledger
    in_november(ledger)
    ledger.pass_to(at("2026-12-01T00:30"))
    ledger.reset()
    before = ledger.documents.get(USERS, "u1")
    assert ledger.reset()["updated_count"] == 0
    assert ledger.documents.get(USERS, "u1") == before


@pytest.mark.parametrize(
    "fields",
    [
        {"plan": "paid"},
        {"period_end": at("2026-12-01T00:30:01")},
        {"period_end": None},
    ],
)
def test_who_pays_or_is_not_due_is_left_alone(ledger, fields):
    in_november(ledger, **fields)
    before = ledger.documents.get(USERS, "u1")
    ledger.pass_to(at("2026-12-01T00:30"))
    assert ledger.reset()["updated_count"] == 0
    assert ledger.documents.get(USERS, "u1") == before


def test_a_counter_that_the_application_made_meanwhile_stays(each_ledger):
    ledger = each_ledger
    for id in ("u1", "u2", "u3"):
        in_november(ledger, id)
    made = counter_data(
        tenant="", user="u2", metric="pages", period="2026-12-01",
        period_end=at("2027-01-01"), used=7,
    )  # fmt: skip
    ledger.documents.commit(
        [Create(USAGE_COUNTERS, counter_id("", "u2", "pages", "2026-12-01"), made)]
    )
    ledger.pass_to(at("2026-12-01T00:30"))
    result = ledger.reset()
    assert (result["updated_count"], result["created_count"]) == (3, 2)
    assert ledger.counters() == {
        ("u1", "2026-12-01"): 0, ("u2", "2026-12-01"): 7, ("u3", "2026-12-01"): 0,
    }  # fmt: skip


def test_who_buys_a_plan_at_the_same_moment_keeps_it(each_ledger, monkeypatch):
    """Between the look at a user and the write."""
    ledger = each_ledger
    in_november(ledger)
    in_november(ledger, "u2")
    ledger.pass_to(at("2026-12-01T00:30"))
    commit, bought = type(ledger.documents)._commit, []

    def late(store, writes, token):
        if any((write.collection, write.id) == (USERS, "u1") for write in writes) and not bought:
            bought.append(1)
            ledger.change(USERS, "u1", plan="paid")
        return commit(store, writes, token)

    monkeypatch.setattr(type(ledger.documents), "_commit", late)
    result = ledger.reset()
    assert result["updated_count"] == 1
    assert ledger[USERS, "u1"]["plan"] == "paid"
    assert ledger[USERS, "u1"]["period"] == "2026-11-01"
    assert ledger[USERS, "u2"]["period"] == "2026-12-01"
    assert ledger.counters() == {("u2", "2026-12-01"): 0}


def test_missed_months_are_caught_up_in_one_go(ledger):
    in_november(ledger)
    ledger.pass_to(at("2027-04-10"))
    result = ledger.reset()
    assert (result["updated_count"], result["missed_count"]) == (1, 1)
    user = ledger[USERS, "u1"]
    assert (user["period"], user["period_start"]) == ("2027-04-01", at("2027-04-01"))
    assert ledger.counters() == {("u1", "2027-04-01"): 0}


def test_many_who_are_months_behind_stop_the_run_until_it_is_forced(ledger):
    for number in range(101):
        in_november(ledger, f"u{number}")
    ledger.pass_to(at("2027-04-10"))
    ended = ledger.perform(RESET, {})
    assert ended.error.type == "TooMany"
    assert "101 free users" in ended.error.message
    assert "--force" in ended.error.message
    assert ledger.counters() == {}
    assert ledger.reset(force=True)["updated_count"] == 101


def test_any_number_may_be_due_in_a_night(ledger):
    for number in range(150):
        in_november(ledger, f"u{number}")
    ledger.pass_to(at("2026-12-01T00:30"))
    assert ledger.reset()["updated_count"] == 150


def test_a_dry_run_says_what_would_be_done(ledger):
    in_november(ledger)
    ledger.pass_to(at("2026-12-01T00:30"))
    result = ledger.reset(dry_run=True)
    assert result["would"] == [
        "Reset users/u1 to its period of 2026-12-01, until 2027-01-01 00:00:00 UTC."
    ]
    assert (result["dry_run"], result["updated_count"]) == (True, 1)
    assert result["message"] == (
        "Dry run, it would have completed the period reset for 1 free users"
    )
    assert ledger[USERS, "u1"]["period"] == "2026-11-01"
    assert ledger.counters() == {}


def test_each_thing_that_is_counted_gets_a_counter(ledger):
    in_november(ledger)
    ledger.pass_to(at("2026-12-01T00:30"))
    assert ledger.reset(metrics=["pages", "videos"])["created_count"] == 2


@pytest.mark.parametrize(
    "zone", ["Mars/Phobos", "America", "../../etc/passwd", "localtime", "zone.tab", "", "\ud7ff"]
)
def test_a_time_zone_that_does_not_exist_is_taken_as_utc_and_told(ledger, zone):
    in_november(ledger, time_zone=zone)
    in_november(ledger, "u2", anchor_day=1)
    ledger.pass_to(at("2026-12-01T00:30"))
    result = ledger.reset()
    assert (result["updated_count"], result["malformed_count"]) == (2, 0)
    assert ledger[USERS, "u1"]["period_start"] == at("2026-12-01")
    if zone:
        assert result["unknown_zones"] == [zone]
        assert result["unknown_zone_count"] == 1
        assert "1 of them taken to be in UTC" in result["message"]


def test_a_user_that_makes_no_sense_is_left_alone_and_told(ledger):
    in_november(ledger, anchor_day=32)
    in_november(ledger, "u2", created="yesterday")
    in_november(ledger, "u3", time_zone=5)
    in_november(ledger, "u4")
    ledger.pass_to(at("2026-12-01T00:30"))
    result = ledger.reset()
    assert (result["updated_count"], result["malformed_count"]) == (1, 3)


def test_several_tasks_share_the_users(ledger):
    for number in range(40):
        in_november(ledger, f"u{number}")
    ledger.pass_to(at("2026-12-01T00:30"))
    counts = [ledger.result(run)["updated_count"] for run in ledger.parts(RESET, 3)]
    assert sum(counts) == len(ledger.counters()) == 40
    assert min(counts) > 0


def test_a_tenant_cannot_run_it(ledger):
    ended = ledger.perform(RESET, {}, tenant="t1")
    assert ended.state == "failed"
    assert ended.error.type == "InvalidInput"


@pytest.mark.parametrize(
    ("zone", "moment", "label"),
    [
        ("Pacific/Kiritimati", "2026-11-30T10:00", "2026-12-01"),
        ("Pacific/Kiritimati", "2026-11-30T09:59", "2026-11-01"),
        ("Etc/GMT+12", "2026-12-01T12:00", "2026-12-01"),
        ("Etc/GMT+12", "2026-12-01T11:59", "2026-11-01"),
    ],
)
def test_a_month_ends_where_the_user_lives(ledger, zone, moment, label):
    end = {"Pacific/Kiritimati": "2026-11-30T10:00", "Etc/GMT+12": "2026-12-01T12:00"}[zone]
    in_november(ledger, time_zone=zone, period_end=at(end))
    ledger.pass_to(at(moment))
    ledger.reset()
    assert ledger[USERS, "u1"]["period"] == label


def test_who_moves_west_stays_in_the_month_until_it_ends_there(ledger):
    in_november(ledger, time_zone="America/Los_Angeles")
    ledger.pass_to(at("2026-12-01T00:30"))
    result = ledger.reset()
    assert (result["updated_count"], result["prolonged_count"]) == (0, 1)
    user = ledger[USERS, "u1"]
    assert (user["period"], user["period_start"]) == ("2026-11-01", at("2026-11-01"))
    assert user["period_end"] == at("2026-12-01T08:00")
    ledger.pass_to(at("2026-12-02T00:30"))
    assert ledger.reset()["updated_count"] == 1
    assert ledger[USERS, "u1"]["period_start"] == at("2026-12-01T08:00")


def test_who_moves_east_is_in_no_two_periods_at_once(ledger):
    in_november(ledger, time_zone="Asia/Tokyo", period_end=at("2026-12-01T08:00"))
    ledger.pass_to(at("2026-12-02T00:30"))
    ledger.reset()
    user = ledger[USERS, "u1"]
    assert (user["period"], user["period_start"]) == ("2026-12-01", at("2026-12-01T08:00"))
    assert user["period_end"] == at("2026-12-31T15:00")


def test_the_anchor_is_kept_when_the_time_zone_changes(ledger):
    """Created on the 31st in UTC, when it was the 1st in Tokyo."""
    created, end = at("2026-10-31T20:00"), at("2026-11-30")
    in_november(ledger, created=created, anchor_day=None, period="2026-10-31", period_end=end)
    ledger.pass_to(at("2026-11-30T00:30"))
    ledger.reset()
    assert ledger[USERS, "u1"]["anchor_day"] == 31
    ledger.change(USERS, "u1", time_zone="Asia/Tokyo")
    ledger.pass_to(at("2026-12-31T00:30"))
    ledger.reset()
    assert ledger[USERS, "u1"]["period"] == "2026-12-31"


ZONES = [
    "America/Havana",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "Etc/GMT+12",
    "Europe/Berlin",
    "Pacific/Apia",
    "Pacific/Kiritimati",
]


@pytest.mark.parametrize(
    "begin",
    [
        "2011-11-20",  # 30 December 2011 never was in Apia
        "2018-10-20",  # clocks in São Paulo skip midnight on 4 November; a short February
        "2027-12-20",  # over 29 February 2028; clocks change in Berlin and Havana
    ],
)
def test_night_by_night_each_period_is_begun_once(ledger, begin):
    """Users all over the world, with anchors at all ends of months, over 75 days."""
    start = at(begin)
    anchors = {f"{zone} {anchor}": (zone, anchor) for zone in ZONES for anchor in (1, 28, 30, 31)}
    ids = {name: f"u{number}" for number, name in enumerate(anchors)}
    for name, (zone, anchor) in anchors.items():
        end = start - timedelta(days=1)
        ledger.user(ids[name], created=end, time_zone=zone, anchor_day=anchor, period_end=end)
    seen = {name: [] for name in anchors}
    for night in range(75):
        now = start + timedelta(days=night, minutes=30)
        ledger.pass_to(now)
        if night % 5 == 0 or now.day in {1, 2, *range(27, 32)}:  # on others nobody is due
            ledger.reset()
        users = {each.id: each.data for each in ledger.documents.query(Query(USERS))}
        for name, id in ids.items():
            user = users[id]
            assert user["period_start"] <= ledger.time.now() < user["period_end"], name
            found = user["period"], user["period_start"], user["period_end"]
            if found not in seen[name]:
                seen[name].append(found)
    for name, (zone, anchor) in anchors.items():
        periods = seen[name]
        assert len(periods) in {3, 4}, name
        for (label, begins, ends), (_, following, _) in pairwise(periods):
            assert ends == following, name
            assert period_at(begins, ZoneInfo(zone), anchor).label == label
    assert set(ledger.counters()) == {
        (ids[name], label) for name in anchors for label, _, _ in seen[name]
    }
