"""The guard: nothing goes where far more would go than ever went, unless that is forced."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.data.artifacts import ARTIFACTS
from common.data.usage import USAGE_COUNTERS, counter_data
from common.documents import Create
from common.ids import random_id
from common.runs import State

JOB = "usage-counter-cleanup"


def fill(shop, many, days):
    end = shop.ago(days)
    data = counter_data(tenant="", user="u", metric="m", period="p", period_end=end)
    writes = [Create(USAGE_COUNTERS, random_id(), data) for _ in range(many)]
    for at in range(0, many, 450):
        shop.documents.commit(writes[at : at + 450])


def test_a_first_run_stops_where_more_than_half_of_all_would_go(sqlite_shop):
    shop = sqlite_shop
    fill(shop, 101, 500)
    fill(shop, 100, 1)
    run = shop.perform(JOB, {})
    assert run.state is State.FAILED
    assert run.error.type == "TooMany"
    assert run.error.message == (
        "101 usage counters would go, of 201, and none ever went before. Look at them by "
        "`runjobs run usage-counter-cleanup --dry-run`, and say "
        "`runjobs run usage-counter-cleanup --force` if they shall go."
    )
    assert len(shop.ids(USAGE_COUNTERS)) == 201
    fill(shop, 1, 1)
    assert shop.do(JOB)["removed_count"] == 101


def test_a_few_may_always_go(sqlite_shop):
    fill(sqlite_shop, 100, 500)
    assert sqlite_shop.do(JOB)["removed_count"] == 100


def test_five_times_as_many_as_the_most_that_went_lately_may_go(sqlite_shop):
    shop = sqlite_shop
    fill(shop, 30, 500)
    fill(shop, 400, 1)
    for _ in range(2):
        shop.do(JOB)
    fill(shop, 151, 500)
    run = shop.perform(JOB, {})
    assert "151 usage counters would go, where at most 30 went" in run.error.message
    assert shop.do(JOB, force=True)["removed_count"] == 151
    fill(shop, 755, 500)
    assert shop.do(JOB)["removed_count"] == 755


def test_what_was_usual_is_forgotten_after_forty_runs(sqlite_shop):
    shop = sqlite_shop
    fill(shop, 1_000, 1)
    fill(shop, 100, 500)
    shop.do(JOB)
    for _ in range(39):
        shop.do(JOB)
    fill(shop, 400, 500)
    assert shop.do(JOB, dry_run=True)["would"][0].startswith("Remove ")
    shop.do(JOB, keep_months=1_000)
    run = shop.perform(JOB, {})
    assert "400 usage counters would go, where at most 0 went" in run.error.message


def expired(shop, number):
    shop.artifact(f"a{number}", days=40, files=0)


def lost(shop, number):
    shop.artifact(f"a{number}", days=20, files=0)


def orphaned(shop, number):
    shop.files(f"runs/a{number}/1", 1, days=10)


@pytest.fixture
def few(monkeypatch):
    """How many may go at any time."""
    monkeypatch.setattr("common.maintenance.guard._FEW", 9)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("what", "make"),
    [
        ("artifacts", expired),
        ("documents without blobs", lost),
        ("orphaned folders", orphaned),
    ],
)
def test_what_goes_for_different_reasons_is_guarded_each_by_itself(sqlite_shop, what, make):
    shop = sqlite_shop
    shop.artifact("there", days=1)
    for number in range(10):
        make(shop, number)
    blobs, documents = shop.paths("runs/"), shop.ids(ARTIFACTS)
    run = shop.perform("artifact-cleanup", {})
    assert run.error.message.startswith(f"10 {what} would go, of 11,")
    assert shop.paths("runs/") == blobs
    assert shop.ids(ARTIFACTS) >= documents
    shop.time.advance(timedelta(days=1))
    done = shop.do("artifact-cleanup", force=True)
    assert done["orphan_document_count"] + done["orphan_folder_count"] == 10
    assert shop.paths("runs/") == ["runs/there/0.txt"]


@pytest.mark.usefixtures("few")
def test_tasks_that_share_the_work_are_guarded_as_one(sqlite_shop):
    """Each of them sees no more than a share of the folders."""
    shop = sqlite_shop
    shop.artifact("there", days=1)
    for number in range(20):
        orphaned(shop, number)
    runs = shop.parts("artifact-cleanup", 3)
    assert {run.error.type for run in runs} == {"TooMany"}
    assert len(shop.paths("runs/")) == 21


def test_blobs_are_left_alone_of_which_the_ledger_knows_none(sqlite_shop):
    """They are another ledger's, however few they are."""
    shop = sqlite_shop
    for number in range(3):
        orphaned(shop, number)
    run = shop.perform("artifact-cleanup", {})
    assert run.error.type == "Strangers"
    assert run.error.message.startswith("Of 3 folders below runs/ in the blob store none is of ")
    assert shop.do("artifact-cleanup", dry_run=True)["would"][0].startswith("Stop before anything")
    assert len(shop.paths("runs/")) == 3
    assert shop.do("artifact-cleanup", force=True)["orphan_folder_count"] == 3
