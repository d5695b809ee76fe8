"""What is broken or missing on this machine is named, and leaves nothing behind."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from common.dispatch.executors import StartRefused
from common.dispatch.executors.local import LocalExecutor
from common.errors import Misconfigured
from tests.dispatch.backends import launch, local, settings
from tests.dispatch.executors.laptops import described


def test_a_command_that_is_not_there_is_a_failed_task_with_its_reason(tmp_path):
    with local(tmp_path, command=[str(tmp_path / "no-python")]) as laptop:
        name = laptop.executor.start(launch(2))
        laptop.settle(name)
        found = described(laptop, name)
    assert (found.failed, found.ended) == (2, True)
    assert "cannot be started" in found.detail
    assert "no-python" in found.detail


def test_a_command_that_breaks_is_a_failed_task_with_its_last_words(tmp_path):
    with local(tmp_path, command=[sys.executable, "-c", "raise ImportError('no such job')"]) as it:
        name = it.executor.start(launch())
        it.settle(name)
        assert described(it, name).detail == ("Exit code 1. It last said: ImportError: no such job")


def test_where_no_supervisor_can_be_started_the_start_is_refused_and_leaves_nothing(
    laptop, monkeypatch
):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(StartRefused, match="/nowhere/python") as refused:
        laptop.executor.start(launch())
    assert not refused.value.retryable
    assert not list((laptop.home / "executions").iterdir())


def test_too_many_processes_are_a_refusal_for_now(laptop, monkeypatch):
    def busy(*_, **__):
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", busy)
    with pytest.raises(StartRefused) as refused:
        laptop.executor.start(launch())
    assert refused.value.retryable


@pytest.mark.parametrize("act", [lambda it: it.start(launch()), lambda it: it.check()])
def test_a_home_that_cannot_be_written_is_named_with_the_setting_that_moves_it(tmp_path, act):
    (tmp_path / "file").write_text("")
    home = tmp_path / "file" / "home"
    with pytest.raises(Misconfigured, match="RUNJOBS_HOME") as error:
        act(LocalExecutor(settings(home)))
    assert str(home) in str(error.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_checking_says_so_where_one_may_not_write(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o000)
    with pytest.raises(Misconfigured, match="not a writable folder"):
        LocalExecutor(settings(tmp_path / "closed" / "in" / "it")).check()


def test_a_full_disk_leaves_nothing_behind(laptop, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(Misconfigured, match="No space left"):
        laptop.executor.start(launch())
    assert not list((laptop.home / "executions").iterdir())


@pytest.mark.parametrize("file", ["execution.json", "state.json"])
def test_describe_takes_files_as_a_crash_of_the_machine_may_leave_them(laptop, file):
    name = laptop.executor.start(launch())
    laptop.task().end(0)
    laptop.settle(name)
    path = laptop.folder(name) / file
    whole = path.read_text()
    for size in range(0, len(whole), 7):
        path.write_text(whole[:size])
        found = described(laptop, name)
        assert found.ended
        assert found.succeeded + found.failed == 1
    (laptop.folder(name) / "lock").unlink()
    assert described(laptop, name).ended
