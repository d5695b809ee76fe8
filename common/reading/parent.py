"""Has a document read by a process of its own, within bounds of time, memory and answer."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO

from common.reading import errors
from common.reading.answer import Answer
from common.reading.document import Document
from common.reading.limits import MAXRSS, Limits

__all__ = ["read"]

_WORKER = str(Path(__file__).with_name("worker.py"))
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")
_LOOK_UP = 0.2
"""Seconds after which `check` is called at the latest."""
_CHUNK = 1 << 18


def read(  # noqa: PLR0913 - what, and how much of it
    file: Path,
    *,
    name: str,
    limits: Limits | None = None,
    languages: Sequence[str] = (),
    selector: str = "",
    check: Callable[[], None] = lambda: None,
) -> Document:
    """Read a document, of whatever supported format.

    `name` is what people call it; its bytes say what it is, and only where they do not, its name.
    `languages` are tesseract's names of those that pictures are in; all that are installed if there
    are none. `selector` is CSS: the parts of a web page that are read, none perhaps. `check` is
    called every now and then, to stop when it raises.

    Raises DocumentError, NoRecognition, NoReader.
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
        "selector": selector,
    }
    with _started(json.dumps(asked).encode()) as process:
        answer = Answer(name, limits)
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
            with suppress(BrokenPipeError), _open(process.stdin) as stdin:
                stdin.write(asked)
            yield process
        finally:
            children.kill()


def _environment() -> dict[str, str]:
    passed = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    return {**passed, "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}


def _lines(
    process: subprocess.Popen[bytes], answer: Answer, check: Callable[[], None]
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


def _chunks(stream: IO[bytes], answer: Answer, check: Callable[[], None]) -> Iterator[bytes]:
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
