"""What a task on this machine gets: its command, settings, signals and files, and a slot."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from common.dispatch.executors.local import LocalExecutor
from tests.dispatch.backends import await_unlocked, launch, local, settings
from tests.dispatch.executors.laptops import described, tasks_of, told
from tests.dispatch.puppets import stage

# --- what a task gets


def test_a_task_is_the_job_entrypoint_unless_said_otherwise(tmp_path):
    with stage() as puppets:
        asked = LocalExecutor(settings(tmp_path))._order(launch(2), "noop-1")
        assert asked.command == (sys.executable, "-P", "-m", "jobs", "noop")
        name = LocalExecutor(settings(tmp_path), command=puppets.command).start(launch())
        task = puppets.next()
        assert task.argv[-1] == "noop"
        task.end(0)
        await_unlocked(tmp_path / "executions" / name / "lock")


def test_a_task_has_the_settings_of_whoever_started_it_and_is_no_task_of_its_execution(
    tmp_path, monkeypatch
):
    """Also a task of one execution may start another."""
    monkeypatch.setenv("CLOUD_RUN_TASK_INDEX", "7")
    monkeypatch.setenv("CLOUD_RUN_TASK_ATTEMPT", "2")
    monkeypatch.setenv("RUNJOBS_EXECUTION", "another")
    monkeypatch.setenv("MINE", "kept")
    with local(tmp_path) as laptop:
        laptop.executor.start(launch())
        told = laptop.task().environment
    assert told["RUNJOBS_HOME"] == str(tmp_path)
    assert told["RUNJOBS_DOCUMENTS"] == settings(tmp_path).documents
    assert told["RUNJOBS_EXECUTOR"] == "local"
    assert told["RUNJOBS_EXECUTION"] == "our-execution"
    assert (told["CLOUD_RUN_TASK_INDEX"], told["CLOUD_RUN_TASK_ATTEMPT"]) == ("0", "0")
    assert told["MINE"] == "kept"


# --- how many at once


@pytest.mark.parametrize("home", ["two words", "ø ☕ 'q' \"$HOME\"", "-rf"])
def test_the_home_may_have_any_name(tmp_path, home):
    with local(tmp_path / home) as laptop:
        name = laptop.executor.start(launch())
        laptop.task().end(0)
        laptop.settle(name)
        assert described(laptop, name).succeeded == 1


def test_as_many_tasks_run_at_once_as_there_are_processors_unless_said_otherwise(tmp_path):
    assert LocalExecutor(settings(tmp_path)).capacity == os.cpu_count()
    executor = LocalExecutor(settings(tmp_path, RUNJOBS_PARALLELISM="3"))
    assert executor.capacity == 3
    at_once = [told(executor, launch(it)).at_once for it in (1, 3, 9)]
    assert at_once == [1, 3, 3]


def test_tasks_beyond_the_processors_wait_for_a_slot(narrow):
    name = narrow.executor.start(launch(3))
    for ended in range(3):
        task = narrow.task()
        assert narrow.puppets.none_waits()
        assert described(narrow, name).succeeded == ended
        task.end(0)
    narrow.settle(name)
    assert described(narrow, name).succeeded == 3


# --- its signals and files


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGPIPE])
def test_a_task_finds_every_signal_as_it_was(tmp_path, number):
    with local(tmp_path, command=["sh", "-c", f"kill -{number} $$; exit 7"]) as laptop:
        name = laptop.executor.start(launch())
        laptop.settle(name)
        assert tasks_of(laptop, name)["0"]["term_signal"] == number


@pytest.mark.skipif(sys.platform != "linux", reason="only there open files can be named")
def test_a_task_has_no_file_open_but_its_output_and_the_lock(tmp_path):
    code = "import os; print(*(os.readlink(f'/dev/fd/{fd}') for fd in range(200) if is_open(fd)))"
    is_open = "import os.path; is_open = lambda fd: os.path.lexists(f'/dev/fd/{fd}')"
    with local(tmp_path, command=[sys.executable, "-S", "-c", f"{is_open}; {code}"]) as laptop:
        name = laptop.executor.start(launch())
        laptop.settle(name)
        folder = laptop.folder(name)
        log = folder / "task-0.log"
        assert log.read_text().split() == ["/dev/null", str(log), str(log), str(folder / "lock")]
