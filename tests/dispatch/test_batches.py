"""Batches and chains: what comes after is submitted once, whoever dies or ends at the same time."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest

from common.dispatch import Dispatcher
from common.errors import InvalidInput
from common.runs import (
    Batch,
    Batches,
    Failure,
    NoSuchBatch,
    Retention,
    Runs,
    State,
    Then,
    transitions,
)
from common.runtime.offspring import Offspring
from common.services import Services
from tests.dispatch.backends import settings
from tests.dispatch.stub import Stub
from tests.runs.making import claimed, finished, given, made

AFTER = Then(job="noop", params='{"of":"{batch}"}', queue="q")


@pytest.fixture
def runs(documents, time):
    return Runs(time.rule(documents))


@pytest.fixture
def batches(runs):
    return Batches(runs)


def batch(now, id="b", *, total=2, then=AFTER, **fields):
    return Batch(id=id, total=total, created=now, then=then, open=then is not None, **fields)


def members(now, id="b", *, total=2, **fields):
    return [made(now, f"{id}-{n}", batch=id, awaited=True, **fields) for n in range(total)]


def submitted(runs, id="b", *, total=2, **fields):
    """A batch and its runs, all in the ledger."""
    now, batches = runs.documents.now(), Batches(runs)
    batches.begin(batch(now, id, total=total, **fields))
    found = given(runs, members(now, id, total=total))
    batches.seal(id)
    return found


def dead(runs, run):
    """The run, failed for good."""
    run = claimed(runs, run)
    error = Failure(type="E", message="no", retryable=False)

    def fail(it):
        now = runs.documents.now()
        return transitions.fail(it, token=run.token, now=now, error=error, retry_in=None)

    return runs.apply(run, fail)


def after(runs, id="b"):
    """What was submitted after the batch."""
    return [run for run in runs.list() if run.parent == id]


# --- the continuation


def test_a_batch_is_continued_when_all_of_its_runs_have_ended_however_they_did(runs, batches):
    first, second, third = submitted(runs, total=3, tenant="t")
    dead(runs, first)
    assert batches.continue_one("b") is None
    runs.cancel(second.id)
    assert batches.continue_one("b") is None
    finished(runs, claimed(runs, third))
    run = batches.continue_one("b")
    assert (run.job, run.params, run.tenant, run.parent) == ("noop", '{"of":"b"}', "t", "b")
    assert after(runs) == [runs.get(run.id)]
    assert not batches.get("b").open
    assert batches.continue_one("b") is None
    assert batches.continue_all() == []


def test_of_two_that_end_the_last_runs_at_once_one_continues(open_store, documents_url):
    """100 trials in SQLite, 5 in Firestore."""
    trials = range(100 if documents_url.startswith("sqlite") else 5)
    ledgers = [Runs(open_store(patience=60)) for _ in range(2)]
    for trial in trials:
        submitted(ledgers[0], f"b{trial}")
    barrier, told, failures = threading.Barrier(2), [], []

    def end(ledger, number):
        try:
            for trial in trials:
                run = claimed(ledger, ledger.get(f"b{trial}-{number}"))
                barrier.wait(60)
                finished(ledger, run)
                told.append(Batches(ledger).continue_one(f"b{trial}"))
        except Exception as error:  # noqa: BLE001 - reported below
            failures.append(error)
            barrier.abort()

    threads = [threading.Thread(target=end, args=[ledger, n]) for n, ledger in enumerate(ledgers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    continued = [run.id for run in told if run is not None]
    assert len(set(continued)) == len(continued) == len(trials)
    assert sorted(run.parent for run in ledgers[0].list({"state": "pending"})) == sorted(
        f"b{trial}" for trial in trials
    )


def test_a_batch_is_not_continued_before_all_of_it_is_in_the_ledger(runs, batches, time):
    """Its first runs may have ended while the others are still being written."""
    batches.begin(batch(time.now()))
    first, second = members(time.now())
    finished(runs, claimed(runs, given(runs, [first])[0]))
    assert batches.continue_one("b") is None
    assert batches.continue_all() == []
    finished(runs, claimed(runs, given(runs, [second])[0]))
    batches.seal("b")
    assert len(after(runs)) == 1


def test_a_batch_whose_runs_have_all_ended_by_then_is_continued_when_it_is_sealed(
    runs, batches, time
):
    batches.begin(batch(time.now()))
    for run in given(runs, members(time.now())):
        finished(runs, claimed(runs, run))
    batches.seal("b")
    assert len(after(runs)) == 1


def test_a_dead_letter_that_is_replayed_and_succeeds_does_not_continue_its_batch_again(
    runs, batches
):
    first, second = submitted(runs)
    finished(runs, claimed(runs, first))
    dead(runs, second)
    assert batches.continue_one("b") is not None
    finished(runs, claimed(runs, runs.replay(second.id)))
    assert batches.continue_one("b") is None
    assert len(after(runs)) == 1


def test_a_batch_that_waits_for_a_replay_is_continued_after_it(runs, batches):
    first, second = submitted(runs)
    dead(runs, first)
    runs.replay(first.id)
    finished(runs, claimed(runs, second))
    assert batches.continue_one("b") is None
    finished(runs, claimed(runs, runs.get(first.id)))
    assert batches.continue_one("b") is not None


def test_a_batch_without_a_continuation_has_none(runs, batches):
    for run in submitted(runs, then=None):
        finished(runs, claimed(runs, run))
    assert batches.continue_one("b") is None
    assert after(runs) == []


# --- as a whole


def test_a_batch_tells_how_many_of_its_runs_are_in_each_state(runs, batches):
    found = submitted(runs, total=6)
    given(runs, [made(runs.documents.now(), "another", batch="c")])
    runs.reserve([runs.get(found[0].id)])
    claimed(runs, found[1])
    finished(runs, claimed(runs, found[2]))
    dead(runs, found[3])
    runs.cancel(found[4].id)
    assert dict(batches.counts("b")) == dict.fromkeys(State, 1)


def test_a_batch_is_cancelled_whole(runs, batches):
    found = submitted(runs, total=5)
    working, starting = claimed(runs, found[0]), runs.reserve([runs.get(found[1].id)])
    finished(runs, claimed(runs, found[2]))
    assert batches.cancel("b") == 4
    assert starting
    states = {state: count for state, count in batches.counts("b").items() if count}
    assert states == {State.CANCELLED: 3, State.RUNNING: 1, State.SUCCEEDED: 1}
    assert runs.get(working.id).cancel_requested
    assert batches.cancel("b") == 0
    assert batches.continue_one("b") is None
    runs.apply(
        runs.get(working.id),
        lambda it: transitions.stop(it, token=working.token, now=runs.documents.now()),
    )
    assert batches.continue_one("b") is not None


def test_a_run_that_is_claimed_while_its_batch_is_cancelled_is_asked_to_stop(
    runs, batches, monkeypatch
):
    """It goes to a place in which it had been looked for already."""
    monkeypatch.setattr("common.runs.batches._PAGE", 1)
    found = submitted(runs, total=4)
    cancel, begun = runs.cancel, []

    def overtaken(id):
        if not begun:
            begun.append(next(run.id for run in found if run.id != id))
            claimed(runs, runs.get(begun[0]))
        return cancel(id)

    monkeypatch.setattr(runs, "cancel", overtaken)
    assert batches.cancel("b") == 4
    assert runs.get(begun[0]).cancel_requested


def test_the_same_batch_may_be_begun_again_and_another_of_its_id_may_not(batches, time):
    batches.begin(batch(time.now()))
    time.advance(9)
    batches.begin(batch(time.now()))
    assert batches.get("b").created == time.start
    with pytest.raises(InvalidInput, match="another key"):
        batches.begin(batch(time.now(), total=3))
    with pytest.raises(NoSuchBatch, match="nothing"):
        batches.get("nothing")


def test_a_batch_that_was_cut_short_is_completed_and_continued_once(runs, time):
    """Whoever submitted it died after the first runs; they come again under the same ids."""
    stub, batches = Stub(), Batches(runs)
    batches.begin(batch(time.now(), total=3))
    given(runs, members(time.now(), total=1))
    dispatcher = Dispatcher(runs, stub, clock=time.clock)
    accepted = dispatcher.submit_batch(batch(time.now(), total=3), members(time.now(), total=3))
    assert [run.id for run in accepted] == ["b-0", "b-1", "b-2"]
    assert [launch.tasks for launch in stub.launches] == [3]
    for task, run in enumerate(accepted):
        worker = stub.worker()
        finished(
            runs,
            claimed(
                runs, run, type(worker)(execution=worker.execution, name=worker.name, task=task)
            ),
        )
    assert dispatcher.sweep().continued == ["b"]
    assert len(after(runs)) == 1


# --- chains


def chained(runs, params, **fields):
    then = Then(job="noop", queue="q", params=json.dumps(params), **fields)
    run = made(runs.documents.now(), "first", then=then, tenant="t", batch="b")
    return claimed(runs, given(runs, [run])[0])


def test_what_comes_after_a_run_gets_parts_of_its_result(runs):
    params = {
        "run": "{run}",
        "all": "{result}",
        "part": ["{result.a.b}", {"x": "{result.n}"}],
        "none": "{result.a.nothing.there}",
        "batch": "{batch}",
        "text": "the {result}",
    }
    result = {"a": {"b": [1, "☕"]}, "n": None}
    finished(runs, chained(runs, params, max_attempts=2, keep=9.0), json.dumps(result))
    (run,) = after(runs, "first")
    assert json.loads(run.params) == {
        "run": "first",
        "all": result,
        "part": [[1, "☕"], {"x": None}],
        "none": None,
        "batch": "b",
        "text": "the {result}",
    }
    assert (run.tenant, run.batch, run.max_attempts, run.keep) == ("t", "b", 2, 9.0)


@pytest.mark.parametrize("end", ["fail", "cancel"])
def test_nothing_comes_after_a_run_that_did_not_succeed(runs, end):
    if end == "fail":
        given(runs, [made(runs.documents.now(), "first", then=AFTER)])
        dead(runs, runs.get("first"))
    else:
        given(runs, [made(runs.documents.now(), "first", then=AFTER)])
        runs.cancel("first")
    assert after(runs, "first") == []


def test_a_replay_that_succeeds_is_continued_once(runs):
    given(runs, [made(runs.documents.now(), "first", then=AFTER)])
    dead(runs, runs.get("first"))
    run = claimed(runs, runs.replay("first"))
    for _ in range(3):  # its answer was lost
        finished(runs, run)
    assert len(after(runs, "first")) == 1


def test_a_chain_goes_on_from_link_to_link(runs):
    given(runs, [made(runs.documents.now(), "first", then=Then(job="a", then=Then(job="b")))])
    finished(runs, claimed(runs, runs.get("first")))
    (second,) = after(runs, "first")
    finished(runs, claimed(runs, second))
    (third,) = after(runs, second.id)
    assert (second.job, third.job, third.then) == ("a", "b", None)


def test_a_run_that_comes_again_after_it_was_removed_is_continued_again(runs, time):
    """Its continuation may be kept for longer, and must not be in its way."""
    for _ in range(2):
        given(runs, [made(time.now(), "first", then=AFTER, keep=60.0)])
        finished(runs, claimed(runs, runs.get("first")))
        time.advance(61)
        assert Retention(runs).remove_expired() == 1
    assert len(after(runs, "first")) == 2


# --- children


@pytest.fixture
def family(tmp_path):
    """One process's services, whose looks at queues are noted, and a parent at work."""
    looked = []
    services = Services(settings(tmp_path), look=lambda _, queue, at: looked.append((queue, at)))
    run = given(services.runs, [made(services.documents.now(), "parent", tenant="t")])[0]
    yield services, claimed(services.runs, run), looked
    services.close()


def bear(services, parent):
    """What a parent's attempt submits."""
    family = Offspring(services, parent)
    child = {"key": None, "delay": timedelta(), "then": None}
    return [
        family.submit("noop", {}, **child),
        family.submit("noop", {}, **child),
        family.submit("noop", {}, **{**child, "key": "k"}),
        family.submit("noop", None, **{**child, "delay": timedelta(hours=1)}),
        family.submit_many("noop", [{}, {}], key=None, then=family.then("noop", {})),
        family.submit_many("noop", [{}], key="k", then=None),
    ]


def test_children_are_the_same_when_their_parent_is_tried_again(family):
    services, parent, looked = family
    first = bear(services, parent)
    size = len(services.runs.list())
    again = bear(services, parent)
    assert again == first
    assert len(set(first)) == 6
    assert len(services.runs.list()) == size == 1 + 4 + 2 + 1
    children = [run for run in services.runs.list() if run.id != "parent"]
    assert {(run.parent, run.tenant) for run in children} == {("parent", "t")}
    assert {queue for queue, _ in looked} == {children[0].queue}


def test_children_of_a_parent_that_died_in_between_are_completed(family):
    services, parent, _ = family
    half = Offspring(services, parent)
    first = half.submit("noop", {}, key=None, delay=timedelta(), then=None)
    assert bear(services, parent)[0] == first
    assert len(services.runs.list()) == 1 + 4 + 2 + 1


def test_children_of_other_parents_are_others(family):
    services, parent, _ = family
    other = given(services.runs, [made(services.documents.now(), "other")])[0]
    assert set(bear(services, parent)).isdisjoint(bear(services, claimed(services.runs, other)))
