"""When everything happens: the opening, each page, the closing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from common.media.looks import ease

__all__ = ["FPS", "Timeline", "timeline"]

FPS = 30
READING = 24
"""Characters a second: brisk, but what subtitles are read at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """A film of `frames` frames; words are there from `first` up to, not including, `end`."""

    frames: int
    opening: int
    """Frames that the picture takes to brighten."""
    closing: int
    """Frames that it takes to darken."""

    @property
    def first(self) -> int:
        """The frame the first word may appear on."""
        return self.opening // 2

    @property
    def end(self) -> int:
        """The frame by which all words are gone."""
        return self.frames - self.closing // 2

    @property
    def readable(self) -> int:
        """How many characters can be read in it."""
        return max(24, int(READING * (self.end - self.first) / FPS))

    def glow(self, time: float) -> float:
        """The brightness of the picture at `time` seconds, from 0 to 1."""
        frame = time * FPS
        return ease(frame / self.opening) * ease((self.frames - 1 - frame) / self.closing)

    def share(self, weights: list[int]) -> list[tuple[int, int]]:
        """The words' time in parts of these weights, each as its (first, end) frame."""
        total, past, marks = sum(weights), 0, [self.first]
        for weight in weights:
            past += weight
            marks.append(self.first + round((self.end - self.first) * past / total))
        return list(pairwise(marks))


def timeline(duration: float) -> Timeline:
    """The times of a film of `duration` seconds."""
    opening, closing = min(0.8, 0.16 * duration), min(1.0, 0.18 * duration)
    return Timeline(
        frames=max(1, round(duration * FPS)),
        opening=max(1, round(opening * FPS)),
        closing=max(1, round(closing * FPS)),
    )
