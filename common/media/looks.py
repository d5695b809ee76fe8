"""What pictures and films alike have their looks from."""

from __future__ import annotations

import hashlib
from random import Random

__all__ = ["dice", "ease", "rgb"]


def dice(part: str, *, seed: int, prompt: str) -> Random:
    """A generator for each part of a look: a change to one leaves the others as they were."""
    key = f"{part}\n{seed}\n{prompt}".encode(errors="surrogatepass")
    return Random(hashlib.sha256(key).digest())  # noqa: S311 - a look, not a secret


def ease(part: float) -> float:
    """From 0 to 1 as `part` does, slow at both ends."""
    part = min(1.0, max(0.0, part))
    return part * part * (3 - 2 * part)


def rgb(text: str) -> tuple[int, int, int]:
    """The colour that six hexadecimal digits are."""
    red, green, blue = bytes.fromhex(text)
    return red, green, blue
