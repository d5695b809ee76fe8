"""A moment fires once, however many see it come, and whatever fails."""

from __future__ import annotations

import threading

import pytest

from common.documents import Delete
from common.runs import Run, Runs, Schedule, transitions
from common.runs.firing import Verdict
from common.runs.firings import Firings, NotFired
from tests.runs.firing import HOUR, HOURLY, NOON, Ledger, job


@pytest.mark.parametrize("started", [False, True])
def test_of_many_who_see_a_moment_come_one_fires(open_store, time, started):
    ledgers = [Ledger(open_store(), time) for _ in range(6)]
    ledgers[0].firings.note("tidy", Schedule(HOURLY))
    moments = 5 if "firestore" in ledgers[0].documents.url else 20
    for _ in range(moments):
        time.advance(HOUR)
        assert len(race(ledgers, started=started)) == 1
        ledgers[0].end()
    assert ledgers[0].count == moments
    assert ledgers[0].standing().counts == {"fire": moments}


def race(ledgers, *, started) -> list[Run]:
    """What those who win make, of all who try at once."""
    together, runs = threading.Barrier(len(ledgers)), []

    def run(number, ledger):
        together.wait(20)
        if not started:
            fired = ledger.firings.tick(job())
            runs.extend([fired.run] if fired.verdict is Verdict.FIRE else [])
            return
        try:
            runs.append(ledger.begin(job(), number))
        except NotFired:
            return

    threads = [threading.Thread(target=run, args=each) for each in enumerate(ledgers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return runs


@pytest.mark.parametrize("fault", ["unavailable", "aborted", "deadline", "lost"])
@pytest.mark.parametrize("at", range(4))
def test_a_start_in_trouble_makes_its_run_all_the_same(ledger, fault, at):
    ledger.documents.faults.extend([None] * at + [fault])
    run = ledger.begin(job())
    assert (ledger.runs.get(run.id).token, ledger.count) == (run.token, 1)
    assert ledger.standing().counts == {"fire": 1}


def test_whose_answer_was_lost_knows_its_own_run_when_others_have_written_since(ledger):
    """It was applied; before that is known somebody pauses the job, and the run beats its heart."""
    inner, store = Firings(Runs(ledger.documents.inner)), ledger.documents
    commit, lost = store._commit, []

    def commit_and_lose(writes, token):
        versions = commit(writes, token)
        if not lost:
            lost.append(versions)
            inner.pause("tidy")
            run = inner._runs.list()[0]
            renewed = {"now": ledger.time.now(), "lease": HOUR, "progress": None}
            inner._runs.apply(run, lambda it: transitions.renew(it, token=run.token, **renewed))
            store.faults.append("unavailable")
            return commit(writes, token)
        return versions

    store._commit = commit_and_lose
    run = ledger.begin(job())
    assert lost
    assert ledger.runs.get(run.id).token == run.token
    assert ledger.count == 1


def test_a_moment_whose_note_is_gone_has_its_run_still(ledger):
    ledger.end(ledger.begin(job()))
    note = ledger.documents.get("schedules", "tidy")
    ledger.documents.commit([Delete("schedules", "tidy", note.version)])
    assert ledger.refusal(job()) is Verdict.DOUBLED
    assert ledger.count == 1
    assert ledger.standing().decided == NOON
