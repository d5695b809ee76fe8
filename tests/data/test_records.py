"""What documents of the shared collections say, and that what is wrong with them is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from common.data import Malformed
from common.data.artifacts import artifact_data, artifact_id, artifact_of
from common.data.extraction_jobs import extraction_job_data, extraction_job_of
from common.data.usage import counter_data, counter_id, counter_of, event_data, event_of
from common.data.users import user_data, user_of
from common.documents import Document

NOW = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
MADE = {
    "users": (user_of, user_data(created=NOW)),
    "usage_counters": (
        counter_of,
        counter_data(tenant="t", user="u", metric="pages", period="2026-11-30", period_end=NOW),
    ),
    "usage_events": (
        event_of,
        event_data(
            tenant="t",
            user="u",
            metric="pages",
            quantity=3,
            at=NOW,
            customer="cus_1",
            event_name="pages",
        ),
    ),
    "extraction_jobs": (
        extraction_job_of,
        extraction_job_data(tenant="t", user="u", created=NOW, folder="tenants/t/uploads/a/"),
    ),
    "artifacts": (
        artifact_of,
        artifact_data(tenant="t", run="r1", folder="runs/r1", created=NOW, files=1, bytes=2),
    ),
}


def document(collection, data):
    return Document(collection, "id1", data, "v1", "")


@pytest.mark.parametrize("collection", MADE)
def test_what_is_written_is_read_again(collection):
    read, data = MADE[collection]
    found = read(document(collection, data))
    assert (found.id, found.version) == ("id1", "v1")
    expected = {**data, "folder": data["folder"].rstrip("/")} if "folder" in data else data
    assert {name: getattr(found, name) for name in data} == expected


@pytest.mark.parametrize(
    ("collection", "field", "value"),
    [
        ("users", "created", None),
        ("users", "created", "2026-11-30"),
        ("users", "plan", "gold"),
        ("users", "time_zone", "Mars/Olympus"),
        ("users", "time_zone", "../../etc/passwd"),
        ("users", "time_zone", "\0"),
        ("users", "anchor_day", 0),
        ("users", "anchor_day", 32),
        ("users", "anchor_day", True),
        ("users", "opted_out", 1),
        ("usage_counters", "period_end", None),
        ("usage_counters", "used", 1.5),
        ("usage_events", "state", "lost"),
        ("usage_events", "quantity", None),
        ("extraction_jobs", "state", None),
        ("extraction_jobs", "folder", ["tenants/t/uploads/a"]),
        ("artifacts", "folder", "runs/r2"),
        ("artifacts", "expires", None),
    ],
)
def test_what_is_wrong_is_named(collection, field, value):
    read, data = MADE[collection]
    with pytest.raises(Malformed, match=rf"^{collection}/id1: {field} is not .*data\.md says"):
        read(document(collection, {**data, field: value}))


@pytest.mark.parametrize(
    ("zone", "day"), [("UTC", 30), ("Europe/Berlin", 1), ("America/Los_Angeles", 30)]
)
def test_a_users_periods_begin_on_the_day_it_was_created_where_it_lives(zone, day):
    assert user_of(document("users", user_data(created=NOW, time_zone=zone))).anchor_day == day
    data = user_data(created=NOW, time_zone=zone, anchor_day=31)
    assert user_of(document("users", data)).anchor_day == 31


def test_ids_are_of_what_they_are_made_of_and_of_nothing_else():
    assert counter_id("a", "b", "c", "d") != counter_id("ab", "", "c", "d")
    assert artifact_id("r1") == artifact_id("r1") != artifact_id("r2")


def test_an_artifact_is_kept_for_thirty_days():
    assert MADE["artifacts"][1]["expires"] == NOW + timedelta(days=30)
