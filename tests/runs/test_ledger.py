"""The ledger on each store: submitting, claiming, following, and what it leaves alone."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from common.documents import Conflict, Create, Delete
from common.runs import (
    Failure,
    Follows,
    KeyReused,
    NewerSchema,
    NoSuchRun,
    NotClaimable,
    Outcome,
    Refused,
    Run,
    Runs,
    State,
    Worker,
    transitions,
)
from tests.faults import Faulty

HAND = Worker(execution=None, name="job-byhand")
SOON = timedelta(minutes=1)


@pytest.fixture
def runs(documents):
    return Runs(documents)


@pytest.fixture
def new(runs):
    now = runs.documents.now()

    def make(id="r1", **fields):
        given = {"job": "j", "queue": "q", "params": '{"a":1}', "created": now, "due": now}
        return Run(id=id, **(given | {"max_attempts": 3} | fields))

    return make


def test_a_run_comes_back_as_it_was_submitted_and_lived(runs, new):
    submitted = runs.submit(new(follows=Follows(collection="creations", id="c1"), key="k"))
    assert runs.get("r1") == submitted
    claimed = runs.claim("r1", HAND)
    assert runs.get("r1") == claimed
    error = Failure(type="Error", message="☕", retryable=True, after=2.5, trace="…")
    failed = runs.apply(
        claimed,
        lambda run: transitions.fail(
            run, token=claimed.token, now=runs.documents.now(), error=error, retry_in=SOON
        ),
    )
    assert runs.get("r1") == failed
    assert failed.attempts[0].error == error


def test_the_same_id_gives_the_same_run_and_other_params_are_refused(runs, new):
    first = runs.submit(new(key="k"))
    assert runs.submit(new(key="k", tenant="other")) == first
    with pytest.raises(KeyReused, match="'k'"):
        runs.submit(new(key="k", params="{}"))


def test_of_many_that_submit_the_same_key_at_once_all_get_the_same_run(open_store, new):
    found, barrier = [], threading.Barrier(8)

    def submit():
        runs = Runs(open_store())
        barrier.wait()
        found.append(runs.submit(new(key="k")))

    threads = [threading.Thread(target=submit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({run.version for run in found}) == 1


def test_what_is_not_there_is_said_to_be_so(runs):
    assert runs.find("nothing") is None
    with pytest.raises(NoSuchRun, match="nothing"):
        runs.get("nothing")
    with pytest.raises(NoSuchRun):
        runs.cancel("nothing")


def test_a_list_is_newest_first_filtered_and_goes_on_from_page_to_page(runs, new):
    for number in range(5):
        job = "even" if number % 2 == 0 else "odd"
        created = new().created + timedelta(seconds=number)
        runs.submit(new(f"r{number}", job=job, tenant="t" if number else "", created=created))
    assert [run.id for run in runs.list()] == ["r4", "r3", "r2", "r1", "r0"]
    assert [run.id for run in runs.list({"job": "even", "tenant": "t"})] == ["r4", "r2"]
    page = runs.list(limit=2)
    assert [run.id for run in runs.list(limit=2, after=page[-1])] == ["r2", "r1"]
    assert runs.list({"state": "failed"}) == []


def test_a_reservation_takes_all_its_runs_or_none(runs, new):
    first, second = runs.submit(new("r1")), runs.submit(new("r2"))
    runs.claim("r2", HAND)
    with pytest.raises((Conflict, Refused)):
        runs.reserve([first, second])
    assert runs.get("r1").state is State.PENDING


def test_each_task_claims_the_run_reserved_for_it(runs, new):
    (execution,) = runs.reserve([runs.submit(new("r1")), runs.submit(new("r2"))])
    second = Worker(execution=execution.id, name="job-x", task=1)
    with pytest.raises(NotClaimable):
        runs.claim("r1", second)
    claimed = runs.claim("r2", second)
    assert claimed.attempts[0].worker == second
    assert claimed.attempts[0].reserved == execution.reserved
    assert runs.execution(execution.id).runs == ("r1", "r2")


def test_a_released_reservation_gives_back_only_what_was_not_claimed(runs, new):
    (execution,) = runs.reserve([runs.submit(new("r1")), runs.submit(new("r2"))])
    runs.claim("r1", Worker(execution=execution.id, name="job-x", task=0))
    runs.release(execution)
    assert [runs.get(id).state for id in ("r1", "r2")] == [State.RUNNING, State.PENDING]


def test_a_task_that_is_tried_again_takes_its_own_run_over_at_once(runs, new):
    first = runs.begin(new(), Worker(execution=None, name="job-x", task=0))
    with pytest.raises(NotClaimable, match="another's until"):
        runs.begin(new(), Worker(execution=None, name="job-x", task=0))
    again = runs.begin(new(), Worker(execution=None, name="job-x", task=0, task_attempt=1))
    assert [attempt.outcome for attempt in again.attempts] == [Outcome.LOST, None]
    assert again.token != first.token
    with pytest.raises(NotClaimable):
        runs.begin(new(), Worker(execution=None, name="job-x", task=1, task_attempt=1))


def test_a_lease_that_has_run_out_is_anyones(open_store, new, time):
    runs = Runs(open_store(clock=time.clock))
    runs.documents._now = time.now
    runs.submit(new(due=time.now(), created=time.now()))
    runs.claim("r1", HAND)
    time.advance(59.9)
    with pytest.raises(NotClaimable):
        runs.claim("r1", replace(HAND, name="other"))
    time.advance(0.1)
    claimed = runs.claim("r1", replace(HAND, name="other"))
    assert [attempt.outcome for attempt in claimed.attempts] == [Outcome.LOST, None]
    assert claimed.failures == 1


def test_a_claim_that_finds_the_last_attempt_lost_leaves_a_failed_run(open_store, new, time):
    runs = Runs(open_store(clock=time.clock))
    runs.documents._now = time.now
    runs.submit(new(due=time.now(), created=time.now(), max_attempts=1))
    runs.claim("r1", HAND)
    time.advance(61)
    with pytest.raises(NotClaimable, match="failed"):
        runs.claim("r1", HAND)
    assert runs.get("r1").error.type == "Lost"


def test_a_takeover_is_one_commit_in_which_its_queues_slot_is_kept(runs, new):
    """Between a rescue and a claim a dispatcher would see a free slot, and fill it."""
    first = runs.begin(new(), Worker(execution=None, name="job-x"))
    counting = Faulty(runs.documents)
    taken = Runs(counting).begin(new(), Worker(execution=None, name="job-x", task_attempt=1))
    assert counting.calls.count("commit") == 2  # one to create it, in vain
    assert [attempt.outcome for attempt in taken.attempts] == [Outcome.LOST, None]
    assert taken.attempts[0].token == first.token


def test_a_task_gets_its_run_while_it_is_reserved_for_it_and_not_when_it_waits_again(runs, new):
    """Its slot was given back with it, and may be another's."""
    (execution,) = runs.reserve([runs.submit(new())])
    runs.release(execution)
    with pytest.raises(NotClaimable, match="no more"):
        runs.claim("r1", Worker(execution=execution.id, name="job-x"))
    assert runs.get("r1").state is State.PENDING
    assert runs.claim("r1", HAND).state is State.RUNNING


def test_a_follower_is_kept_in_step_and_keeps_what_is_its_own(runs, new, documents):
    follows = Follows(collection="creations", id="c1", media="video.uri")
    documents.commit([Create("creations", "c1", {"owner": "ann", "status": "draft"})])

    def creation():
        data = documents.get("creations", "c1").data
        return data["owner"], data["status"], data["media_url"], data["reason"]

    runs.submit(new(follows=follows))
    assert creation() == ("ann", "pending", None, None)
    claimed = runs.claim("r1", HAND)
    assert creation() == ("ann", "processing", None, None)
    runs.apply(
        claimed,
        lambda run: transitions.succeed(
            run,
            token=claimed.token,
            now=runs.documents.now(),
            result='{"video":{"uri":"gs://b/v.mp4"}}',
        ),
    )
    assert creation() == ("ann", "completed", "gs://b/v.mp4", None)


def test_a_follower_hears_of_failure_and_cancellation(runs, new, documents):
    for id, reason in (("r1", "no such luck"), ("r2", "cancelled")):
        runs.submit(new(id, follows=Follows(collection="creations", id=id)))
        if id == "r1":
            run = runs.claim(id, HAND)
            error = Failure(type="Error", message="no such luck", retryable=False)
            fail = lambda found, run=run, error=error: transitions.fail(  # noqa: E731
                found, token=run.token, now=runs.documents.now(), error=error, retry_in=None
            )
            runs.apply(run, fail)
        else:
            runs.cancel(id)
        data = documents.get("creations", id).data
        assert (data["status"], data["reason"]) == ("failed", reason)


def test_an_older_run_does_not_overwrite_what_a_newer_one_follows_with(runs, new, documents):
    follows = Follows(collection="creations", id="c1")
    runs.submit(new("old", follows=follows))
    runs.submit(new("new", follows=follows, created=new().created + SOON))
    runs.cancel("old")
    data = documents.get("creations", "c1").data
    assert (data["run"], data["status"]) == ("new", "pending")


def test_a_run_of_a_later_schema_is_left_alone(runs, new, documents):
    runs.submit(new())
    documents.update("runs", "r1", lambda _: {"schema": 99})
    before = documents.get("runs", "r1")
    for act in (runs.get, runs.cancel, lambda id: runs.claim(id, HAND)):
        with pytest.raises(NewerSchema, match="upgrade"):
            act("r1")
    assert documents.get("runs", "r1") == before


def test_fields_that_this_version_does_not_know_survive_its_writes(runs, new, documents):
    runs.submit(new())
    documents.update("runs", "r1", lambda _: {"of_the_future": [1]})
    runs.claim("r1", HAND)
    assert documents.get("runs", "r1").data["of_the_future"] == [1]


@pytest.mark.parametrize("act", ["submit", "begin"])
def test_a_run_is_accepted_also_when_its_follower_is_written_meanwhile(
    runs, new, documents, monkeypatch, act
):
    """An app makes the creation, and goes on writing it while its run is submitted."""
    documents.commit([Create("creations", "c1", {"n": 0})])
    commit = documents.commit

    def overtaken(writes):
        monkeypatch.setattr(documents, "commit", commit)
        documents.update("creations", "c1", lambda found: {"n": found.data["n"] + 1})
        return commit(writes)

    monkeypatch.setattr(documents, "commit", overtaken)
    run = new(follows=Follows(collection="creations", id="c1"))
    accepted = runs.submit(run) if act == "submit" else runs.begin(run, HAND)
    assert runs.get("r1") == accepted
    status = "pending" if act == "submit" else "processing"
    assert documents.get("creations", "c1").data["status"] == status
    assert documents.get("creations", "c1").data["n"] == 1


def test_a_follower_that_its_owner_deleted_is_not_made_again(runs, new, documents):
    runs.submit(new(follows=Follows(collection="creations", id="c1")))
    found = documents.get("creations", "c1")
    documents.commit([Delete("creations", "c1", found.version)])
    runs.claim("r1", HAND)
    assert documents.get("creations", "c1") is None


def test_a_list_leaves_out_what_a_later_schema_wrote_and_goes_on_after_what_is_gone(
    runs, new, documents
):
    for number in range(3):
        runs.submit(new(f"r{number}", created=new().created + timedelta(seconds=number)))
    last = runs.get("r2")
    documents.commit([Delete("runs", "r2", last.version)])
    documents.update("runs", "r1", lambda _: {"schema": 99})
    assert [run.id for run in runs.list()] == ["r0"]
    assert [run.id for run in runs.list(after=last)] == ["r0"]
