"""The process that reads: confined first, and then it answers, whatever comes."""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from common.errors import RunjobsError
from common.reading.context import Reading
from common.reading.errors import BadSelector
from common.reading.formats import content_type_of, pages_of
from common.reading.limits import Limits, takes_too_much
from common.reading.wire import packed, spoken

__all__ = ["answer"]

_NEARLY = 0.9
"""Of the memory it may take: a process that has had so much gets no more."""


def answer() -> None:
    """Read the document that stdin names, and say on stdout what is in it."""
    tell = _voice()
    asked = json.load(sys.stdin)
    limits = Limits(**asked["limits"])
    _confine(limits)
    try:
        reading = Reading(
            asked["name"], limits, asked["languages"], tell, selector=asked["selector"]
        )
        _read(Path(asked["file"]), reading)
    except RunjobsError as error:
        tell("error", type(error).__name__, getattr(error, "why", str(error)))
    except ImportError as error:
        why = f"cannot be read without {error.name}: pip install 'runjobs[extract]'."
        tell("error", "NoReader", why)
    except MemoryError:
        gc.collect()
        tell("error", "TooLargeDocument", takes_too_much(limits.memory))
    except RecursionError:
        why = "has parts within parts too deeply to be read: write it anew, more simply."
        tell("error", "TooLargeDocument", why)
    except Exception as error:  # noqa: BLE001 - what parsers raise for damaged files is beyond count
        tell("error", *_guessed(error, limits))


def _read(file: Path, reading: Reading) -> None:
    data = file.read_bytes()
    content_type = content_type_of(data, reading.name)
    reading.tell("type", content_type)
    if reading.selector and content_type != "text/html":
        raise BadSelector(reading.name, f"is {content_type}: parts are selected of HTML only.")
    for page in pages_of(data, content_type, reading):
        fitting = reading.fitted(page)
        reading.tell("page", packed(fitting))
        if reading.spent.is_all:
            break
    reading.finish()
    reading.tell("end")


def _voice() -> Callable[..., None]:
    """Keeps stdout for the answer alone: what libraries print goes nowhere."""
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)

    def tell(kind: str, *what: Any) -> None:
        line = memoryview(spoken(kind, *what))
        while line:
            line = line[out.write(line) or 0 :]

    return tell


def _confine(limits: Limits) -> None:
    longest = (
        limits.seconds
        + limits.pages * limits.seconds_per_page
        + limits.recognised * limits.seconds_per_recognition
    )
    _limit(resource.RLIMIT_AS, limits.memory)
    _limit(resource.RLIMIT_CPU, int(longest) + 1)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(what: int, most: int) -> None:
    with suppress(ValueError, OSError):  # macOS does not have them all
        resource.setrlimit(what, (most, most))


def _guessed(error: Exception, limits: Limits) -> tuple[str, str]:
    """What is behind an error: libraries that get no memory say whatever comes to their minds."""
    if _taken() > limits.memory * _NEARLY:
        return "TooLargeDocument", takes_too_much(limits.memory)
    return "DamagedDocument", f"cannot be read; it seems damaged ({_short(error)})."


def _taken() -> int:
    """The most bytes it has had, as Linux tells; rusage would tell its parent's as its own."""
    with suppress(OSError, ValueError, IndexError):
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmPeak:")[1].split()[0]) << 10
    return 0


def _short(error: Exception) -> str:
    said = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
