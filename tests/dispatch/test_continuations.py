"""A batch is continued once all of its runs have ended, whoever ends the last of them."""

from __future__ import annotations

import threading

from common.runs import (
    Batches,
    Runs,
)
from tests.dispatch.batches import batch, members, submitted
from tests.runs.making import after, claimed, failed, finished, given


def test_a_batch_is_continued_when_all_of_its_runs_have_ended_however_they_did(runs, batches):
    first, second, third = submitted(runs, total=3, tenant="t")
    failed(runs, first)
    assert batches.continue_one("b") is None
    runs.cancel(second.id)
    assert batches.continue_one("b") is None
    finished(runs, claimed(runs, third))
    run = batches.continue_one("b")
    assert (run.job, run.params, run.tenant, run.parent) == ("noop", '{"of":"b"}', "t", "b")
    assert after(runs, "b") == [runs.get(run.id)]
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
    assert len(after(runs, "b")) == 1


def test_a_batch_whose_runs_have_all_ended_by_then_is_continued_when_it_is_sealed(
    runs, batches, time
):
    batches.begin(batch(time.now()))
    for run in given(runs, members(time.now())):
        finished(runs, claimed(runs, run))
    batches.seal("b")
    assert len(after(runs, "b")) == 1


def test_a_dead_letter_that_is_replayed_and_succeeds_does_not_continue_its_batch_again(
    runs, batches
):
    first, second = submitted(runs)
    finished(runs, claimed(runs, first))
    failed(runs, second)
    assert batches.continue_one("b") is not None
    finished(runs, claimed(runs, runs.replay(second.id)))
    assert batches.continue_one("b") is None
    assert len(after(runs, "b")) == 1


def test_a_batch_that_waits_for_a_replay_is_continued_after_it(runs, batches):
    first, second = submitted(runs)
    failed(runs, first)
    runs.replay(first.id)
    finished(runs, claimed(runs, second))
    assert batches.continue_one("b") is None
    finished(runs, claimed(runs, runs.get(first.id)))
    assert batches.continue_one("b") is not None


def test_a_batch_without_a_continuation_has_none(runs, batches):
    for run in submitted(runs, then=None):
        finished(runs, claimed(runs, run))
    assert batches.continue_one("b") is None
    assert after(runs, "b") == []
