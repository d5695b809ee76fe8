"""What the reel is to be like, and whether the clips are like that already."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from common.media.mp4.agreeing_sound import why_not_sound
from common.media.mp4.agreement import disagreement
from jobs.reel_stitching.params import broadcast

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jobs.reel_stitching.looking import Look
    from jobs.reel_stitching.params import ReelParams

__all__ = ["Shape", "shape_of", "why_encode", "why_encode_sound"]

FASTEST = 120
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """The picture of the reel."""

    width: int
    height: int
    rate: Fraction
    """Frames a second."""


def shape_of(looks: Sequence[Look], params: ReelParams) -> Shape:
    """As it was asked for, or else as most of the time of the clips is; of equals, the first."""
    width, height = params.size or _most(
        ((each.width, each.height), each.seconds) for each in looks
    )
    rate = params.rate or _most((broadcast(each.rate), each.seconds) for each in looks)
    return Shape(
        width=width + width % 2,
        height=height + height % 2,
        rate=min(max(rate, Fraction(1)), Fraction(FASTEST)),
    )


def why_encode(looks: Sequence[Look], params: ReelParams, shape: Shape) -> str:
    """Why the pictures cannot be joined as they are; nothing where they can."""
    if params.fade and len(looks) > 1:
        return "cross-fades were asked for"
    if params.has_words:
        return "words are drawn over it"
    films = [look.film for look in looks if look.film]
    if other := next((look for look in looks if not look.film), None):
        return f"clip {other.number} is no plain MP4"
    if params.size and (looks[0].width, looks[0].height) != params.size:
        return f"{shape.width}x{shape.height} was asked for"
    if params.rate and broadcast(looks[0].rate) != params.rate:
        return f"{params.fps:g} frames a second were asked for"
    return disagreement(films)


def why_encode_sound(looks: Sequence[Look], params: ReelParams) -> str:
    """Why the sounds of clips whose pictures are joined as they are cannot be."""
    if params.music:
        return "music is laid below it"
    if params.loudness == "on":
        return "all clips are made equally loud"
    return why_not_sound([look.film for look in looks if look.film])


def _most(weights: Iterable[tuple[T, Fraction]]) -> T:
    total: dict[T, Fraction] = defaultdict(Fraction)
    for value, weight in weights:
        total[value] += weight
    return max(total, key=total.__getitem__)
