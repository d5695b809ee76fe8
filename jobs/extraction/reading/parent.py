"""Has a document read by a process of its own, within bounds of time, memory and answer."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from jobs.extraction.document import Document, Page
from jobs.extraction.reading import errors
from jobs.extraction.reading.limits import MAXRSS, Limits, takes_too_much
from jobs.extraction.reading.wire import said, unpacked

__all__ = ["read"]

_WORKER = str(Path(__file__).with_name("worker.py"))
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")
_LOOK_UP = 0.2
"""Seconds after which `check` is called at the latest."""
_CHUNK = 1 << 18
_NEARLY = 0.8
_WORD = 400
"""Bytes of the answer that a word may take on average."""


def read(
    file: Path,
    *,
    name: str,
    limits: Limits | None = None,
    languages: Sequence[str] = (),
    check: Callable[[], None] = lambda: None,
) -> Document:
    """Read a document, of whatever supported format.

    `name` is what people call it; its bytes say what it is, and only where they do not, its name.
    `languages` are tesseract's names of those that pictures are in; all that are installed if there
    are none. `check` is called every now and then, to stop when it raises. Raises DocumentError,
    NoRecognition.
    """
    limits = limits or Limits()
    size = file.stat().st_size
    if size > limits.bytes:
        why = f"has {size:,} bytes; documents of up to {limits.bytes:,} are read."
        raise errors.TooLargeDocument(name, why)
    asked = {
        "file": str(file.absolute()),
        "name": name[:_CHUNK],
        "limits": asdict(limits),
        "languages": list(languages),
    }
    with _started(json.dumps(asked).encode()) as process:
        answer = _Answer(name, limits)
        for line in _lines(process, answer, check):
            answer.take(line)
        return answer.document(*_ended(process))


@contextmanager
def _started(asked: bytes) -> Iterator[subprocess.Popen[bytes]]:
    from common.runtime.children import Children

    children = Children()
    process = children.start(
        [sys.executable, "-I", _WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what libraries say there, documents may have them say
        cwd="/",
        env=_environment(),
    )
    with process:
        try:
            with _open(process.stdin) as stdin:
                stdin.write(asked)
            yield process
        finally:
            children.kill()


def _environment() -> dict[str, str]:
    passed = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    return {**passed, "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}


class _Answer:
    """What the process has said so far, of which nothing is believed that exceeds the limits."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        self._began = time.monotonic()
        self._pages_expected = 0
        self._recognitions = 0
        self._content_type = ""
        self._pages: list[Page] = []
        self._warnings: list[str] = []
        self._ended = False
        self.room = (1 << 20) + limits.words * _WORD
        """Bytes that it may yet say."""

    @property
    def left(self) -> float:
        """Seconds in which it must have ended."""
        limits = self._limits
        pages = min(self._pages_expected, limits.pages) * limits.seconds_per_page
        looks = min(self._recognitions, limits.recognised) * limits.seconds_per_recognition
        return self._began + limits.seconds + pages + looks - time.monotonic()

    def take(self, line: bytes) -> None:
        """Take in one message; a process that a document has got hold of may say anything."""
        try:
            kind, what = said(line)
            self._take(kind, what)
        except (ValueError, TypeError, LookupError, RecursionError) as error:
            why = "has its reader say what makes no sense: it is damaged, or an attack."
            raise errors.DamagedDocument(self._name, why) from error

    def _take(self, kind: str, what: tuple[Any, ...]) -> None:
        match kind:
            case "type":
                self._content_type = str(what[0])
            case "expect":
                self._pages_expected += int(what[0])
            case "recognise":
                self._recognitions += 1
            case "page":
                self._pages.append(unpacked(what[0]))
            case "warning":
                self._warnings.append(str(what[0]))
            case "error":
                self._fail(*map(str, what))
            case "end":
                self._ended = True

    def document(self, code: int, memory: int) -> Document:
        """What was read, if it was read to the end."""
        if not self._ended:
            raise self._crash(code, memory)
        return Document(
            self._name, self._content_type, tuple(self._pages), tuple(dict.fromkeys(self._warnings))
        )

    def too_late(self) -> Exception:
        """The error, when nothing is left of the time."""
        took = time.monotonic() - self._began
        why = f"keeps its reader busy for more than {took:.0f} seconds, without an end in sight."
        return errors.ReaderTimedOut(self._name, why)

    def too_much(self) -> Exception:
        """The error, when nothing is left of the room."""
        why = "has more in it than the limits for words and tables allow: split it."
        return errors.TooLargeDocument(self._name, why)

    def _fail(self, kind: str, why: str) -> None:
        found: type[Any] = vars(errors)[kind] if kind in errors.__all__ else errors.DamagedDocument
        raise found(self._name, why)

    def _crash(self, code: int, memory: int) -> Exception:
        if code == -signal.SIGXCPU:
            return self.too_late()
        if code == -signal.SIGKILL or memory > self._limits.memory * _NEARLY:
            return errors.TooLargeDocument(self._name, takes_too_much(self._limits.memory))
        why = f"has its reader crash ({_ending(code)}): it seems damaged. Write it anew."
        return errors.DamagedDocument(self._name, why)


def _lines(
    process: subprocess.Popen[bytes], answer: _Answer, check: Callable[[], None]
) -> Iterator[bytes]:
    rest = bytearray()
    for chunk in _chunks(_open(process.stdout), answer, check):
        answer.room -= len(chunk)
        if answer.room < 0:
            raise answer.too_much()
        *lines, last = chunk.split(b"\n")
        if lines:
            yield bytes(rest) + lines[0]
            yield from lines[1:]
            rest.clear()
        rest += last


def _chunks(stream: IO[bytes], answer: _Answer, check: Callable[[], None]) -> Iterator[bytes]:
    while True:
        check()
        left = answer.left
        if left <= 0:
            raise answer.too_late()
        if not select.select([stream], [], [], min(left, _LOOK_UP))[0]:
            continue
        if not (chunk := os.read(stream.fileno(), _CHUNK)):
            return
        yield chunk


def _ended(process: subprocess.Popen[bytes]) -> tuple[int, int]:
    """How the process ended, and how many bytes of memory it took."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used.ru_maxrss * MAXRSS


def _open(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise TypeError("a pipe was asked for, and there is none")
    return stream


def _ending(code: int) -> str:
    return signal.Signals(-code).name if -code in set(signal.Signals) else f"code {code}"
