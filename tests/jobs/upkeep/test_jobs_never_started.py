"""abandoned-job-cleanup: what nobody started goes with its files, and nothing of anybody else's."""

from __future__ import annotations

import pytest

from common.data.extraction_jobs import EXTRACTION_JOBS
from common.documents import Update

JOB = "abandoned-job-cleanup"


def test_what_was_not_started_in_a_week_goes_with_its_files(shop):
    shop.job("old", days=8, files=3)
    shop.job("bare", days=8)
    shop.job("fresh", days=6.9, files=1)
    shop.job("begun", days=30, files=1, state="started")
    shop.job("over", days=30, files=1, state="done")
    done = shop.do(JOB)
    assert (done["removed_count"], done["file_count"], done["byte_count"]) == (2, 3, 3)
    assert done["message"] == "Removed 2 jobs, not started in 7 days, and 3 files."
    assert shop.ids(EXTRACTION_JOBS) == {"fresh", "begun", "over"}
    assert shop.paths("tenants/") == [
        f"tenants/acme/uploads/{id}/0.txt" for id in ("begun", "fresh", "over")
    ]


def test_days_of_a_month_are_removed_on_the_seventh_day_after(sqlite_shop, at):
    """A month of nights, with a job set up each noon."""
    shop = sqlite_shop
    at(2028, 2, 20, 12)
    removed = 0
    for _ in range(20):
        shop.job(f"j{shop.time.now():%m%d}", days=0, files=1)
        shop.time.advance(13 * 3_600)
        removed += shop.do(JOB)["removed_count"]
        assert len(shop.ids(EXTRACTION_JOBS)) <= 7
        shop.time.advance(11 * 3_600)
    assert removed == 13
    assert len(shop.paths("tenants/")) == 7


HOSTILE = [
    "",
    "/",
    ".",
    "uploads",
    "uploads/",
    "uploads/another",
    "uploads/../runs",
    "uploads/own/../another",
    "tenants",
    "tenants/acme",
    "tenants/acme/",
    "tenants/acme/uploads",
    "tenants/acme/uploads/",
    "tenants/acme/uploads/../../rival/uploads/x",
    "tenants/acme/uploads//x",
    "tenants/acme/uploads" + "/x" * 502,  # a path, but nothing can be below it
    "tenants/acme/imports",
    "tenants/rival/uploads/x",
    "tenants/acme2/uploads/x",
    "runs",
    "runs/r1",
    "shared/x",
    "gs://bucket/x",
    "file:///etc",
    "tenants\\acme",
    "tenants/acme/uploads/\x00",
]


def test_a_folder_that_is_not_its_own_is_told_and_nothing_goes(sqlite_shop):
    shop = sqlite_shop
    for place in ("uploads/another", "tenants/rival/uploads/x", "runs/r1", "shared/x"):
        shop.files(place, 1, days=90)
    for place in ("uploads/x", "imports", "y"):
        shop.files(f"tenants/acme/{place}", 1, days=90)
    ids = {
        shop.job(f"own{number}", days=30, folder=folder)
        for number, folder in enumerate(HOSTILE)
        if "\x00" not in folder
    }
    ids |= {shop.job("typed", days=30, folder=7)}
    before = shop.everything()
    done = shop.do(JOB)
    assert (done["removed_count"], done["malformed_count"]) == (0, len(ids))
    assert {key: shop.everything().get(key) for key in before} == before


def test_a_job_of_no_tenant_has_only_the_folder_of_its_own_id(sqlite_shop):
    shop = sqlite_shop
    shop.files("uploads/own", 2, days=30)
    shop.job("own", days=30, tenant="", folder="uploads/own/")
    shop.job("own2", days=30, tenant="", folder="tenants//uploads/x")
    done = shop.do(JOB)
    assert (done["removed_count"], done["file_count"], done["malformed_count"]) == (1, 2, 1)


def test_tenants_with_strange_names_keep_to_their_own(sqlite_shop):
    shop = sqlite_shop
    shop.files("tenants/..%2Facme/uploads/x", 1, days=30)
    shop.job("own", days=30, tenant="../acme", folder="tenants/..%2Facme/uploads/x")
    shop.job("bad", days=30, tenant="../acme", folder="tenants/../acme/uploads/x")
    shop.job("dots", days=30, tenant="..", folder="tenants/../uploads/x")
    done = shop.do(JOB)
    assert (done["removed_count"], done["malformed_count"]) == (1, 2)


@pytest.mark.parametrize("other", ["f", "f/", "f/below", "f/below/it/", "", "/"])
def test_files_that_another_job_has_too_stay(sqlite_shop, other):
    shop = sqlite_shop
    base = "tenants/acme/uploads/a"
    shop.job("old", days=30, files=1, folder=f"{base}/f")
    folder = base + other if other in {"", "/"} else f"{base}/{other}"
    shop.job("new", days=1, folder=folder)
    shop.files(f"{base}/f", 1, days=30)
    done = shop.do(JOB)
    assert (done["removed_count"], done["shared_count"]) == (0, 1)
    assert shop.paths(f"{base}/f/") == [f"{base}/f/0.txt"]


def test_folders_whose_names_begin_alike_are_two(shop):
    shop.job("a", days=30, files=1)
    for name in ("a-b", "a.b", "ab", "a0"):
        shop.job(name, days=1, files=1)
    done = shop.do(JOB)
    assert (done["removed_count"], done["shared_count"]) == (1, 0)
    assert len(shop.paths("tenants/")) == 4


def start(shop, id):
    """What the application does."""
    found = shop.documents.get(EXTRACTION_JOBS, id)
    assert found.data["state"] == "created"
    shop.documents.commit([Update(EXTRACTION_JOBS, id, {"state": "started"}, found.version)])


def test_who_starts_a_job_between_reading_and_taking_keeps_it(shop, monkeypatch):
    shop.job("old", days=30, files=2)
    shop.job("older", days=40, files=2)
    listed = shop.blobs.list

    def then(prefix=""):
        if prefix == "tenants/acme/uploads/old/":
            start(shop, "old")
        return listed(prefix)

    monkeypatch.setattr(shop.blobs, "list", then)
    done = shop.do(JOB)
    monkeypatch.undo()
    assert (done["removed_count"], done["file_count"]) == (1, 2)
    assert shop.ids(EXTRACTION_JOBS) == {"old"}
    assert len(shop.paths("tenants/")) == 2


def test_once_taken_nobody_starts_it_and_no_file_goes_before(sqlite_shop, monkeypatch):
    shop = sqlite_shop
    shop.job("old", days=30, files=2)
    delete, states = shop.blobs.delete, []

    def then(paths):
        states.append(shop.documents.get(EXTRACTION_JOBS, "old").data["state"])
        return delete(paths)

    monkeypatch.setattr(shop.blobs, "delete", then)
    shop.do(JOB)
    assert states == ["removing"]


def test_who_starts_one_that_was_taken_all_the_same_keeps_its_files(sqlite_shop, monkeypatch):
    """By an update without a condition, after the page was read."""
    shop = sqlite_shop
    shop.job("old", days=30, files=2)
    query = shop.documents._query

    def then(asked):
        found = query(asked)
        if ("state", "==", "removing") in asked.where:
            for it in found:
                write = Update(EXTRACTION_JOBS, it.id, {"state": "started"}, it.version)
                shop.documents.commit([write])
        return found

    monkeypatch.setattr(shop.documents, "_query", then)
    assert shop.do(JOB)["removed_count"] == 0
    assert len(shop.paths("tenants/")) == 2
