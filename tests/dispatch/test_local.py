"""What holds of executions on this machine, with real processes and real signals."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from common.dispatch.executors import Launch, StartRefused, supervisor
from common.dispatch.executors.local import LocalExecutor
from common.dispatch.executors.supervisor import Asked, Task
from common.errors import Misconfigured
from common.runs import Attempt, Run, Worker
from tests.dispatch.backends import Local, await_unlocked, local, settings
from tests.dispatch.conftest import launch
from tests.dispatch.puppets import stage

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def tasks_of(laptop, name) -> dict[str, dict]:
    return json.loads((laptop.folder(name) / "state.json").read_text())["tasks"]


def described(laptop, name):
    return laptop.executor.describe("noop", name)


def told(executor: LocalExecutor, launch: Launch) -> Asked:
    """What a supervisor understands of it."""
    return Asked(["folder", "3", "4", *executor._order(launch, "noop-1").arguments()])


def run_of(*workers: tuple[str, int]) -> Run:
    attempts = [
        Attempt(
            number=number,
            token=str(number),
            worker=Worker(execution="e", name=name, task=task),
            due=NOON,
            reserved=None,
            started=NOON,
        )
        for number, (name, task) in enumerate(workers, 1)
    ]
    return Run(
        id="r", job="noop", queue="q", params="{}", created=NOON, due=NOON, attempts=tuple(attempts)
    )


@pytest.fixture
def narrow(tmp_path) -> Iterator[Local]:
    """A laptop on which one task runs at a time."""
    with local(tmp_path, at_once=1) as laptop:
        yield laptop


@pytest.fixture
def printed(laptop) -> Callable[..., list[str]]:
    """What the laptop shows of a run that had these attempts."""
    return lambda *workers, id="r": list(laptop.executor.logs(replace(run_of(*workers), id=id)))


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


# --- what was printed


def test_what_each_task_printed_is_kept_apart_and_read_in_the_order_of_attempts(laptop, printed):
    name = laptop.executor.start(launch(2))
    for _ in range(2):
        task = laptop.task()
        task.do(print=f"I am {task.environment['CLOUD_RUN_TASK_INDEX']}\nø ☕")
        task.end(0)
    laptop.settle(name)
    assert printed((name, 1), ("noop-nowhere", 0), (name, 0)) == [
        "I am 1",
        "ø ☕",
        "I am 0",
        "ø ☕",
    ]


def test_what_a_start_that_came_to_nothing_printed_is_read_with_its_run(laptop, printed):
    for words, runs in (("first", ("other", "r")), ("second", ("r",)), ("not mine", ("x",))):
        name = laptop.executor.start(replace(launch(len(runs)), runs=runs))
        for task in sorted(
            (laptop.task() for _ in runs), key=lambda it: it.environment["CLOUD_RUN_TASK_INDEX"]
        ):
            task.do(print=f"{words} {task.environment['CLOUD_RUN_TASK_INDEX']}")
            task.end(1)
        laptop.settle(name)
    assert printed() == ["first 1", "second 0"]
    assert printed((name, 0)) == ["first 1", "second 0"]
    assert printed(id="x") == ["not mine 0"]


def test_an_attempt_of_its_own_start_is_read_once(laptop, printed):
    name = laptop.executor.start(replace(launch(), runs=("r",)))
    task = laptop.task()
    task.do(print="once")
    task.end(0)
    laptop.settle(name)
    assert printed((name, 0)) == ["once"]


def play(laptop, lines: list[tuple[str, str]], *, runs: tuple[str, ...] = ()) -> str:
    """One task that begins and prints in turn, to its end."""
    name = laptop.executor.start(replace(launch(), runs=runs))
    task = laptop.task()
    for order, words in lines:
        task.do(**{order: words})
    task.end(0)
    laptop.settle(name)
    return name


def test_of_a_task_that_worked_on_several_runs_each_has_its_own_output(laptop, printed):
    lines = [("print", "starting"), ("begins", "r"), ("print", "one\ntwo")]
    lines += [("begins", "s"), ("begins", "t"), ("print", "ø ☕"), ("begins", "u"), ("print", "4")]
    name = play(laptop, lines, runs=("r",))
    here = (name, 0)
    assert printed(here) == ["starting", "one", "two"]
    assert printed(here, id="s") == []
    assert printed(here, id="t") == ["ø ☕"]
    assert printed(here, id="u") == ["4"]
    assert printed(here, id="v") == []


def test_what_a_task_printed_before_it_began_is_of_the_run_it_was_started_for(laptop, printed):
    """Also where that was cancelled meanwhile, and the task began with another."""
    name = play(laptop, [("print", "early"), ("begins", "s"), ("print", "late")], runs=("r",))
    assert printed() == ["early"]
    assert printed((name, 0), id="s") == ["late"]


def test_attempts_at_one_run_in_one_task_are_read_in_their_order_among_those_elsewhere(
    laptop, printed
):
    lines = [("begins", "r"), ("print", "1st"), ("begins", "s"), ("print", "not mine")]
    here = play(laptop, [*lines, ("begins", "r"), ("print", "3rd")], runs=("r",))
    there = play(laptop, [("begins", "t"), ("begins", "r"), ("print", "2nd")], runs=("t",))
    attempts = [(here, 0), (there, 0), (here, 0)]
    assert printed(*attempts) == ["1st", "2nd", "3rd"]
    assert printed(*attempts[:2]) == ["1st", "3rd", "2nd"]


def test_a_run_that_began_in_the_middle_of_a_line_has_its_own_part(laptop, printed):
    name = laptop.executor.start(replace(launch(), runs=("r",)))
    laptop.task().end(0)
    laptop.settle(name)
    (laptop.folder(name) / "task-0.log").write_bytes(b"one\ntw" + b"o\r\nthr" + b"ee\n")
    (laptop.folder(name) / "task-0.index").write_bytes(b"0 r\n6 s\n12 t\n")
    shown = [printed((name, 0), id=id) for id in "rst"]
    assert shown == [["one", "tw"], ["o", "thr"], ["ee"]]


@pytest.mark.parametrize(
    ("index", "shown"),
    [
        (b"", ["rst", "", ""]),
        (b"0 ", ["rst", "", ""]),
        (b"0 r", ["rst", "", ""]),
        (b"0 r\n2 ", ["rst", "", ""]),
        (b"0 r\n2 s\n4", ["r", "st", ""]),
        (b"0 r\nno line\n2 s\n\xff \xff\n4 t\n", ["r", "s", "t"]),
        (b"0 r\n2 s\n400 t\n", ["r", "st", ""]),
    ],
)
def test_an_index_that_is_broken_is_read_as_far_as_it_is(laptop, printed, index, shown):
    """As by a full disk, or a crash of the machine."""
    name = laptop.executor.start(replace(launch(), runs=("r",)))
    laptop.task().end(0)
    laptop.settle(name)
    (laptop.folder(name) / "task-0.log").write_bytes(b"r\ns\nt\n")
    (laptop.folder(name) / "task-0.index").write_bytes(index)
    assert ["".join(printed((name, 0), id=id)) for id in "rst"] == shown


def test_a_carriage_return_begins_a_line_of_its_own(laptop, printed):
    name = laptop.executor.start(launch())
    laptop.task().end(0)
    laptop.settle(name)
    (laptop.folder(name) / "task-0.log").write_bytes(b"1%\r2%\r\n\nend")
    assert printed((name, 0)) == ["1%", "2%", "", "end"]


def test_output_that_is_no_text_is_shown_as_far_as_it_is(laptop, printed):
    name = laptop.executor.start(launch())
    laptop.task().end(0)
    laptop.settle(name)
    (laptop.folder(name) / "task-0.log").write_bytes(b"good \xff\xfe bad\nend")
    assert printed((name, 0)) == ["good \ufffd\ufffd bad", "end"]


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


# --- how a task ends


@pytest.mark.parametrize("code", [1, 2, 143, 255])
def test_the_exit_code_is_recorded_with_the_last_words(laptop, code):
    name = laptop.executor.start(launch())
    task = laptop.task()
    task.do(print="first\nlast words\n\n")
    task.end(code)
    laptop.settle(name)
    ended = tasks_of(laptop, name)["0"]
    assert (ended["exit_code"], ended["term_signal"]) == (code, None)
    assert described(laptop, name).detail == f"Exit code {code}. It last said: last words"


def test_a_task_that_is_killed_has_failed_by_signal_9(laptop):
    name = laptop.executor.start(launch())
    task = laptop.task()
    os.kill(tasks_of(laptop, name)["0"]["pid"], signal.SIGKILL)
    task.wait()
    laptop.settle(name)
    ended = tasks_of(laptop, name)["0"]
    assert (ended["exit_code"], ended["term_signal"]) == (None, 9)
    assert described(laptop, name).failed == 1
    assert described(laptop, name).detail.startswith("Terminated by signal 9.")


def test_at_its_timeout_a_task_gets_sigterm(laptop):
    name = laptop.executor.start(launch(timeout=0.2))
    laptop.settle(name)
    ended = tasks_of(laptop, name)["0"]
    assert (ended["result"], ended["term_signal"]) == ("failed", signal.SIGTERM)
    assert ended["detail"].startswith("The configured timeout was reached.")


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="else its end cannot be waited for unseen")
def test_a_task_that_ended_in_time_has_not_timed_out_however_late_that_is_seen(tmp_path):
    """As when a laptop wakes up."""
    with (tmp_path / "lock").open("w") as lock, stage() as puppets:
        numbers = [str(lock.fileno()), "0", "1", "1", "0", "0", "0"]
        task = Task(0, Asked([str(tmp_path), *numbers, *puppets.command]))
        puppets.next().end(0)
        os.waitid(os.P_PID, task.pid, os.WEXITED | os.WNOWAIT)
    assert task.has_ended()
    assert task.result()["result"] == "succeeded"


def test_a_task_that_endures_sigterm_is_killed_when_its_grace_is_over(laptop):
    name = laptop.executor.start(launch())
    task = laptop.task()
    task.do(endure=True)
    laptop.executor.cancel("noop", name)
    assert task.heard() == {"endured": True}
    task.wait()
    laptop.settle(name)
    ended = tasks_of(laptop, name)["0"]
    assert (ended["result"], ended["term_signal"]) == ("cancelled", signal.SIGKILL)


def test_at_its_timeout_too_a_task_is_killed_when_its_grace_is_over(laptop):
    name = laptop.executor.start(launch(timeout=2.0))
    task = laptop.task()
    task.do(endure=True)
    assert task.heard() == {"endured": True}
    task.wait()
    laptop.settle(name)
    ended = tasks_of(laptop, name)["0"]
    assert (ended["result"], ended["term_signal"]) == ("failed", signal.SIGKILL)


def test_within_its_grace_a_task_may_end_by_itself(tmp_path):
    with local(tmp_path, grace=60.0) as laptop:
        name = laptop.executor.start(launch())
        task = laptop.task()
        task.do(endure=True)
        laptop.executor.cancel("noop", name)
        assert task.heard() == {"endured": True}
        task.do(print="tidied up")
        task.end(0)
        laptop.settle(name)
        ended = tasks_of(laptop, name)["0"]
        assert (ended["result"], ended["exit_code"]) == ("cancelled", 0)


def test_the_grace_is_that_of_cloud_run(tmp_path):
    asked = told(LocalExecutor(settings(tmp_path)), launch())
    assert (asked.timeout, asked.grace, asked.retries) == (60.0, 10.0, 0)


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


def test_what_a_task_has_started_ends_with_it(laptop):
    name = laptop.executor.start(launch())
    task = laptop.task()
    task.do(spawn=laptop.puppets.port)
    child = laptop.puppets.next()
    task.end(0)
    child.wait()
    laptop.settle(name)
    assert described(laptop, name).succeeded == 1


# --- cancelling


def test_cancelling_at_once_is_not_lost(laptop):
    """The supervisor may not even have begun to run."""
    for _ in range(10):
        name = laptop.executor.start(launch())
        laptop.executor.cancel("noop", name)
        laptop.settle(name)
        found = described(laptop, name)
        assert (found.cancelled, found.ended) == (1, True)


def test_tasks_that_wait_for_a_slot_when_all_is_cancelled_never_begin(narrow):
    name = narrow.executor.start(launch(3))
    narrow.task()
    narrow.executor.cancel("noop", name)
    narrow.settle(name)
    assert described(narrow, name).cancelled == 3
    assert narrow.puppets.none_waits()
    assert [path.name for path in narrow.folder(name).glob("task-*")] == ["task-0.log"]


def test_a_result_from_before_the_cancellation_stays(narrow):
    name = narrow.executor.start(launch(2))
    narrow.task().end(0)
    narrow.task()
    narrow.executor.cancel("noop", name)
    narrow.settle(name)
    found = described(narrow, name)
    assert (found.succeeded, found.cancelled, found.ended) == (1, 1, True)


# --- who dies


def test_an_execution_goes_on_when_whoever_started_it_is_killed(laptop):
    script = (
        "import sys; from tests.dispatch.backends import *; from tests.dispatch.conftest import *\n"
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


def test_the_first_tasks_begin_before_anything_is_imported():
    """Each import is time that a run waits."""
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); bare = {*sys.modules, '__future__'}; "
        "import supervisor; print({*sys.modules} - bare)"
    )
    argv = [sys.executable, "-I", "-S", "-c", code, str(Path(supervisor.__file__).parent)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{'supervisor'}"


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


# --- what is broken


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


# --- what is kept


def test_what_ended_long_ago_is_removed_and_nothing_else(laptop):
    def ended(days: int) -> str:
        name = laptop.executor.start(launch())
        laptop.task().end(0)
        laptop.settle(name)
        for path in (*laptop.folder(name).iterdir(), laptop.folder(name)):
            os.utime(path, (NOON.timestamp() - 86400 * days,) * 2)
        return name

    names = {days: ended(days) for days in (3, 6, 8, 9)}
    os.utime(laptop.folder(names[9]) / "task-0.log")  # somebody has printed since
    half_made = laptop.home / "executions" / "noop-halfmade"
    half_made.mkdir()
    os.utime(half_made, (0, 0))
    assert laptop.executor.tidy(NOON - timedelta(days=7)) == 2
    left = {path.name for path in (laptop.home / "executions").iterdir()}
    assert left == {names[3], names[6], names[9]}
    assert laptop.executor.tidy(NOON - timedelta(days=7)) == 0


def test_tasks_that_lost_their_supervisor_keep_their_folder(laptop):
    name = laptop.executor.start(launch())
    task = laptop.task()
    os.kill(task.parent, signal.SIGKILL)
    reaped()
    for path in (*laptop.folder(name).iterdir(), laptop.folder(name)):
        os.utime(path, (0, 0))
    assert laptop.executor.tidy(NOON) == 0
    task.end(0)
    laptop.settle(name)
    assert laptop.executor.tidy(NOON) == 1


def test_there_may_be_nothing_to_tidy(laptop):
    assert laptop.executor.tidy(NOON) == 0


def reaped() -> None:
    """Wait until the ends of all supervisors that have ended are known here."""
    for thread in threading.enumerate():
        if thread.name == "reaper":
            thread.join(20)
            assert not thread.is_alive()
