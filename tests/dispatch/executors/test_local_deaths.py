"""Whoever starts or supervises an execution on this machine may be killed."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from common.dispatch.executors import supervisor
from tests.dispatch.backends import await_unlocked, launch
from tests.dispatch.executors.laptops import described, reaped

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_an_execution_goes_on_when_whoever_started_it_is_killed(laptop):
    script = (
        "import sys; from tests.dispatch.backends import *\n"
        "executor = LocalExecutor(settings(Path(sys.argv[1])), command=sys.argv[2:])\n"
        "print(executor.start(launch()), flush=True); sys.stdin.read()"
    )
    argv = [sys.executable, "-c", script, str(laptop.home), *laptop.puppets.command]
    starter = subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    with starter:
        name = starter.stdout.readline().strip()
        task = laptop.task()
        os.killpg(starter.pid, signal.SIGKILL)
    assert starter.returncode == -signal.SIGKILL
    assert not described(laptop, name).ended
    task.do(print="still here")
    task.end(0)
    laptop.settle(name)
    assert described(laptop, name).succeeded == 1


def test_when_the_supervisor_is_killed_its_tasks_go_on_and_have_failed_once_they_end(laptop):
    name = laptop.executor.start(launch())
    task = laptop.task()
    os.kill(task.parent, signal.SIGKILL)
    reaped()
    assert not described(laptop, name).ended
    task.do(print="nobody hears me")
    assert not described(laptop, name).ended
    task.end(0)
    laptop.settle(name)
    found = described(laptop, name)
    assert (found.failed, found.ended) == (1, True)
    assert "supervisor" in found.detail
    assert "nobody hears me" in found.detail


def test_tasks_that_lost_their_supervisor_can_be_cancelled(laptop):
    name = laptop.executor.start(launch())
    task = laptop.task()
    task.do(endure=True)
    os.kill(task.parent, signal.SIGKILL)
    reaped()
    laptop.executor.cancel("noop", name)
    task.wait()
    laptop.settle(name)
    assert described(laptop, name).ended


def test_whoever_starts_an_execution_may_be_killed_at_any_moment(laptop):
    """Then it has been started and is found, or nothing runs and nothing stands in the way."""
    code = "from tests.dispatch.starter import *; print(start_everywhere(sys.argv[1], ['true']))"
    argv = [sys.executable, "-c", code, str(laptop.home)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    moments = int(done.stdout)
    assert moments > 8
    ends = []
    for moment in range(moments + 1):
        name = laptop.executor.find("noop", f"at-{moment}", since=NOON)
        if name is not None:
            laptop.settle(name)
            found = described(laptop, name)
            assert found.ended
        ends.append(None if name is None else found.succeeded)
    assert ends[0] is None
    assert ends[-1] == 1
    folders = list((laptop.home / "executions").iterdir())
    assert len(folders) >= sum(end is not None for end in ends) > 0
    assert laptop.executor.tidy(datetime.now(UTC) + timedelta(days=1)) == len(folders)
    assert not list((laptop.home / "executions").iterdir())


def test_a_supervisor_that_dies_before_it_listens_has_noted_whom_it_started(tmp_path):
    """As soon as it had, and before it loaded what it listens and writes with."""
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); sys.modules['signal'] = None; "
        "import supervisor as it; it.Supervisor(it.Asked(sys.argv[1:])).run()"
    )
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = [str(tmp_path), str(lock.fileno()), "0", "3", "2", "60", "1", "0", "sleep", "60"]
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", code, str(Path(supervisor.__file__).parent), *told],
            pass_fds=[lock.fileno()],
            capture_output=True,
            text=True,
            check=False,
        )
    assert "signal" in done.stderr
    tasks = json.loads((tmp_path / "state.json").read_text())["tasks"]
    assert [(it, sorted(known)) for it, known in tasks.items()] == [
        ("0", ["pid", "started"]),
        ("1", ["pid", "started"]),
    ]
    await_unlocked(tmp_path / "lock")  # for it has ended them as it died
