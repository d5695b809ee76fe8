"""What is drawn over the background: words that rise into focus, a rule, and drifting motes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from common.media import ass
from jobs.video_generation.timeline import FPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from jobs.video_generation.layout import Page, Placed
    from jobs.video_generation.palettes import RGB
    from jobs.video_generation.timeline import Timeline

__all__ = ["motes", "rule", "words"]

MOTES, SHADOWS, TYPE = range(3)  # layers, from below
CIRCLE = (
    "m 100 0 b 155 0 200 45 200 100 b 200 155 155 200 100 200 "
    "b 45 200 0 155 0 100 b 0 45 45 0 100 0"
)


def words(pages: Sequence[Page], size: float, times: Timeline) -> Iterator[str]:
    """The events of every word of `pages`, set in type of `size` pixels."""
    spans = times.share([page.effort + 12 for page in pages])
    for page, (first, end) in zip(pages, spans, strict=True):
        leave = min(round(0.3 * FPS), (end - first) // 5)
        arrive = min(round(0.6 * FPS), (end - first) // 4)
        for index, placed in enumerate(page.placed):
            stagger = min(0.11 * FPS, 0.4 * (end - first) / len(page.placed))
            yield from _word(placed, size, first + round(index * stagger), end, arrive, leave)


def rule(
    pages: Sequence[Page], em: float, colour: RGB, size: tuple[int, int], times: Timeline
) -> Iterator[str]:
    """A short bright line below the words, drawn from its middle and withdrawn at the end."""
    width, height = size
    wide, thick = 0.14 * min(size), max(2.0, 0.005 * min(size))
    y = min(max((page.bottom for page in pages), default=height / 2) + 0.7 * em, 0.92 * height)
    shape = rf"\pos({width / 2:.2f},{y:.2f})\1c{ass.colour(colour)}\p1"
    last = times.end - 1
    grow = max(1, min(round(0.8 * FPS), times.frames // 4))
    for first, end, part in _steps(times.first // 2, last, grow, grow):
        long = wide * _settle(part)
        box = f"m 0 0 l {long:.2f} 0 {long:.2f} {thick:.2f} 0 {thick:.2f}"
        yield _event(TYPE, first, end, rf"{{{shape}\alpha{_alpha(part)}}}{box}")


def motes(dice: Random, colour: RGB, size: tuple[int, int], times: Timeline) -> Iterator[str]:
    """Soft specks of light that float upwards for a while, each at its own depth."""
    for _ in range(14):
        first = 0
        while first < times.frames:
            life = round(dice.uniform(6, 11) * FPS)
            end = times.frames if times.frames - first < 1.5 * life else first + life
            yield _mote(dice, colour, size, first, end)
            first = end


def _mote(dice: Random, colour: RGB, size: tuple[int, int], first: int, end: int) -> str:
    width, height = size
    depth = dice.uniform(0.15, 1) ** 2
    radius = min(size) * (0.006 + 0.06 * depth)
    x, y = dice.uniform(0, width), dice.uniform(0.05, 1.1) * height
    rise = (end - first) / FPS * height * dice.uniform(0.01, 0.035) * (1 + depth)
    sway = dice.uniform(-0.4, 0.4) * rise
    fade = min(1000, 200 * (end - first) // FPS)
    way = rf"\move({x:.1f},{y:.1f},{x + sway:.1f},{y - rise:.1f})\fad({fade},{fade})"
    look = rf"\blur{radius * 0.5:.1f}\1c{ass.colour(colour)}\1a{_alpha(0.26 - 0.19 * depth)}"
    scale = rf"\fscx{radius:.2f}\fscy{radius:.2f}\p1"
    return _event(MOTES, first, end, rf"{{{way}{look}{scale}}}{CIRCLE}")


def _word(  # noqa: PLR0913, PLR0917
    placed: Placed, size: float, first: int, end: int, arrive: int, leave: int
) -> Iterator[str]:
    text = ass.literal(placed.text)
    for start, stop, part in _steps(first, end, arrive, leave):
        seen = _settle(part)
        entering = start < first + arrive
        y = placed.y + size * (0.32 if entering else -0.14) * (1 - seen)
        at = rf"\pos({placed.x:.2f},{y:.2f})"
        shade = rf"\pos({placed.x:.2f},{y + 0.03 * size:.2f})\1c&H000000&\blur{0.2 * size:.2f}"
        focus = rf"\blur{0.1 * size * (1 - seen):.2f}"
        yield _event(SHADOWS, start, stop, rf"{{{shade}\alpha{_alpha(0.5 * seen)}}}{text}")
        yield _event(TYPE, start, stop, rf"{{{at}{focus}\alpha{_alpha(seen)}}}{text}")


def _event(layer: int, first: int, end: int, text: str) -> str:
    return ass.line(layer, first / FPS, end / FPS, text)


def _steps(first: int, end: int, arrive: int, leave: int) -> Iterator[tuple[int, int, float]]:
    # ASS can only move evenly; frame by frame, anything can be eased.
    for step in range(arrive):
        yield first + step, first + step + 1, (step + 1) / (arrive + 1)
    yield first + arrive, end - leave, 1.0
    for step in range(leave):
        yield end - leave + step, end - leave + step + 1, 1 - (step + 1) / (leave + 1)


def _settle(part: float) -> float:
    return 1 - (1 - part) ** 3


def _alpha(opacity: float) -> str:
    return f"&H{255 - math.floor(255 * opacity + 0.5):02X}&"
