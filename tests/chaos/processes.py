"""The test's side of the zygote: children that are started, signalled and waited for."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["Child", "Zygote", "zygote"]

_PATIENCE = 60.0
"""Seconds after which a test that waits in vain fails."""
ROOT = Path(__file__).parents[2]


class Child:
    """One process."""

    def __init__(self, zygote: Zygote, log: Path) -> None:
        self.zygote, self.log = zygote, log
        self.pid = 0
        self.news: queue.SimpleQueue[dict] = queue.SimpleQueue()
        self.code: int | None = None
        self.words: list[str] = []

    def hears(self, news: dict) -> None:
        self.news.put(news)

    def next(self, *, patience: float = _PATIENCE) -> str | None:
        """What it says next; None once it has ended."""
        while self.code is None:
            news = self.news.get(timeout=patience)
            if "code" in news:
                self.code = news["code"]
            elif "said" in news:
                self.words.append(news["said"])
                return news["said"]
        return None

    def wait(self, *, patience: float = _PATIENCE) -> int:
        """Its exit code, or minus the signal that ended it."""
        while self.next(patience=patience) is not None:
            pass
        assert self.code is not None
        return self.code

    def go(self) -> None:
        self.zygote.order(go=self.pid)

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    @property
    def text(self) -> str:
        return self.log.read_text() if self.log.exists() else ""


class Zygote:
    """Children of one zygote, in the order in which they are asked for."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self._process, self.folder = process, folder
        self._unborn: queue.SimpleQueue[Child] = queue.SimpleQueue()
        self._living: dict[int, Child] = {}
        self._lock = threading.Lock()
        self._count = 0
        self._ready = threading.Event()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        assert self._ready.wait(_PATIENCE), "The zygote does not begin."

    def start(self, program: str, *, env: dict[str, str], **order: object) -> Child:
        """A child that runs the program; `order` says the rest."""
        with self._lock:
            self._count += 1
            child = Child(self, self.folder / f"{self._count}.log")
            self._unborn.put(child)
            self.order(fork=program, env=env, log=str(child.log), **order)
        assert child.news.get(timeout=_PATIENCE) == {"pid": child.pid}
        return child

    def order(self, **order: object) -> None:
        assert self._process.stdin is not None
        os.write(self._process.stdin.fileno(), json.dumps(order).encode() + b"\n")

    def kill_all(self) -> None:
        """End whoever is left."""
        for child in list(self._living.values()):
            with suppressed():
                os.kill(child.pid, signal.SIGKILL)

    def close(self) -> None:
        """End whoever is left, and then the zygote."""
        self.kill_all()
        self._process.stdin.close()
        self._process.wait(_PATIENCE)
        self._listener.join(_PATIENCE)
        self._process.stdout.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            news = json.loads(line)
            if "ready" in news:
                self._ready.set()
                continue
            child = self._living.get(news["pid"])
            if child is None:
                child = self._living[news["pid"]] = self._unborn.get()
                child.pid = news["pid"]
            child.hears(news)
            if "code" in news:
                del self._living[news["pid"]]


@contextmanager
def suppressed() -> Iterator[None]:
    """It may have ended by itself just now."""
    try:
        yield
    except ProcessLookupError:
        return


@contextmanager
def zygote(folder: Path) -> Iterator[Zygote]:
    """Runs while the block does."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.zygote"],
        cwd=ROOT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    found = Zygote(process, folder)
    try:
        yield found
    finally:
        found.close()
