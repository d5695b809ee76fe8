"""The sound: a slow pad of seeded chords with soft bells over it, as one ffmpeg filtergraph."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

__all__ = ["graph"]

Bell = tuple[float, int, float]
"""When it sounds, in seconds; which note of the chord; where, from left (0) to right (1)."""

OFTEN = 0.62  # how likely a beat is to have its bell
HIGH = 0.7  # a bell from further right than this is an octave higher

RATE = 24_000  # of the synthesis: nothing here sounds above a few kilohertz
OVERLAP = 1.4
"""Seconds in which one chord becomes the next, at most."""

# In semitones above the key; each a progression that can go round for ever.
PROGRESSIONS = (
    ((0, 7, 16, 23), (-3, 9, 16, 19), (5, 12, 16, 21), (-5, 7, 14, 17)),
    ((0, 7, 14, 16), (5, 9, 16, 19), (-3, 7, 12, 16), (5, 12, 14, 21)),
    ((-3, 4, 12, 19), (5, 12, 16, 19), (0, 7, 14, 16), (-5, 7, 11, 14)),
    ((0, 7, 15, 22), (-4, 8, 15, 19), (3, 10, 14, 19), (-2, 5, 14, 17)),
    ((0, 10, 15, 19), (5, 12, 15, 20), (-4, 7, 12, 15), (3, 7, 14, 22)),
)


def graph(dice: Random, duration: float, output: str) -> str:
    """A filtergraph giving `duration` seconds of stereo on the pad `output`."""
    key = 110 * 2 ** (dice.randrange(-2, 6) / 12)
    chords = dice.choice(PROGRESSIONS)
    count = max(1, min(8, round(duration / 3.4)))
    overlap = min(OVERLAP, duration / (2 * count))
    length = (duration + (count - 1) * overlap) / count + 0.1
    sources = [_source(dice, key, chords[i % len(chords)], length, i) for i in range(count)]
    return ";".join([*sources, *_joined(count, overlap), _mastered(dice, count, duration, output)])


def _source(dice: Random, key: float, chord: tuple[int, ...], length: float, index: int) -> str:
    bells = _times(dice, length)
    sides = [f"{_pad(dice, key, chord, s)}+{_bells(key, chord, bells, s)}" for s in (0, 1)]
    return f"aevalsrc=exprs='{'|'.join(sides)}':s={RATE}:d={length:.4f}[chord{index}]"


def _pad(dice: Random, key: float, chord: tuple[int, ...], side: int) -> str:
    # Each side is a hair out of tune with the other: that is what makes it wide.
    terms = []
    for place, semitones in enumerate(chord):
        pitch = key * 2 ** (semitones / 12) * (1 + (side - 0.5) * 0.0035)
        swell = f"(0.75+0.25*sin({dice.uniform(0.5, 1.3):.3f}*t+{dice.uniform(0, 6.28):.3f}))"
        turn, phase = math.tau * pitch, dice.uniform(0, math.tau)
        level = 0.085 if place else 0.12
        tone = f"sin({turn:.4f}*t+{phase:.3f})+0.3*sin({2 * turn:.4f}*t)+0.1*sin({3 * turn:.4f}*t)"
        terms.append(f"{level}*{swell}*({tone})")
    return "+".join(terms)


def _times(dice: Random, length: float) -> list[Bell]:
    beat = length / max(2, round(length / 0.55))
    count = int(length / beat)
    return [
        (i * beat + 0.02, dice.randrange(4), dice.random())
        for i in range(count)
        if dice.random() < OFTEN
    ]


def _bells(key: float, chord: tuple[int, ...], bells: list[Bell], side: int) -> str:
    terms = ["0"]
    for start, note, place in bells:
        semitones = 24 + chord[note] % 12 + 12 * (place > HIGH)
        turn = math.tau * key * 2 ** (semitones / 12)
        level = 0.075 * (0.5 + 0.5 * (place if side else 1 - place))
        age = f"(t-{start:.4f})"
        tone = f"(sin({turn:.3f}*{age})+0.25*sin({2.01 * turn:.3f}*{age})*exp(-4*{age}))"
        attack = f"min(1,{age}*90)"
        terms.append(f"if(gt(t,{start:.4f}),{level:.4f}*{attack}*exp(-2.6*{age})*{tone})")
    return "+".join(terms)


def _joined(count: int, overlap: float) -> list[str]:
    name, links = "chord0", []
    for index in range(1, count):
        links.append(
            f"[{name}][chord{index}]acrossfade=d={overlap:.4f}:c1=qsin:c2=qsin[upto{index}]"
        )
        name = f"upto{index}"
    return links


def _mastered(dice: Random, count: int, duration: float, output: str) -> str:
    rise, fall = min(1.2, 0.25 * duration), min(1.8, 0.35 * duration)
    echoes = "|".join(str(dice.randrange(low, low + 60)) for low in (90, 190, 320, 470))
    filters = [
        "lowpass=f=2400",
        f"aecho=0.85:0.8:{echoes}:0.34|0.27|0.2|0.14",
        "volume=1.7",
        "aresample=48000",
        "aformat=sample_fmts=fltp:channel_layouts=stereo",
        f"atrim=end={duration:.6f}",
        f"afade=t=in:d={rise:.4f}:curve=hsin",
        f"afade=t=out:st={duration - fall:.4f}:d={fall:.4f}:curve=hsin",
        "alimiter=limit=0.8:level=disabled",
    ]
    name = f"upto{count - 1}" if count > 1 else "chord0"
    return f"[{name}]{','.join(filters)}[{output}]"
