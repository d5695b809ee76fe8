"""What the process that reads has answered, and what is made of how it ended."""

from __future__ import annotations

import resource
import signal
import time
from typing import Any

from common.reading import errors
from common.reading.document import Document, Page
from common.reading.limits import MAXRSS, Limits, takes_too_much
from common.reading.wire import said, unpacked

__all__ = ["Answer"]

_NEARLY = 0.8
"""Of the memory it may take: a process that has had so much died for want of more."""
_WORD = 400
"""Bytes of the answer that a word may take on average."""


class Answer:
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
        most = self._limits.memory
        if code == -signal.SIGKILL or memory > most * _NEARLY > _own_memory():
            return errors.TooLargeDocument(self._name, takes_too_much(most))
        why = f"has its reader crash ({_ending(code)}): it seems damaged. Write it anew."
        return errors.DamagedDocument(self._name, why)


def _own_memory() -> int:
    """Of this process; Linux counts it as a child's, too, if it is more than that has ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS


def _ending(code: int) -> str:
    return signal.Signals(-code).name if -code in set(signal.Signals) else f"code {code}"
