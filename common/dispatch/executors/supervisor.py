"""Runs one local execution's tasks: python supervisor.py FOLDER LOCK_FD

A program of its own, so that an execution goes on when whoever asked for it has ended. It does to
its tasks what Cloud Run does: tells them who they are, ends them at their timeout or when cancelled
by SIGTERM and ten seconds later SIGKILL, and keeps what they print and how they ended.
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

GRACE = 10.0
"""Seconds from SIGTERM to SIGKILL."""


class Task:
    """One process of the execution."""

    def __init__(self, index: int, asked: dict[str, Any], folder: Path, lock: int) -> None:
        self.index = index
        self.ended_by = ""
        environment = {
            **os.environ,
            **asked["environment"],
            "CLOUD_RUN_TASK_INDEX": str(index),
            "CLOUD_RUN_TASK_COUNT": str(asked["tasks"]),
            "CLOUD_RUN_TASK_ATTEMPT": "0",
        }
        self.log = folder / f"task-{index}.log"
        with self.log.open("ab") as output:
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
        self.end_at = self.began + asked["timeout"]
        self.kill_at = float("inf")

    def end(self, why: str) -> None:
        """Ask it to end; it has GRACE seconds."""
        if not self.ended_by:
            self.ended_by = why
            self.kill_at = time.monotonic() + GRACE
            self.process.send_signal(signal.SIGTERM)

    def poll(self) -> bool:
        """Do what is due; returns whether it has ended."""
        now = time.monotonic()
        if now >= self.end_at:
            self.end("timeout")
        if now >= self.kill_at:
            self.process.kill()
        if self.process.poll() is None:
            return False
        self._sweep()
        return True

    def result(self) -> dict[str, Any]:
        """How it ended, as Cloud Run would tell."""
        code = self.process.returncode
        if self.ended_by == "cancelled":
            result, detail = "cancelled", "Cancelled."
        elif self.ended_by == "timeout":
            result, detail = "failed", "The configured timeout was reached."
        elif code < 0:
            result, detail = "failed", f"Terminated by signal {-code}."
        else:
            result, detail = ("failed", f"Exit code {code}.") if code else ("succeeded", "")
        if result == "failed":
            detail += f" It last said: {self._last_line()}"
        return {
            "result": result,
            "detail": detail,
            "exit_code": code if code >= 0 else None,
            "term_signal": -code if code < 0 else None,
            "seconds": round(time.monotonic() - self.began, 3),
        }

    def _last_line(self) -> str:
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 500))
            lines = log.read().decode(errors="replace").splitlines()
        return lines[-1][:300] if lines else "nothing"

    def _sweep(self) -> None:
        """A container's end is the end of all in it."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    """One execution."""

    def __init__(self, folder: Path, lock: int) -> None:
        self.folder, self.lock = folder, lock
        self.asked = json.loads((folder / "execution.json").read_text())
        self.waiting = list(range(self.asked["tasks"]))
        self.running: list[Task] = []
        self.ended: dict[str, dict[str, Any]] = {}
        self.cancelled = False

    def run(self) -> None:
        """Run all tasks to their end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._cancel)
        # Without it a task's end would be noticed only when the wait is over.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        os.set_blocking(reader, False)
        signal.set_wakeup_fd(writer)
        while self.waiting or self.running:
            self._fill()
            self._wait(reader)
            self._reap()

    def _fill(self) -> None:
        while self.waiting and len(self.running) < self.asked["parallelism"]:
            index = self.waiting.pop(0)
            if self.cancelled:
                self._note(index, {"result": "cancelled", "detail": "Cancelled.", "seconds": 0})
            else:
                self.running.append(Task(index, self.asked, self.folder, self.lock))
        if self.cancelled:  # perhaps while a task was being started
            self._cancel()

    def _wait(self, reader: int) -> None:
        """Until a signal comes, a child's end being one, or something is due."""
        due = min((min(task.end_at, task.kill_at) for task in self.running), default=0.0)
        select.select([reader], [], [], max(0.0, min(due - time.monotonic(), 3600.0)))
        with suppress(BlockingIOError):
            os.read(reader, 1024)

    def _reap(self) -> None:
        for task in [task for task in self.running if task.poll()]:
            self.running.remove(task)
            self._note(task.index, task.result())

    def _note(self, index: int, result: dict[str, Any]) -> None:
        self.ended[str(index)] = result
        new = self.folder / "state.json.new"
        new.write_text(json.dumps({"tasks": self.ended}))
        new.replace(self.folder / "state.json")

    def _cancel(self, *_: object) -> None:
        self.cancelled = True
        for task in self.running:
            task.end("cancelled")


if __name__ == "__main__":
    Supervisor(Path(sys.argv[1]), int(sys.argv[2])).run()
