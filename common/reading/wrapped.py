"""Plain text whose lines were broken to fit a width, as in mails and notes: joined again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

__all__ = ["unwrapped"]

_WIDTHS = range(50, 131)
"""In characters, that lines are broken to; of others each is a paragraph."""
_USUAL = 0.9
"""Of the lines, those that are no longer than it: a few are whatever they are."""
_ABOUT = 0.9
"""Who breaks lines by hand does so within this share of the width."""
_BEGINS = re.compile(r"(?:[-–—*•+>|#=]|\(?(?:\d{1,3}|[A-Za-z])[.):]\s|$)")  # noqa: RUF001


def unwrapped(text: str) -> Iterator[str]:
    """The paragraphs."""
    lines = text.split("\n")
    width = _width([len(line) for line in lines if line.strip()])
    paragraph = last = ""
    for line in lines:
        if width and last and _goes_on(last, line, width):
            paragraph = f"{paragraph.rstrip()} {line.lstrip()}"
        else:
            yield paragraph
            paragraph = line
        last = line
    yield paragraph


def _width(lengths: Sequence[int]) -> int:
    """What they were broken to, at least; 0 where they were not."""
    usual = sorted(lengths)[int(_USUAL * len(lengths))] if lengths else 0
    return int(_ABOUT * usual) if usual in _WIDTHS else 0


def _goes_on(above: str, below: str, width: int) -> bool:
    """Whether the first word below had no room above, and nothing begins with it."""
    above, below = above.rstrip(), below.lstrip()
    if _BEGINS.match(below) or "\t" in above + below or above.endswith("|"):
        return False
    if above.endswith(":") and not below[0].islower():
        return False
    return len(above) + 1 + len(below.split(maxsplit=1)[0]) > width
