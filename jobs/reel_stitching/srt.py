"""Subtitles in the SubRip format, which has been written by anybody and anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from common.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MOST_BYTES", "Line", "read_srt"]

MOST_BYTES = 2_000_000
MOST = 5_000
"""Lines of a reel."""
LONGEST = 500
"""Characters of one."""
CLOCK = r"(\d{1,3}):(\d{1,2}):(\d{1,2})(?:[,.](\d{1,3}))?"
TIMES = re.compile(rf"^\s*{CLOCK}\s*-->\s*{CLOCK}(?:\s.*)?$")
MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,100}>|\{\\[^{}]{0,100}\}")


@dataclass(frozen=True, slots=True)
class Line:
    """Words, and when they are seen, in seconds."""

    begin: float
    end: float
    text: str


def read_srt(data: bytes, where: str) -> list[Line]:
    """The lines of a file, in order of time. Raises InvalidInput, which says where it is wrong."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(f"{where} is no text in UTF-8: save it as such.") from None
    lines = sorted(_lines(text.splitlines(), where), key=lambda line: line.begin)
    if not lines:
        raise InvalidInput(f"{where} has no subtitles: it is to be an SRT file.")
    if len(lines) > MOST:
        raise InvalidInput(f"{where} has more than {MOST:,} subtitles.")
    return lines


def _lines(rows: list[str], where: str) -> Iterator[Line]:
    marks = [(index, match) for index, row in enumerate(rows) if (match := TIMES.match(row))]
    ends = [*(index for index, _ in marks[1:]), len(rows)]
    for (index, match), end in zip(marks, ends, strict=False):
        times = match.groups(default="0")
        begin, until = _seconds(times[:4]), _seconds(times[4:])
        if until <= begin:
            raise InvalidInput(f"{where}, line {index + 1}: it ends before it begins.")
        words = _words(rows[index + 1 : end])
        if words:
            yield Line(begin, until, words)


def _seconds(clock: tuple[str, ...]) -> float:
    hours, minutes, seconds, part = clock
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(part.ljust(3, "0")) / 1000


def _words(rows: list[str]) -> str:
    """Up to the next subtitle's number, which stands alone in the row before its times."""
    while rows and not rows[-1].strip():
        rows = rows[:-1]
    if len(rows) > 1 and rows[-1].strip().isdecimal() and not rows[-2].strip():
        rows = rows[:-1]
    return unescape(MARKUP.sub("", " ".join(rows))).strip()[:LONGEST]
