"""One attempt in this very process: what it says in the ledger, and when."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from pydantic import BaseModel

from common.documents import open_documents
from common.errors import InvalidInput, Misconfigured, Unavailable
from common.runs import Outcome, Permanent, Retryable, Runs, State, Worker
from common.runtime import Interrupted, Params, Retry, job
from common.runtime.children import Children
from common.runtime.failures import failure
from common.runtime.jsontext import TooLarge
from common.runtime.perform import perform
from common.runtime.signals import Signals
from common.runtime.submission import new_run
from tests.faults import Faulty

pytestmark = pytest.mark.usefixtures("logging_restored")
WORKER = Worker(execution=None, name="x")


@pytest.fixture
def store(tmp_path):
    inner = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3")
    yield Faulty(inner, patience=0.0)
    inner.close()


@pytest.fixture
def attempt(store, tmp_path, monkeypatch):
    """Makes an attempt at a new run of a function."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    runs = Runs(store)
    services = SimpleNamespace(documents=store, runs=runs, settings=SimpleNamespace(in_cloud=False))

    def attempt(function, *, lease=60.0, **options):
        def typed(_params: Params, run):
            return function(run)

        runs.lease = timedelta(seconds=lease)
        made = job("it", **options)(typed)
        run = runs.begin(new_run(made, Params(), now=store.now()), WORKER)
        return perform(made, services, run)

    return attempt


class Point(BaseModel):
    x: int


def test_a_checkpoint_comes_back_as_it_was_kept(attempt):
    seen = []

    def function(run):
        for data in ({"n": [1, None]}, Point(x=1), None, "text"):
            run.checkpoint(data)
            seen.append(run.checkpointed)

    attempt(function)
    assert seen == [{"n": [1, None]}, {"x": 1}, None, "text"]


def test_a_checkpoint_over_the_limit_is_refused_and_the_last_one_stays(attempt):
    def function(run):
        run.checkpoint(1)
        with pytest.raises(TooLarge, match="A checkpoint of 300,002 bytes is over 256,000"):
            run.checkpoint("x" * 300_000)
        return run.checkpointed

    assert json.loads(attempt(function).result) == 1


def test_progress_is_written_once_in_an_interval_however_often_it_is_said(attempt, store):
    store.write_interval = 0.2

    def function(run):
        store.calls.clear()
        began = time.monotonic()
        for _ in range(100):
            run.progress(0.5)
            run.sleep(0.01)
        return store.calls.count("commit"), time.monotonic() - began

    commits, seconds = json.loads(attempt(function).result)
    assert 1 <= commits <= seconds / 0.2 + 2


@pytest.mark.parametrize(
    ("fraction", "kept"), [(-1, 0), (0.25, 0.25), (2, 1), (float("nan"), 0), (float("inf"), 1)]
)
def test_progress_is_a_fraction_with_a_printable_message(attempt, fraction, kept):
    heard = []

    def function(run):
        run._heartbeat._on_progress = heard.append
        run.progress(fraction, "\ud800" + "x" * 1_000)

    attempt(function)
    (progress,) = heard
    assert progress.fraction == kept
    assert len(progress.message.encode()) == 200


def test_each_attempt_has_its_own_path_and_an_empty_folder_that_goes(attempt):
    folders = []

    def function(run):
        (run.folder / "left").write_text("x")
        folders.append(run.folder)
        return run.path("film.mp4")

    run = attempt(function)
    assert json.loads(run.result) == f"runs/{run.id}/1/film.mp4"
    assert not folders[0].parent.exists()


def test_cleaning_leaves_another_attempts_folder_alone(attempt):
    others = []

    def function(run):
        others.append(run.folder.with_name("2"))
        others[0].mkdir()

    attempt(function)
    assert others[0].is_dir()
    shutil.rmtree(others[0].parent)


def test_a_child_is_ended_with_the_attempt(attempt):
    children = []

    def function(run):
        children.append(run.start(["sleep", "1000"]))

    attempt(function)
    assert children[0].returncode == -signal.SIGKILL


def test_a_child_gets_its_arguments_and_the_usual_signals():
    children = Children()
    script = "import signal, sys; print(sys.argv[1:], signal.getsignal(signal.SIGTERM).name)"
    child = children.start(["python3", "-c", script, "a b", ""], stdout=-1, text=True)
    assert child.communicate()[0] == "['a b', ''] SIG_DFL\n"
    piped = children.start(["sh", "-c", "yes | head -1; exit ${PIPESTATUS:-0}"], stdout=-1)
    assert piped.communicate() == (b"y\n", None)


def test_a_child_that_cannot_be_run_says_so():
    child = Children().start(["no-such-program"], stderr=-1, text=True)
    assert child.communicate()[1].startswith("no-such-program cannot be run: ")
    assert child.returncode == 1


def test_a_retry_is_due_after_its_delay_and_at_most_its_jitter_more(attempt):
    run = attempt(lambda _: 1 / 0, retry=Retry((100.0,), jitter=0.1))
    waits = (run.due - run.attempts[0].ended).total_seconds()
    assert (run.state, run.failures) == (State.PENDING, 1)
    assert 100 <= waits <= 110


def test_an_error_while_being_told_to_end_is_of_that_and_burns_no_attempt(attempt):
    def function(run):
        os.kill(os.getpid(), signal.SIGTERM)
        try:
            run.sleep(1000)
        except Interrupted as stop:
            raise RuntimeError("The pool is broken.") from stop

    run = attempt(function)
    assert (run.state, run.failures, run.attempts[0].outcome) == (
        State.PENDING,
        0,
        Outcome.INTERRUPTED,
    )


def test_a_permanent_error_is_one_also_while_being_told_to_end(attempt):
    def function(run):
        os.kill(os.getpid(), signal.SIGTERM)
        try:
            run.sleep(1000)
        except Interrupted as stop:
            raise Permanent("It never will.") from stop

    assert attempt(function).state is State.FAILED


def test_a_function_that_finishes_although_it_was_told_to_end_has_succeeded(attempt):
    run = attempt(lambda _: os.kill(os.getpid(), signal.SIGTERM))
    assert run.state is State.SUCCEEDED


def test_while_the_store_is_down_a_function_is_stopped_and_nothing_more_is_written(attempt, store):
    def function(run):
        store.faults.extend(["unavailable"] * 10_000)
        run.sleep(1000)

    before = []
    with pytest.raises(Exception, match="no longer this attempt's"):
        attempt(lambda run: before.append(run._lease.run) or function(run), lease=0.4)
    store.faults.clear()
    (run,) = Runs(store).list()
    assert run == before[0]


def test_a_store_that_is_back_in_time_is_not_noticed(attempt, store):
    store.write_interval = 0.05

    def function(run):
        store.calls.clear()
        store.faults.extend(["unavailable"] * 3)
        while store.faults:
            run.sleep(0.01)

    assert attempt(function, lease=10.0).state is State.SUCCEEDED


def test_the_handlers_of_signals_are_as_before_afterwards(attempt):
    before = signal.getsignal(signal.SIGTERM), signal.set_wakeup_fd(-1)
    attempt(lambda _: None)
    assert (signal.getsignal(signal.SIGTERM), signal.set_wakeup_fd(before[1])) == before


def test_a_signal_before_anybody_listens_is_kept():
    told = []
    with Signals() as signals:
        os.kill(os.getpid(), signal.SIGTERM)
        signals.listen(lambda: told.append(True))
    assert told


@pytest.mark.parametrize(
    ("error", "retryable", "after"),
    [
        (ValueError("x"), True, None),
        (Retryable("x"), True, None),
        (Retryable("x", after=7.5), True, 7.5),
        (Unavailable("x"), True, None),
        (Misconfigured("x"), False, None),
        (Permanent("x"), False, None),
        (InvalidInput("x"), False, None),
        (TooLarge("x"), False, None),
    ],
)
def test_whether_an_error_is_worth_another_attempt(error, retryable, after):
    found = failure(error)
    assert (found.type, found.message) == (type(error).__name__, "x")
    assert (found.retryable, found.after) == (retryable, after)


def test_an_error_without_words_goes_by_its_type():
    assert failure(ValueError()).message == "ValueError"


def test_a_failure_fits_into_a_document_whatever_the_error_says():
    found = failure(ValueError("\ud800" * 1_000_000))
    assert len(found.message.encode()) <= 2_000
    assert len(found.trace.encode()) <= 4_000
    assert "Traceback" not in found.message
