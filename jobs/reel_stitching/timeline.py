"""When each clip is seen."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.reel_stitching.looking import Look
    from jobs.reel_stitching.shape import Shape

__all__ = ["RATE", "Cut", "as_they_are", "in_frames", "length"]

RATE = 48_000
"""Samples a second of all sound that is encoded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cut:
    """One clip in the reel."""

    look: Look
    begins: Fraction
    """Seconds into the reel."""
    lasts: Fraction
    """Seconds."""
    frames: int = 0
    """In the reel's own rate; 0 where its own stay."""
    before: int = 0
    """Frames which the clip before fades into."""
    after: int = 0
    """Frames which fade into the next clip."""

    @property
    def ends(self) -> Fraction:
        """Seconds into the reel."""
        return self.begins + self.lasts

    @property
    def samples(self) -> int:
        """Of its sound: from its first frame to its last, counted in the reel's own samples."""
        return round(self.ends * RATE) - round(self.begins * RATE)


def as_they_are(looks: Sequence[Look]) -> list[Cut]:
    """Each clip with all its own frames."""
    begins = accumulate((look.seconds for look in looks), initial=Fraction(0))
    return [
        Cut(look=look, begins=begin, lasts=look.seconds)
        for look, begin in zip(looks, begins, strict=False)
    ]


def in_frames(looks: Sequence[Look], shape: Shape, fade: float) -> list[Cut]:
    """Each clip in whole frames of the reel's, its ends fading into those beside it."""
    frames = [max(1, round(look.seconds * shape.rate)) for look in looks]
    # A clip must have a frame of its own, beside what it shares with both of its neighbours.
    shared = [
        min(round(fade * shape.rate), (one - 1) // 2, (two - 1) // 2)
        for one, two in pairwise(frames)
    ]
    cuts, begin = [], 0
    for look, count, before, after in zip(looks, frames, [0, *shared], [*shared, 0], strict=True):
        begin -= before
        cuts.append(
            Cut(
                look=look,
                begins=begin / shape.rate,
                lasts=count / shape.rate,
                frames=count,
                before=before,
                after=after,
            )
        )
        begin += count
    return cuts


def length(cuts: Sequence[Cut]) -> Fraction:
    """Seconds of the reel."""
    return cuts[-1].ends
