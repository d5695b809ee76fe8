"""Tasks as real processes, in the environment that Cloud Run gives them."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from common.documents import open_documents
from common.runs import Queues, Run, Runs

ROOT = Path(__file__).parents[2]
PLUGIN = Path(__file__).with_name("plugin")
PATIENCE = 12.0
"""Seconds until a test that waits gives up."""


class Task:
    """One process of python -m jobs, or of the driver beside the trials."""

    def __init__(self, argv: list[str], env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            argv,
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="backslashreplace",
        )
        self.lines: list[str] = []
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def await_line(self, beginning: str = "ready") -> str:
        """The next line that begins so; fails if there is none before all have ended."""
        while (line := self._queue.get(timeout=PATIENCE)) is not None:
            if line.startswith(beginning):
                return line
        raise AssertionError(f"No {beginning!r} in:\n{self.text}")

    def say(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Tell it to end; its exit code, and the seconds until it and all its children had."""
        began = time.monotonic()
        self.send(number)
        return self.code(), time.monotonic() - began

    def code(self) -> int:
        """Its exit code, once nobody holds its output any more: neither it nor a child of it."""
        self._reader.join(PATIENCE)
        assert not self._reader.is_alive(), f"Still there, it or a child of it:\n{self.text}"
        return self.process.wait(PATIENCE)

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self._reader.join(PATIENCE)
        if not self._reader.is_alive():  # else an orphan holds it, and closing would wait for that
            self.process.stdout.close()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line)
            self._queue.put(line)
        self._queue.put(None)


class Tasks:
    """Starts tasks over one ledger, and ends those that are left when the test is over."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.documents = open_documents(f"sqlite:///{folder}/documents.sqlite3")
        self.runs = Runs(self.documents)
        Queues(self.documents).pause("default")  # so that what a task leaves is left to the test
        self._started: list[Task] = []

    def start(self, *arguments: str, driver: bool = False, bare: bool = False, **env: str) -> Task:
        """A task of python -m jobs, by default the first of execution "x-1", on a laptop.

        Or one of the driver, or a bare python.
        """
        program = [str(PLUGIN / "driver.py")] if driver else [] if bare else ["-m", "jobs"]
        task = Task([sys.executable, *program, *arguments], self.env(**env))
        self._started.append(task)
        return task

    def run(self, *arguments: str, bare: bool = False, **env: str) -> Task:
        """One that has ended."""
        task = self.start(*arguments, bare=bare, **env)
        task.process.stdin.close()
        task.code()
        return task

    def env(self, **env: str) -> dict[str, str]:
        given = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(PLUGIN)]),
            "TMPDIR": str(self.folder),
            "HOME": str(self.folder),
            "RUNJOBS_HOME": str(self.folder / "home"),
            "RUNJOBS_DOCUMENTS": self.documents.url,
            "CLOUD_RUN_EXECUTION": "x-1",
            **env,
        }
        return {name: value for name, value in given.items() if value}

    @property
    def only(self) -> Run:
        """The one run that there is."""
        (run,) = self.runs.list()
        return run

    def close(self) -> None:
        for task in self._started:
            task.close()
        self.documents.close()
