"""How far the run has come, and how long it will take yet."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from common.runtime import Context

__all__ = ["LISTENED", "NORMALISED", "WRITTEN", "Estimate", "told"]

LISTENED, NORMALISED, WRITTEN = 0.06, 0.9, 0.99
"""What part of all is done after each step."""
ENOUGH = 0.03
"""The part of the frames after which their speed is known."""
MINUTE = 90


class Estimate:
    """Tells of frames as they are made."""

    def __init__(self, run: Context) -> None:
        self._run = run
        self._began = time.monotonic()

    def say(self, made: int, of: int, clips: str) -> None:
        """So many frames of so many are made."""
        part = made / of if of else 1.0
        left = ""
        if ENOUGH < part < 1:
            left = f", {told((time.monotonic() - self._began) * (1 - part) / part)} left"
        fraction = LISTENED + (NORMALISED - LISTENED) * part
        self._run.progress(fraction, f"Normalised {clips}{left}")


def told(seconds: float) -> str:
    """Roughly so long, in words."""
    return f"about {seconds:.0f} s" if seconds < MINUTE else f"about {seconds / 60:.0f} min"
