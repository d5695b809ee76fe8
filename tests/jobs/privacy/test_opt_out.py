"""Whoever opted out is gone, all of it, and nothing of anybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.automations import Automations
from common.documents import Update
from common.errors import InvalidInput
from common.maintenance import TooMany
from common.runs import State, Worker
from jobs.opt_out_data_cleanup import opt_out_data_cleanup
from jobs.opt_out_data_cleanup.cleaning import StillRunning
from tests.chaos.counts import CHAOS, trials
from tests.jobs.gmail.world import World
from tests.jobs.privacy.knife import Killed, knife
from tests.jobs.privacy.town import Town


@pytest.fixture
def town(anywhere) -> Town:
    """On each documents store in turn."""
    return Town(anywhere)


@pytest.fixture
def village(world) -> Town:
    """On a laptop's store only."""
    return Town(world)


def test_all_of_a_user_goes_and_nothing_of_the_others(town):
    gone = town.user("t1", "ann", email="ann@example.com", days=8)
    stays = [town.user("t1", "ben"), town.user("t2", "cat"), town.user("", "dan")]
    for owner in (gone, *stays):
        town.fill(owner)
    for tenant in ("t1", "t2", ""):
        town.common(tenant)
    result = town.clean()
    assert (result.success, result.users_count, result.waiting_count) == (True, 1, 0)
    documents, blobs = town.of({gone})
    assert town.left == (documents, blobs)
    assert result.documents_count == len(town.documents_of) - len(documents)
    assert result.blobs_count == len(town.blobs_of) - len(blobs)
    assert town.clean().users_count == 0


def test_with_a_tenants_last_user_goes_what_is_the_tenants(village):
    gone = [village.user("t1", "ann", days=8), village.user("t1", "ben", days=90)]
    stays = village.user("t10", "cat")
    for owner in (*gone, stays):
        village.fill(owner)
    for tenant in ("t1", "t10"):
        village.common(tenant)
    village.imported(gone[0], "both", "ben")
    assert village.clean().users_count == 2
    assert village.left == village.of({*gone, ("t1", "")})


def test_a_tenant_of_which_data_names_somebody_else_is_not_deserted(village):
    """The application need not tell us of all its users."""
    gone = village.user("t1", "ann", days=8)
    village.fill(gone)
    village.fill(("t1", "zed"))
    village.common("t1")
    village.clean()
    assert village.left == village.of({gone})


NAMES = ("a", "ab", "a.b", "a%2Fb", "A", "t1", "a@x.example")
TENANTS = ("t1", "t10", "t1/users", "")


@st.composite
def towns(draw):
    """Who there is: tenants, names that begin alike, and how long ago they opted out."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True))
    return [
        (draw(st.sampled_from(TENANTS)), name, draw(st.sampled_from((None, 6, 8, 400))))
        for name in names
    ]


@settings(
    max_examples=trials(6, 500),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(people=towns(), shared=st.booleans())
def test_whoever_lives_there_just_those_who_opted_out_go(
    tmp_path_factory, google, gmail, people, shared
):
    folder = tmp_path_factory.mktemp("town")
    world = World(folder, f"sqlite:///{folder}/documents.sqlite3", google, gmail)
    town = Town(world)
    try:
        _try(town, people, shared=shared)
    finally:
        world.close()


def _try(town: Town, people, *, shared: bool) -> None:
    for tenant, name, days in people:
        owner = town.user(tenant, name, days=days)
        town.fill(owner)
    tenants = {tenant for tenant, _, _ in people}
    for tenant in tenants:
        town.common(tenant)
    leaving = {(tenant, name) for tenant, name, days in people if days and days > 7}
    for tenant in tenants - {""}:
        names = [name for where, name, _ in people if where == tenant]
        if shared and len(names) > 1:
            town.imported((tenant, names[0]), "shared", *names[1:])
    staying = {tenant for tenant, name, _ in people if (tenant, name) not in leaving}
    deserted = {(tenant, "") for tenant in tenants - staying - {""}}
    assert town.clean(force=True).users_count == len(leaving)
    assert town.left == town.of(leaving | deserted)


# --- names


def test_data_that_names_the_address_goes_too_unless_it_is_somebody_elses(village):
    gone = village.user("t1", "u1", email="Ann@example.com", days=8)
    village.user("t1", "u2", email="ben@example.com")
    byaddress = [("t1", "Ann@example.com"), ("t1", "ann@example.com")]
    for number, owner in enumerate(byaddress):
        village.fill(owner, connected=number == 0)
    elsewhere = ("t2", "ann@example.com")
    village.fill(elsewhere, connected=False)
    village.clean()
    assert village.left == village.of({gone, *byaddress})


def test_an_address_that_two_have_names_neither(village):
    gone = village.user("t1", "u1", email="us@example.com", days=8)
    village.user("t1", "u2", email="us@example.com")
    both = ("t1", "us@example.com")
    village.fill(both)
    village.clean()
    assert village.left == village.of({gone})


# --- folders


@pytest.mark.parametrize(
    "folder",
    [
        "",
        "tenants",
        "tenants/t1",
        "tenants/t1/uploads",
        "tenants/t1/users",
        "tenants/t1/users/ben",
        "tenants/t1/x/../users/ben",
        "tenants/t10/uploads/1",
        "shared/a/b",
        "runs",
        "uploads",
    ],
)
def test_a_folder_that_may_be_others_stays_whatever_a_document_says(village, folder):
    gone = village.user("t1", "ann", days=8)
    village.user("t1", "ben")
    for path in ("tenants/t1/users/ben/a", "tenants/t1/uploads/2/a", "tenants/t10/uploads/1/a"):
        village.blob(("t1", "ben"), path)
    for path in ("runs/r1/1/a", "uploads/u1/a", "shared/a/b/c", "tenants/t1/x/a"):
        village.blob(("t1", "ben"), path)
    for collection in ("extraction_jobs", "artifacts"):
        data = {"tenant": "t1", "user": "ann", "folder": folder, "run": "x", "created": village.now}
        village.create(gone, collection, data)
    assert village.clean().users_count == 1
    assert village.left == village.of({gone})


@pytest.mark.parametrize("theirs", ["tenants/t1/uploads/1", "tenants/t1/uploads/1/deep"])
def test_a_folder_that_somebody_elses_document_names_stays(village, theirs):
    gone = village.user("t1", "ann", days=8)
    ben = village.user("t1", "ben")
    for owner, folder in ((gone, "tenants/t1/uploads/1"), (ben, theirs)):
        data = {"tenant": "t1", "user": owner[1], "folder": folder, "created": village.now}
        village.create(owner, "extraction_jobs", data)
    village.blob(ben, "tenants/t1/uploads/1/deep/a")
    assert village.clean().users_count == 1
    assert village.left == village.of({gone})


# --- when


@pytest.mark.parametrize(("days", "grace", "gone"), [(6.9, 7, 0), (7.1, 7, 1), (0.1, 0, 1)])
def test_the_days_of_grace(village, days, grace, gone):
    village.fill(village.user("t1", "ann", days=days))
    assert village.clean(grace_days=grace).users_count == gone


def test_who_thinks_better_of_it_meanwhile_stays(village):
    ann = village.user("t1", "ann", days=8)
    commit, done = village.documents.commit, []

    def late(writes):
        found = village.documents.get("users", "ann")
        if any(write.collection == "users" for write in writes) and not done:
            done.append(commit([Update("users", "ann", {}, found.version, ("opted_out",))]))
        return commit(writes)

    village.documents.commit = late
    assert village.clean().users_count == 0
    assert done
    assert village.documents.get(*reversed((ann[1], "users")))


def test_far_more_than_usual_do_not_go(village, monkeypatch):
    monkeypatch.setattr("common.maintenance.guard._FEW", 1)
    for number in range(3):
        village.user("t1", f"u{number}", days=8)
    village.user("t1", "stays")
    with pytest.raises(TooMany, match="3 users"):
        village.clean()
    assert village.clean(force=True).users_count == 3


def test_a_tenant_cannot_run_it(village):
    with pytest.raises(InvalidInput, match="operator"):
        village.world.do(opt_out_data_cleanup, tenant="t1")


def test_a_dry_run_tells_and_changes_nothing(village):
    ann = village.user("t1", "ann", days=8)
    village.fill(ann)
    village.fill(village.user("t1", "ben"))
    before = village.left
    result = village.clean(dry_run=True)
    assert (result.users_count, result.would_count) == (1, 1)
    documents, blobs = village.of({ann})
    assert result.documents_count == len(village.documents_of) - len(documents)
    assert result.blobs_count == len(village.blobs_of) - len(blobs)
    assert "Remove user ann: " in result.would[0]
    assert village.left == before
    assert village.world.google.seen == []


# --- runs


def test_what_waits_is_cancelled_and_goes(village):
    ann = village.user("t1", "ann", days=8)
    batch = village.batch(ann)
    waiting = village.run(ann, {"user": "ann"}, state=State.PENDING, batch=batch, awaited=True)
    assert village.clean().users_count == 1
    assert village.world.runs.find(waiting.id) is None
    assert village.left == village.of({ann, ("t1", "")})


def test_what_is_running_is_asked_to_end_first(village):
    ann = village.user("t1", "ann", days=8)
    village.user("t1", "ben")
    running = village.run(ann, {"user": "ann"}, state=State.PENDING)
    village.fill(ann)
    claimed = village.world.runs.claim(running.id, Worker(execution=None, name="x"))
    job = village.world.submit(opt_out_data_cleanup, tenant="")
    with pytest.raises(StillRunning):
        village.world.attempt(opt_out_data_cleanup, job)
    assert village.world.runs.get(running.id).cancel_requested
    assert village.documents.get("users", "ann")
    assert not any(each.enabled for each in Automations(village.documents).list(user="ann"))
    _end(village, claimed)
    assert village.world.attempt(opt_out_data_cleanup, job).users_count == 1
    assert village.left == village.of({ann})


def _end(town: Town, claimed) -> None:
    from common.runs import transitions

    def ended(run):
        return transitions.stop(run, token=claimed.token, now=town.documents.now())

    town.world.runs.apply(town.world.runs.get(claimed.id), ended)


def test_a_run_that_never_ends_leaves_its_user_waiting(village):
    ann = village.user("t1", "ann", days=8)
    village.fill(village.user("t1", "cat", days=8))
    running = village.run(ann, {"user": "ann"}, state=State.PENDING)
    village.world.runs.claim(running.id, Worker(execution=None, name="x"))
    job = village.world.submit(opt_out_data_cleanup, tenant="")
    for _ in range(2):
        with pytest.raises(StillRunning):
            village.world.attempt(opt_out_data_cleanup, job)
    result = village.world.attempt(opt_out_data_cleanup, job)
    assert (result.success, result.users_count, result.waiting_count) == (False, 1, 1)
    assert result.waiting[0].user == "ann"
    assert "not ended" in result.waiting[0].reasons[0]


# --- usage


@pytest.mark.parametrize("state", ["unreported", "sending"])
def test_usage_that_somebody_pays_for_is_charged_first(village, state):
    ann = village.user("t1", "ann", days=8)
    village.user("t1", "ben")
    village.fill(ann)
    event = village.event(ann, state=state)
    would, result = village.clean(dry_run=True), village.clean()
    assert (result.success, result.waiting_count) == (False, 1)
    assert result.waiting[0].reasons == ["1 usage event to be reported to Stripe first"]
    assert result.message.endswith("; 1 user waits.")
    assert (would.users_count, would.waiting) == (0, result.waiting)
    assert would.would[0].startswith("Remove of user ann, who waits (1 usage event to be reported")
    assert "usage_" not in would.would[0]
    assert {name for name, _ in village.left[0] if village.documents_of[name, _] == ann} == {
        "usage_counters",
        "usage_events",
        "users",
    }
    found = village.documents.get("usage_events", event)
    village.documents.commit([Update("usage_events", event, {"state": "reported"}, found.version)])
    assert village.clean().users_count == 1
    assert village.left == village.of({ann})


def test_usage_that_nobody_pays_for_waits_for_nothing(village):
    ann = village.user("t1", "ann", days=8)
    village.event(ann, state="unreported", customer="")
    for state in ("refused", "late", "unknown"):
        village.event(ann, state=state)
    assert village.clean().users_count == 1


# --- kills


_EACH = 1 if CHAOS else 2
"""Killed after one commit is nearly what killed before the next one is."""


@pytest.mark.parametrize("applied", [False, True])
def test_killed_at_any_commit_nothing_is_forgotten_and_all_is_counted(village, applied):
    town, commits, killed = village, int(applied and not CHAOS), True
    town.fill(town.user("t1", "stays"))
    while killed:
        user = town.user("t1", f"u{commits}", days=8)
        town.fill(user)
        job = town.world.submit(opt_out_data_cleanup, tenant="")
        with knife(town.documents, after=commits, applied=applied):
            result = _attempted(town, job)
        killed = result is None
        if killed:
            result = town.world.attempt(opt_out_data_cleanup, job)
        assert result.users_count == 1
        gone = {owner for owner in town.documents_of.values() if owner[1].startswith("u")}
        documents, blobs = town.of(gone)
        assert town.left == (documents, blobs)
        assert result.documents_count == sum(o == user for o in town.documents_of.values())
        assert result.blobs_count == sum(o == user for o in town.blobs_of.values())
        commits += _EACH
    assert commits > 15


def _attempted(town: Town, job):
    try:
        return town.world.attempt(opt_out_data_cleanup, job)
    except Killed:
        return None


def test_tasks_share_the_users(village):
    """Each takes its own, and a tenant's last is one of them."""
    gone = {village.user("t1", f"u{number}", days=8) for number in range(6)}
    for owner in gone:
        village.fill(owner)
    village.common("t1")
    counts = []
    for index in range(3):
        job = village.world.submit(opt_out_data_cleanup, tenant="", force=True)
        part = {"part": index, "parts": 3, "whole": "w"}
        from common.runs.records import evolve

        job = evolve(job, **part)
        counts.append(village.world.attempt(opt_out_data_cleanup, job).users_count)
    assert sum(counts) == 6
    assert max(counts) < 6
    assert village.left == village.of(gone | {("t1", "")})


def test_in_a_batch_of_several_users_each_has_what_names_it_and_what_came_of_that(village):
    ann, ben = village.user("t1", "ann", days=8), village.user("t1", "ben")
    both = village.batch(("t1", ""))
    first = village.run(ann, {"user": "ann"}, batch=both)
    village.run(ben, {"user": "ben"}, batch=both, parent=first.id)
    village.run(("t1", ""), {"source": "x"}, batch=both)
    village.run(ann, {"source": "y"}, batch=both, parent=first.id)
    village.run(ann, {"source": "tenants/t1/users/ann/a.zip"})
    village.run(ben, {"source": "tenants/t1/users/ann.b/a.zip", "user": "ben"})
    village.run(("t1", ""), {"source": "tenants/t1/users/annie/a.zip"})
    assert village.clean().users_count == 1
    assert village.left == village.of({ann})


def test_a_file_that_was_imported_for_several_goes_with_the_last_of_them(village):
    village.user("t1", "ann", days=8)
    village.user("t1", "ben")
    village.user("t1", "cat")
    village.imported(("t1", "ann"), "item", "ben")
    (item,) = (id for name, id in village.documents_of if name == "imports")
    before = village.left[1]
    assert village.clean().users_count == 1
    assert village.left[1] == before
    assert [it["users"] for it in village.documents.get("imports", item).data["files"]] == [["ben"]]
    ben = village.documents.get("users", "ben")
    gone = {"opted_out": village.now - timedelta(days=8)}
    village.documents.commit([Update("users", "ben", gone, ben.version)])
    assert village.clean().users_count == 1
    assert (village.left[1], village.documents.get("imports", item)) == (set(), None)
