"""What supervises an execution on this machine: heard, cheap, and nothing is left of it."""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from common.dispatch.executors import supervised, supervisor
from tests.dispatch.backends import launch, local
from tests.dispatch.executors.laptops import described, reaped, tasks_of


def test_the_supervisor_sleeps_while_a_task_has_its_grace(tmp_path):
    with local(tmp_path, grace=1.0) as laptop:
        name = laptop.executor.start(launch())
        task = laptop.task()
        task.do(endure=True)
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        laptop.executor.cancel("noop", name)
        task.wait()
        laptop.settle(name)
        reaped()
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 0.6


def test_the_first_tasks_begin_before_anything_is_imported():
    """Each import is time that a run waits."""
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); bare = {*sys.modules, '__future__'}; "
        "import supervisor; print({*sys.modules} - bare)"
    )
    argv = [sys.executable, "-I", "-S", "-c", code, str(Path(supervisor.__file__).parent)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{'supervisor'}"


def test_the_supervisor_hears_what_it_was_told_before_it_listened(laptop, monkeypatch):
    pids = []

    class Popen(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            os.kill(self.pid, signal.SIGTERM)
            pids.append(self.pid)

    monkeypatch.setattr(subprocess, "Popen", Popen)
    for _ in range(5):
        name = laptop.executor.start(launch())
        laptop.settle(name)
        assert described(laptop, name).cancelled == 1
    assert len(pids) == 5


def test_a_start_leaves_the_signals_of_who_asks_as_they_were(laptop):
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    try:
        name = laptop.executor.start(launch())
        assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before | {signal.SIGUSR1}
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    task = laptop.task()
    os.kill(task.pid, signal.SIGUSR1)  # which it does not inherit
    task.wait()
    laptop.settle(name)
    assert tasks_of(laptop, name)["0"]["term_signal"] == signal.SIGUSR1


def test_a_supervisor_that_is_told_to_end_cancels_its_execution(laptop):
    name = laptop.executor.start(launch())
    task = laptop.task()
    os.kill(task.parent, signal.SIGTERM)
    task.wait()
    laptop.settle(name)
    assert described(laptop, name).cancelled == 1


def test_a_supervisor_that_cannot_write_still_looks_after_its_tasks(narrow):
    name = narrow.executor.start(launch(2))
    first = narrow.task()
    (narrow.folder(name) / "state.json.new").mkdir()
    first.end(0)
    second = narrow.task()
    narrow.executor.cancel("noop", name)
    second.wait()
    narrow.settle(name)
    assert described(narrow, name).ended


def test_neither_processes_nor_files_stay_open(laptop):
    supervisors = set()

    def once():
        name = laptop.executor.start(launch())
        task = laptop.task()
        supervisors.add(task.parent)
        described(laptop, name)
        laptop.executor.cancel("noop", name)
        task.wait()
        laptop.settle(name)
        task.close()
        reaped()

    once()
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(5):
        once()
    assert len(list(Path("/dev/fd").iterdir())) == before
    for pid in supervisors:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_supervisor_is_bytecode_that_is_up_to_date_or_its_source(tmp_path, monkeypatch):
    """Bytecode saves a compilation, for which every start would wait."""
    source = tmp_path / "other.py"
    source.write_text("WORDS = 'old'\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(supervised, "supervisor", importlib.import_module("other"))
    cached = supervised._program()
    assert cached.endswith(".pyc")
    assert subprocess.run([sys.executable, "-I", "-S", cached], check=False).returncode == 0
    source.write_text("WORDS = 'newer'\n")
    assert supervised._program() == str(source)
    source.write_text("WORDS = 'old'\n")
    os.utime(source, (1, 1))
    assert supervised._program() == str(source)
    Path(cached).unlink()
    assert supervised._program() == str(source)


def test_a_folder_that_an_earlier_release_left_is_read(folder):
    folder.path.mkdir()
    (folder.path / "execution.json").write_text('{"execution": "e", "tasks": 2, "runs": []}')
    told = {"0": {"pid": 4, "result": "failed", "detail": "Exit code 1.", "seconds": 1.5}}
    (folder.path / "state.json").write_text(json.dumps({"tasks": told}))
    assert (folder.exists, folder.is_alive, folder.asked["tasks"]) == (True, False, 2)
    assert folder.tasks == {0: told["0"]}
