"""ZIP archives to measure with: the same each time."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

__all__ = ["make_big", "make_small"]

_BIG = (50, 10_000_000)
_SMALL = 5_000
_LARGEST_SMALL = 8_000


def make_big(path: Path) -> None:
    """500 MB of text in 50 members."""
    count, size = _BIG
    dice, text = random.Random(1), _text(8_000_000)  # noqa: S311 - the same each time
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            start = dice.randrange(len(text))
            archive.writestr(f"part-{number % 5}/{number}.txt", (text[start:] + text * 2)[:size])


def make_small(path: Path) -> None:
    """5,000 small files in 50 folders."""
    dice, text = random.Random(2), _text(8_000_000)  # noqa: S311
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(_SMALL):
            size, start = dice.randint(200, _LARGEST_SMALL), dice.randrange(7_000_000)
            archive.writestr(f"folder-{number % 50}/{number}.txt", text[start : start + size])


def _text(size: int) -> bytes:
    dice = random.Random(3)  # noqa: S311
    letters = b"abcdefghijklmnopqrstuvwxyz"
    words = [bytes(dice.choices(letters, k=dice.randint(2, 9))) for _ in range(4_000)]
    return b" ".join(dice.choices(words, k=size // 4))[:size]
