"""The whole way with real processes: the command line, the entrypoint, kills, many at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from common.dispatch import Dispatcher
from common.dispatch.executors.local import GRACE
from common.documents import open_documents
from common.runs import Outcome, Run, Runs, State
from tests.dispatch.backends import Local, local, settings
from tests.dispatch.puppets import stage

CLI = [sys.executable, "-c", "from common.cli import main; main()"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Settings for this process and those it starts."""
    for name in [name for name in os.environ if name.startswith(("RUNJOBS_", "CLOUD_RUN_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("RUNJOBS_HOME", str(tmp_path))
    return settings(tmp_path)


@pytest.fixture
def runs(here) -> Iterator[Runs]:
    documents = open_documents(here.documents)
    yield Runs(documents)
    documents.close()


@pytest.fixture
def work(here) -> Iterator[Local]:
    """An executor whose noops are puppets under the real entrypoint."""
    with stage() as puppets:
        yield Local(here.home, puppets, command=puppets.worker, grace=GRACE)


def runjobs(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, and to the end of what it prints."""
    return subprocess.run(
        [*CLI, *arguments], capture_output=True, text=True, timeout=60, check=True
    )


def submit(dispatcher: Dispatcher, id: str = "r1", *, max_attempts: int = 4) -> Run:
    now = dispatcher.runs.documents.now()
    return dispatcher.submit(
        Run(
            id=id,
            job="noop",
            queue="q",
            params="{}",
            created=now,
            due=now,
            max_attempts=max_attempts,
        )
    )


# --- the command line


@pytest.mark.usefixtures("here")
def test_submit_ends_without_its_run_which_then_succeeds():
    submitted = json.loads(runjobs("submit", "noop", "--json").stdout)
    runjobs("watch", submitted["id"])
    found = json.loads(runjobs("show", submitted["id"], "--json").stdout)
    assert found["state"] == "succeeded"
    assert len(found["attempts"]) == 1
    assert "The run succeeded" in runjobs("logs", submitted["id"]).stdout


# --- tasks that are killed


def test_a_killed_task_is_rescued_at_once_and_the_second_attempt_succeeds(work, runs):
    dispatcher = Dispatcher(runs, work.executor)
    submit(dispatcher)
    os.kill(work.task().pid, signal.SIGKILL)
    second = threading.Thread(target=lambda: work.task().end(0))
    second.start()
    *_, run = dispatcher.wait("r1")
    second.join()
    assert run.state is State.SUCCEEDED
    assert [attempt.outcome for attempt in run.attempts] == [Outcome.LOST, Outcome.SUCCEEDED]
    first, last = run.attempts
    assert "Terminated by signal 9" in first.error.message
    assert last.started - first.started < runs.lease
    assert first.worker.name != last.worker.name


def test_a_run_that_kills_its_process_again_and_again_ends_failed(work, runs):
    dispatcher = Dispatcher(runs, work.executor)
    submit(dispatcher, max_attempts=2)

    def killer():
        for _ in range(2):
            os.kill(work.task().pid, signal.SIGKILL)

    thread = threading.Thread(target=killer)
    thread.start()
    *_, run = dispatcher.wait("r1")
    thread.join()
    assert (run.state, run.error.type) == (State.FAILED, "Lost")
    assert [attempt.outcome for attempt in run.attempts] == [Outcome.LOST] * 2


def test_a_cancelled_execution_gives_its_run_back_without_fault(work, runs):
    dispatcher = Dispatcher(runs, work.executor)
    submit(dispatcher)
    work.task()
    name = runs.get("r1").attempts[-1].worker.name
    work.executor.cancel("noop", name)
    work.settle(name)
    run = runs.get("r1")
    assert (run.state, run.failures) == (State.PENDING, 0)
    assert run.attempts[0].outcome is Outcome.INTERRUPTED


def test_a_broken_entrypoint_ends_in_a_failed_run_that_tells_what_it_said(runs, tmp_path):
    broken = [sys.executable, "-c", "raise ImportError('no module named numpy')"]
    with local(tmp_path, command=broken) as laptop:
        dispatcher = Dispatcher(runs, laptop.executor)
        submit(dispatcher)
        run = runs.get("r1")
        while not run.state.ended:
            if run.state is State.STARTING:
                laptop.settle(runs.execution(run.execution).name)
            run = dispatcher.advance(due_now(runs, run))
    assert (run.state, run.error.type) == (State.FAILED, "NeverClaimed")
    assert "ImportError: no module named numpy" in run.error.message


def due_now(runs: Runs, run: Run) -> Run:
    """Spare the test its backoff."""
    if run.state is State.PENDING:
        runs.documents.update("runs", run.id, lambda _: {"due": run.created})
    return runs.get(run.id)


# --- the same start, many times


def test_of_processes_that_are_the_same_task_one_works_and_the_others_go(here, runs):
    """12 real ones; Cloud Run starts a task twice when its answer was lost."""
    reserved = reserve(runs, "r1")
    environment = {
        **os.environ,
        **here.environment(),
        "RUNJOBS_EXECUTION": reserved,
        "CLOUD_RUN_JOB": "noop",
        "CLOUD_RUN_EXECUTION": "noop-1",
        "CLOUD_RUN_TASK_INDEX": "0",
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "jobs", "noop"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(12)
    ]
    said = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * 12, said
    assert sum("The run succeeded" in each for each in said) == 1
    run = runs.get("r1")
    assert (run.state, len(run.attempts)) == (State.SUCCEEDED, 1)


def reserve(runs: Runs, id: str) -> str:
    now = runs.documents.now()
    run = runs.submit(Run(id=id, job="noop", queue="q", params="{}", created=now, due=now))
    return runs.reserve([run], start=timedelta(minutes=5))[0].id
