"""Several ffmpegs side by side, watched by the thread that started them."""

from __future__ import annotations

import subprocess
import threading
from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING

from common.media.ffmpeg import FfmpegFailed, Running, Start

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Crew", "Task"]

News = tuple["_Worker", "Mapping[str, str] | None"]
SAID = 20_000
"""Bytes of its last words that are kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What one ffmpeg is to do."""

    begin: Callable[[], Sequence[str]]
    """Makes ready what it needs, at the last moment, and gives its arguments."""
    done: Callable[[str], None]
    """Is told its last words when it has ended well; may add further tasks."""
    failed: Callable[[FfmpegFailed], Exception] = lambda error: error
    """What is raised where it has not ended well."""
    report: Callable[[Mapping[str, str]], None] = lambda _: None
    """Gets each block of its progress."""


class Crew:
    """Does tasks, at most so many at once. All that it calls is called by who calls `work`."""

    def __init__(self, most: int, *, start: Start = subprocess.Popen) -> None:
        self._most, self._start = most, start
        self._waiting: deque[Task] = deque()
        self._news: SimpleQueue[News] = SimpleQueue()
        self._working = 0

    def add(self, task: Task, *, first: bool = False) -> None:
        """Have it done when it is its turn; `first`: before all that wait yet."""
        (self._waiting.appendleft if first else self._waiting.append)(task)

    def work(self) -> None:
        """Do all tasks. Whatever is raised, no ffmpeg goes on.

        Raises what `Task.failed` makes of a failure, DiskFull and Misconfigured.
        """
        with ExitStack() as ending:
            while self._waiting or self._working:
                while self._waiting and self._working < self._most:
                    task = self._waiting.popleft()
                    worker = _Worker(task, task.begin(), self._start, self._news)
                    ending.callback(worker.end)
                    self._working += 1
                self._hear(*self._news.get())

    def _hear(self, worker: _Worker, block: Mapping[str, str] | None) -> None:
        if block is not None:
            worker.task.report(block)
            return
        self._working -= 1
        try:
            said = worker.said()
        except FfmpegFailed as error:
            raise worker.task.failed(error) from error
        worker.task.done(said)


class _Worker:
    """One ffmpeg, and the thread that listens to it."""

    def __init__(
        self, task: Task, arguments: Sequence[str], start: Start, news: SimpleQueue[News]
    ) -> None:
        self.task = task
        self._ffmpeg = Running(arguments, start=start, keep=SAID)
        self._news = news
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def said(self) -> str:
        self._thread.join()
        return self._ffmpeg.said()

    def end(self) -> None:
        self._ffmpeg.kill()
        self._thread.join()
        self._ffmpeg.end()

    def _listen(self) -> None:
        for block in self._ffmpeg.blocks():
            self._news.put((self, block))
        self._news.put((self, None))
