"""What may look like the data of somebody who leaves, and is another's, stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.documents import Create, Update
from common.runs import Follows, State
from tests.jobs.privacy.town import Town


@pytest.fixture
def town(world) -> Town:
    """Where ann leaves, and ben stays."""
    made = Town(world)
    made.user("t1", "ann", days=8)
    made.user("t1", "ben")
    return made


ANN, BEN, NOBODY = ("t1", "ann"), ("t1", "ben"), ("t1", "")


def check(town: Town) -> None:
    assert town.clean().users_count == 1
    assert town.left == town.of({ANN})


def following(town: Town, owner) -> Follows:
    creation = town.create(owner, "creations", {"tenant": "t1", "user": owner[1]})
    return Follows(collection="creations", id=creation)


@pytest.mark.parametrize("sign", ["creation", "automation", "artifact", "folder"])
def test_in_a_batch_of_hers_a_run_that_is_known_as_anothers_stays(town, sign):
    both = town.batch(NOBODY)
    town.run(ANN, {}, follows=following(town, ANN), batch=both)
    if sign == "creation":
        town.run(BEN, {}, follows=following(town, BEN), batch=both)
    elif sign == "automation":
        town.run(BEN, {"automation": town.automation(BEN)}, batch=both)
    elif sign == "artifact":
        town.artifact(BEN, town.run(BEN, {}, batch=both).id, user="ben")
    else:
        town.run(BEN, {"clips": [{"from": "tenants/t1/users/ben/a.mp4"}]}, batch=both)
    town.run(NOBODY, {}, batch=both)
    check(town)


def test_what_came_of_anothers_run_stays_with_it_whatever_batch_it_is_in(town):
    his = town.run(BEN, {"user": "ben"})
    both = town.batch(NOBODY)
    came = town.run(BEN, {}, parent=his.id, batch=both)
    town.run(BEN, {}, parent=came.id)
    town.run(ANN, {"user": "ann"}, batch=both)
    check(town)


def test_a_run_that_names_the_folders_of_two_is_neithers(town):
    clips = ["tenants/t1/users/ann/a.mp4", "tenants/t1/users/ben/b.mp4"]
    town.run(NOBODY, {"clips": clips})
    check(town)


def test_a_run_that_names_her_folder_deep_in_its_params_or_by_uri_is_hers(town):
    town.run(ANN, {"clips": ["tenants/t1/users/ann/a.mp4"]})
    town.run(ANN, {"clips": [{"from": town.blobs.uri("tenants/t1/users/ann/a.mp4")}]})
    town.run(ANN, {"source": "tenants/t1/users/ann"})
    town.run(NOBODY, {"source": "tenants/t1/users/anna/a.zip"})
    town.run(NOBODY, {"source": "gs://elsewhere/tenants/t1/users/ann/a.zip"})
    check(town)


@pytest.mark.parametrize(
    "folder",
    ["imports/drive", "monitors/m1", "plans/x", "uploads", "users/ben", "uploads/2", "uploads/1/a"],
)
def test_a_job_claims_no_folder_but_one_of_uploads_that_is_nobody_elses(town, folder):
    """Whatever a user brings the application to write into it."""
    for path in ("imports/drive/a", "monitors/m1/a", "plans/x/a", "users/ben/a", "uploads/1/a/b"):
        town.blob(BEN, f"tenants/t1/{path}")
    data = {"tenant": "t1", "created": town.now}
    for owner, claimed in ((ANN, folder), (BEN, "uploads/1")):
        whole = {**data, "user": owner[1], "folder": f"tenants/t1/{claimed}"}
        town.create(owner, "extraction_jobs", whole)
    if folder == "uploads/2":
        town.blob(ANN, "tenants/t1/uploads/2/a")
    check(town)


@pytest.mark.parametrize("folder", ["runs/x/../../tenants/t1", "runs//x", "runs/x\x00", "/"])
def test_a_folder_that_is_none_stops_nobody(town, folder):
    town.blob(BEN, "tenants/t1/users/ben/a")
    data = {"tenant": "t1", "user": "ann", "run": "x", "folder": folder}
    town.create(ANN, "artifacts", data)
    check(town)


def test_an_email_that_is_no_address_names_nobody(world):
    town = Town(world)
    gone = town.user("t1", "mal", email="zed", days=8)
    town.fill(("t1", "zed"), connected=False)
    assert town.clean().users_count == 1
    assert town.left == town.of({gone})


@pytest.mark.parametrize("tenant", ["..", "."])
def test_a_tenant_with_the_name_of_a_folder_above_reaches_nobody_elses(town, tenant):
    gone = town.user(tenant, "dot", days=8)
    town.blob(BEN, "tenants/t1/users/ben/a")
    assert town.clean().users_count == 2
    assert town.left == town.of({ANN, gone})


def test_a_user_with_a_name_that_no_folder_can_have_goes_and_stops_nobody(town):
    gone = town.user("t1", "é" * 200, days=8)
    assert town.clean().users_count == 2
    assert town.left == town.of({ANN, gone})


@pytest.mark.parametrize("trace", ["run", "import", "folder"])
def test_a_tenant_in_which_something_names_one_whom_users_do_not_is_not_deserted(world, trace):
    town = Town(world)
    gone, zed = town.user("t1", "ann", days=8), ("t1", "zed")
    if trace == "run":
        town.run(zed, {"user": "zed"})
    elif trace == "import":
        town.imported(zed, "item")
    else:
        town.blob(zed, "tenants/t1/users/zed/a")
    town.blob(NOBODY, "tenants/t1/common.txt")
    assert town.clean().users_count == 1
    assert town.left == town.of({gone})


# --- meanwhile


def test_who_thinks_better_of_it_after_the_page_was_read_loses_nothing(town):
    ann, query, asked = town.documents.get("users", "ann"), town.documents.query, []
    town.blob(BEN, "tenants/t1/users/ann/a")
    town.documents_of["users", "ann"] = BEN

    def late(found):
        answer = query(found)
        if found.collection == "users" and found.limit == 20 and not asked:
            asked.append(found)
            change = Update("users", "ann", {}, ann.version, ("opted_out",))
            town.documents.commit([change])
        return answer

    town.documents.query = late
    assert town.clean().users_count == 0
    assert asked
    assert town.left == town.of(set())


@pytest.mark.parametrize("step", ["_forget_runs", "_forget_files"])
def test_who_comes_to_a_tenant_while_its_last_user_goes_loses_nothing(world, monkeypatch, step):
    from jobs.opt_out_data_cleanup.forgetting import Forgetting

    town = Town(world)
    gone = town.user("t1", "ann", days=8)
    town.fill(gone)
    do, new = getattr(Forgetting, step), ("t1", "new")

    def late(self):
        yield from do(self)
        if new not in town.documents_of.values():
            town.user(*new)
            town.run(new, {"user": "new"})
            town.blob(new, "tenants/t1/users/new/a")
            town.blob(new, "tenants/t1/common.txt")

    monkeypatch.setattr(Forgetting, step, late)
    assert town.clean().users_count == 1
    assert town.left == town.of({gone})


# --- users whose documents are not as they should be


def test_what_another_users_document_says_keeps_nobody(town):
    town.documents.commit([Create("users", "odd", {"tenant": "t1", "time_zone": "Mars"})])
    town.documents_of["users", "odd"] = NOBODY
    check(town)


def test_who_opted_out_goes_whatever_else_its_document_says(town):
    odd = {"tenant": "t1", "time_zone": "Mars", "email": 5, "plan": "odd"}
    town.create(ANN, "users", {**odd, "opted_out": town.now - timedelta(days=9)}, "odd")
    assert town.clean().users_count == 2
    assert town.left == town.of({ANN})


def test_one_of_whom_nobody_can_tell_whose_it_is_is_no_success(town):
    town.create(BEN, "users", {"tenant": 5, "opted_out": town.now - timedelta(days=9)}, "odd")
    result = town.clean()
    assert (result.success, result.malformed_count, result.users_count) == (False, 1, 1)
    assert result.message.endswith("; left alone 1 malformed document.")


@pytest.mark.parametrize(("field", "malformed"), [("tenant", 1), ("email", 0)])
def test_what_is_too_long_to_be_asked_for_keeps_nobody_else(anywhere, field, malformed):
    town = Town(anywhere)
    town.fill(town.user("t1", "ann", days=8))
    odd = {"tenant": "t1", field: "x@" * 1_000, "opted_out": town.now - timedelta(days=9)}
    town.documents.commit([Create("users", "odd", odd)])
    result = town.clean()
    assert (result.malformed_count, result.users_count) == (malformed, 2 - malformed)


# --- the operator's


def test_dead_letters_that_name_the_account_go_with_the_consent(world):
    town = Town(world)
    ann, ben = town.user("t1", "ann", days=8), town.user("t1", "ben")
    for owner in (ann, ben):
        town.fill(owner)
    failed = {"state": State.FAILED, "job": "automation-trigger"}
    for owner in (ann, ben):
        letter = town.run(("", owner[1]), {"user": f"{owner[1]}@mail.example"}, **failed)
        town.documents_of["runs", letter.id] = owner
        town.blobs_of[f"runs/{letter.id}/1/out.txt"] = owner
    would, did = town.clean(dry_run=True), town.clean()
    assert (would.documents_count, would.blobs_count) == (did.documents_count, did.blobs_count)
    assert town.left == town.of({ann})
