"""What many do at once is done by one of them, on either store."""

from __future__ import annotations

import threading

import pytest

from common.dispatch import Dispatcher
from common.runs import NotClaimable, Run, Runs, State, Worker
from tests.dispatch.stub import Stub


@pytest.fixture
def trials(documents_url) -> range:
    """20 in SQLite; 3 in Firestore, whose emulator takes a second for each."""
    return range(20 if documents_url.startswith("sqlite") else 3)


@pytest.fixture
def open_runs(open_store):
    """Opens the ledger, each time as another process would."""
    return lambda: Runs(open_store(patience=60))


def race(size: int, trials: range, open_runs, act) -> None:
    """Have so many threads, each with a ledger of its own, act at once, trial after trial."""
    barrier, failures = threading.Barrier(size), []

    def racer():
        try:
            mine = open_runs()
            for trial in trials:
                mine.get(f"r{trial}")
                barrier.wait(60)
                act(mine, trial)
        except Exception as error:  # noqa: BLE001 - reported below
            failures.append(error)
            barrier.abort()

    threads = [threading.Thread(target=racer) for _ in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def submit(runs: Runs, trial: int) -> Run:
    now = runs.documents.now()
    return runs.submit(
        Run(id=f"r{trial}", job="noop", queue=f"q{trial}", params="{}", created=now, due=now)
    )


def test_of_many_dispatchers_one_starts_an_execution(open_runs, trials):
    stub, runs = Stub(), open_runs()
    for trial in trials:
        submit(runs, trial)

    def advance(mine: Runs, trial: int) -> None:
        run = mine.get(f"r{trial}")
        assert Dispatcher(mine, stub).advance(run).state is State.STARTING

    race(8, trials, open_runs, advance)
    reserved = [runs.get(f"r{trial}").execution for trial in trials]
    assert sorted(launch.execution for launch in stub.launches) == sorted(reserved)
    assert len(set(reserved)) == len(trials)


def test_of_fifty_claims_of_the_same_task_one_owns_the_run(open_runs, trials):
    """1,000 claims in SQLite."""
    runs = open_runs()
    executions = [runs.reserve([submit(runs, trial)])[0].id for trial in trials]
    owners, refused = [], []

    def claim(mine: Runs, trial: int) -> None:
        try:
            run = mine.claim(f"r{trial}", Worker(execution=executions[trial], name="noop-1"))
            owners.append((trial, run.token))
        except NotClaimable:
            refused.append(trial)

    race(50, trials, open_runs, claim)
    assert len(refused) == len(trials) * 49
    assert sorted(owners) == sorted((trial, runs.get(f"r{trial}").token) for trial in trials)
    assert all(len(runs.get(f"r{trial}").attempts) == 1 for trial in trials)
