"""Runs one local execution's tasks: python supervisor.py FOLDER LOCK_FD CONTROL_FD

A program of its own, so that an execution goes on when whoever asked for it has ended. It does to
its tasks what Cloud Run does: tells them who they are, ends them at their timeout or when cancelled
by SIGTERM and, a grace later, SIGKILL, and keeps what they print and how they ended.

The control pipe brings the numbers of signals: its own, and SIGTERM from whoever cancels.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

__all__ = ["last_line"]

_NEVER = float("inf")
_CANCEL = {signal.SIGTERM.value, signal.SIGINT.value}


class Task:
    """One process of the execution."""

    def __init__(self, index: int, asked: dict[str, Any], log: Path, lock: int) -> None:
        self.index, self.log, self.grace = index, log, asked["grace"]
        self.ended_by = ""
        environment = {
            **os.environ,
            **asked["environment"],
            "CLOUD_RUN_TASK_INDEX": str(index),
            "CLOUD_RUN_TASK_COUNT": str(asked["tasks"]),
            "CLOUD_RUN_TASK_ATTEMPT": "0",
        }
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                asked["command"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[lock],
                start_new_session=True,
            )
        self.began = time.monotonic()
        self.due = self.began + asked["timeout"]
        """When it is to be ended, or once that was asked for, to be killed."""

    def end(self, why: str) -> None:
        """Ask it to end, once."""
        if not self.ended_by and self.process.poll() is None:
            self.ended_by = why
            self.due = time.monotonic() + self.grace
            self.process.send_signal(signal.SIGTERM)

    def has_ended(self) -> bool:
        """Do what is due, and look."""
        if time.monotonic() >= self.due:
            self._overdue()
        if self.process.poll() is None:
            return False
        self.kill()  # a container's end is the end of all in it
        return True

    def kill(self) -> None:
        """End it, and whatever it has started in its session."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def result(self) -> dict[str, Any]:
        """How it ended, as Cloud Run would tell."""
        code = self.process.returncode
        result, detail = self._verdict(code)
        if result == "failed":
            detail += f" It last said: {last_line(self.log) or 'nothing'}"
        return {
            "pid": self.process.pid,
            "result": result,
            "detail": detail,
            "exit_code": code if code >= 0 else None,
            "term_signal": -code if code < 0 else None,
            "seconds": round(time.monotonic() - self.began, 3),
        }

    def _overdue(self) -> None:
        if self.ended_by:
            self.due = _NEVER
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

    def __init__(self, folder: Path, lock: int, control: int) -> None:
        self.folder, self.lock, self.control = folder, lock, control
        self.asked = json.loads((folder / "execution.json").read_text())
        self.waiting = list(range(self.asked["tasks"]))
        self.running: list[Task] = []
        self.known: dict[int, dict[str, Any]] = {}
        self.cancelled = False

    def run(self) -> None:
        """Run all tasks to their end."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, lambda *_: None)  # else it would not reach the pipe
        signal.set_wakeup_fd(self.control, warn_on_full_buffer=False)
        try:
            while self.waiting or self.running:
                self._begin()
                self._wait()
                self._reap()
        finally:
            for task in self.running:  # there are none, unless we have failed
                task.kill()

    def _begin(self) -> None:
        while self.waiting and len(self.running) < self.asked["parallelism"]:
            index = self.waiting.pop(0)
            self.known[index] = _CANCELLED if self.cancelled else self._start(index)
        if self.cancelled:
            for task in self.running:
                task.end("cancelled")
        self._save()

    def _start(self, index: int) -> dict[str, Any]:
        try:
            task = Task(index, self.asked, self.folder / f"task-{index}.log", self.lock)
        except OSError as error:
            return {"result": "failed", "detail": f"It cannot be started: {error}."}
        self.running.append(task)
        return {"pid": task.process.pid}

    def _wait(self) -> None:
        """Until a signal comes, a child's end being one, or something is due."""
        if not self.running:
            return
        due = min(task.due for task in self.running) - time.monotonic()
        select.select([self.control], [], [], max(0.0, min(due, 3600.0)))
        with suppress(BlockingIOError):
            self.cancelled |= not _CANCEL.isdisjoint(os.read(self.control, 1024))

    def _reap(self) -> None:
        for task in [task for task in self.running if task.has_ended()]:
            self.running.remove(task)
            self.known[task.index] = task.result()
        self._save()

    def _save(self) -> None:
        new = self.folder / "state.json.new"
        with suppress(OSError):  # a full disk must not leave tasks without a supervisor
            new.write_text(json.dumps({"tasks": self.known}))
            new.replace(self.folder / "state.json")


_CANCELLED = {"result": "cancelled", "detail": "Cancelled."}


def last_line(log: Path) -> str:
    """The end of what was printed, if there is something."""
    try:
        with log.open("rb") as lines:
            lines.seek(max(0, log.stat().st_size - 500))
            said = lines.read().decode(errors="replace").strip()
    except OSError:
        return ""
    return said.splitlines()[-1][:300] if said else ""


if __name__ == "__main__":
    Supervisor(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])).run()
