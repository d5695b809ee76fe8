"""Runs one local execution's tasks:
python supervisor.py FOLDER LOCK_FD CONTROL_FD TASKS AT_ONCE TIMEOUT GRACE RETRIES COMMAND...

A program of its own, so that an execution goes on when whoever asked for it has ended. It does to
its tasks what Cloud Run does: tells them who they are, tries those that failed again at once, ends
each attempt at its timeout or when cancelled by SIGTERM and, a grace later, SIGKILL, and keeps what
they print and how they ended. When told so it moves them as Cloud Run moves tasks to other
machines: SIGTSTP, a grace later a pause that they do not notice, and SIGCONT.

The control pipe brings the numbers of signals, its own and SIGTERM from whoever cancels, and MOVE.
Its own are blocked from before it began until it listens.

A run waits until its task has begun. So the first tasks are started before anything is imported
that Python would have to look for.
"""
# pathlib alone would take longer than all that is done here before a task begins.
# ruff: noqa: PTH105, PTH116, PTH123

from __future__ import annotations

import os
import sys
import time

__all__ = ["MOVE", "last_line"]

MOVE = 200
"""What the control pipe brings to have all tasks moved; no signal has such a number."""

_NEVER = float("inf")
_INT, _KILL, _TERM = 2, 9, 15
"""POSIX fixes these numbers; their names would cost an import."""
_IGNORED_BY_PYTHON = (13, 25)
"""SIGPIPE and SIGXFSZ, which a task shall not find ignored."""


class Asked:
    """What it was started with."""

    def __init__(self, arguments: list[str]) -> None:
        self.folder = arguments[0]
        self.lock, self.control, self.tasks, self.at_once = map(int, arguments[1:5])
        self.timeout, self.grace = map(float, arguments[5:7])
        self.retries = int(arguments[7])
        self.command = arguments[8:]


class Task:
    """One process of the execution: an attempt at one of its tasks."""

    def __init__(self, index: int, asked: Asked, attempt: int = 0) -> None:
        self.index, self.attempt, self.grace = index, attempt, asked.grace
        self.log = f"{asked.folder}/task-{index}.log"
        self.offset = _size(self.log) if attempt else 0
        """Where in the log what it prints begins."""
        self.moves: list[tuple[float, int]] = []
        """Signals of a move, and when each is to be sent."""
        self.ended_by = ""
        self.code: int | None = None
        self.pid = self._spawn(asked)
        self.started, self.began = time.time(), time.monotonic()
        self.deadline = self.began + asked.timeout
        """When it is to be ended, or once that was asked for, to be killed."""

    @property
    def due(self) -> float:
        """When something is to be done about it."""
        return min([self.deadline, *(due for due, _ in self.moves[:1])])

    def end(self, why: str) -> None:
        """Ask it to end, once."""
        if not self.ended_by and not self._is_over():
            self.ended_by = why
            self.deadline = time.monotonic() + self.grace
            os.kill(self.pid, _TERM)

    def move(self, notice: int, pause: int, resume: int) -> None:
        """Give notice, a grace later pause it, and a tenth of that later let it go on."""
        if not self.moves and not self._is_over():
            now = time.monotonic()
            self.moves = [(now + self.grace, pause), (now + 1.1 * self.grace, resume)]
            os.kill(self.pid, notice)

    def has_ended(self) -> bool:
        """Do what is due, and look."""
        now = time.monotonic()
        if now >= self.deadline:
            self._overdue()
        while self.moves and now >= self.moves[0][0] and not self._is_over():
            self._tell(self.moves.pop(0)[1])
        if not self._is_over():
            return False
        self.kill()  # a container's end is the end of all in it
        return True

    def kill(self) -> None:
        """End it, and whatever it has started in its session."""
        self._tell(_KILL)

    def running(self) -> dict[str, object]:
        """What others may want to know of it while it lives."""
        return {"pid": self.pid, "started": round(self.started, 6)}

    def result(self) -> dict[str, object]:
        """How it ended, as Cloud Run would tell."""
        code = self.code or 0
        result, detail = self._verdict(code)
        if result == "failed":
            detail += f" It last said: {last_line(self.log) or 'nothing'}"
        return {
            **self.running(),
            "offset": self.offset,
            "result": result,
            "detail": detail,
            "exit_code": code if code >= 0 else None,
            "term_signal": -code if code < 0 else None,
            "seconds": round(time.monotonic() - self.began, 3),
        }

    def _spawn(self, asked: Asked) -> int:
        """Start it in a session of its own, with our stdin, which is empty, and our lock."""
        environment = {
            **os.environ,
            "CLOUD_RUN_TASK_INDEX": str(self.index),
            "CLOUD_RUN_TASK_COUNT": str(asked.tasks),
            "CLOUD_RUN_TASK_ATTEMPT": str(self.attempt),
            "RUNJOBS_OUTPUT_INDEX": f"{asked.folder}/task-{self.index}.index",
        }
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        return os.posix_spawnp(
            asked.command[0],
            asked.command,
            environment,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 1, self.log, flags, 0o666),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,
            setsigmask=(),
            setsigdef=_IGNORED_BY_PYTHON,
        )

    def _is_over(self) -> bool:
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
        return self.code is not None

    def _tell(self, number: int) -> None:
        """Send a signal to all of it."""
        try:
            os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):
            return

    def _overdue(self) -> None:
        if self.ended_by:
            self.deadline = _NEVER
            self.kill()
        else:
            self.end("timeout")

    def _verdict(self, code: int) -> tuple[str, str]:
        if self.ended_by == "cancelled":
            return "cancelled", "Cancelled."
        if self.ended_by == "timeout":
            return "failed", "The configured timeout was reached."
        if code < 0:
            return "failed", f"Terminated by signal {-code}."
        return ("failed", f"Exit code {code}.") if code else ("succeeded", "")


class Supervisor:
    """One execution."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.waiting = list(range(asked.tasks))
        self.running: list[Task] = []
        self.known: dict[int, dict[str, object]] = {}
        self.failures: dict[int, list[dict[str, object]]] = {}
        """By task, how its attempts have failed that were tried again."""
        self.cancelled = False
        os.set_inheritable(asked.control, False)  # noqa: FBT003 - it takes no keyword

    def run(self) -> None:
        """Run all tasks to their end."""
        try:
            self._begin()
            self._note()
            self._listen()
            while self._look():
                self._wait()
        finally:
            for task in self.running:  # there are none, unless we have failed
                task.kill()

    def _look(self) -> bool:
        """See who has ended, and who may begin; returns whether there is anyone left."""
        self._reap()
        self._begin()
        self._save()
        return bool(self.running)

    def _begin(self) -> None:
        while self.waiting and len(self.running) < self.asked.at_once:
            index = self.waiting.pop(0)
            self.known[index] = _CANCELLED if self.cancelled else self._start(index)

    def _start(self, index: int, attempt: int = 0) -> dict[str, object]:
        try:
            task = Task(index, self.asked, attempt)
        except OSError as error:
            return {"result": "failed", "detail": f"It cannot be started: {error}."}
        self.running.append(task)
        return task.running()

    def _listen(self) -> None:
        """Have signals come by the pipe, also those that came before."""
        import signal

        for number in (_TERM, _INT, signal.SIGCHLD):
            signal.signal(number, lambda *_: None)  # else it would not reach the pipe
        signal.set_wakeup_fd(self.asked.control, warn_on_full_buffer=False)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())

    def _wait(self) -> None:
        """Until a signal comes, a child's end being one, or something is due."""
        import select

        due = min(task.due for task in self.running) - time.monotonic()
        control = self.asked.control
        if select.select([control], [], [], max(0.0, min(due, 3600.0)))[0]:
            self._hear(os.read(control, 1024))

    def _hear(self, told: bytes) -> None:
        if not {_TERM, _INT}.isdisjoint(told):
            self.cancelled = True
            for task in self.running:
                task.end("cancelled")
        if MOVE in told:
            self._move()

    def _move(self) -> None:
        import signal

        for task in self.running:
            task.move(signal.SIGTSTP, signal.SIGSTOP, signal.SIGCONT)

    def _reap(self) -> None:
        for task in [task for task in self.running if task.has_ended()]:
            self.running.remove(task)
            result = task.result()
            again = result["result"] == "failed" and task.attempt < self.asked.retries
            self.known[task.index] = self._again(task, result) if again else result
            self._remember(task.index)

    def _again(self, task: Task, failure: dict[str, object]) -> dict[str, object]:
        """Try it again, in the slot that it has; or see it cancelled between two attempts."""
        self.failures.setdefault(task.index, []).append(failure)
        return dict(_CANCELLED) if self.cancelled else self._start(task.index, task.attempt + 1)

    def _remember(self, index: int) -> None:
        if index in self.failures:
            self.known[index]["failures"] = self.failures[index]

    def _note(self) -> None:
        """What _save would write, as far as others could not do without it should we die now."""
        known = ", ".join(
            f'"{task.index}": {{"pid": {task.pid}, "started": {task.started:.6f}}}'
            for task in self.running
        )
        self._write(f'{{"tasks": {{{known}}}}}')

    def _save(self) -> None:
        import json

        self._write(json.dumps({"tasks": self.known}))

    def _write(self, state: str) -> None:
        path = f"{self.asked.folder}/state.json"
        try:
            with open(f"{path}.new", "w", encoding="utf-8") as file:
                file.write(state)
            os.replace(f"{path}.new", path)
        except OSError:  # a full disk must not leave tasks without a supervisor
            return


_CANCELLED: dict[str, object] = {"result": "cancelled", "detail": "Cancelled."}


def _size(log: str) -> int:
    try:
        return os.stat(log).st_size
    except OSError:
        return 0


def last_line(log: str | os.PathLike[str]) -> str:
    """The end of what was printed, if there is something."""
    try:
        with open(log, "rb") as lines:
            lines.seek(max(0, os.fstat(lines.fileno()).st_size - 500))
            said = lines.read().decode(errors="replace").strip()
    except OSError:
        return ""
    return said.splitlines()[-1][:300] if said else ""


if __name__ == "__main__":
    Supervisor(Asked(sys.argv[1:])).run()
