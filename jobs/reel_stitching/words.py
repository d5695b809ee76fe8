"""What is written over the clips: captions, subtitles and a title, as scripts for libass."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from common.media import ass
from common.media.lines import wrapped
from common.media.words import clean, drawable, normal
from jobs.reel_stitching.sources import placed
from jobs.reel_stitching.srt import MOST_BYTES, Line, read_srt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from common.runtime import Context
    from jobs.reel_stitching.params import ReelParams
    from jobs.reel_stitching.shape import Shape
    from jobs.reel_stitching.timeline import Cut

__all__ = ["Words", "scripts"]

SMALL, LARGE = 0.055, 0.105
"""The type's size, in parts of the picture's shorter side."""
WIDE = 0.86
"""Of the picture's width; lines are no longer."""
MOST_LINES = 3
EDGE = 0.07
"""How far captions are from the lower edge, in parts of the height."""
TOP = 0.1
"""And the title from the upper one: a clip's own words mostly stand in its middle."""
TITLE_SECONDS = 4.0
SHORTEST = 0.01


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What is written, all of it drawable."""

    captions: Mapping[int, str]
    """By the number of the clip."""
    subtitles: tuple[Line, ...]
    title: str
    left_out: str
    """Characters that no font here draws."""


def scripts(
    params: ReelParams, cuts: Sequence[Cut], shape: Shape, run: Context
) -> tuple[list[str], list[str]]:
    """A script for each clip, empty where nothing is written over it; and warnings."""
    if not params.has_words:
        return [""] * len(cuts), []
    words = _words(params, run)
    warnings = [f"No font here draws {words.left_out!r}: left out."] if words.left_out else []
    said = [words.captions.get(cut.look.number, "") for cut in cuts]
    captions = [
        _captioned(cut, text, beside, shape)
        for cut, text, *beside in zip(cuts, said, ["", *said], [*said[1:], ""], strict=False)
    ]
    return [
        _script([*caption, *_events(cut, words, shape)], shape)
        for cut, caption in zip(cuts, captions, strict=True)
    ], warnings


def _words(params: ReelParams, run: Context) -> Words:
    lines = _subtitles(params, run)
    texts = [*params.captions, params.title, *(line.text for line in lines)]
    foreign: set[str] = set()
    draws = partial(drawable, folder=run.folder, start=run.start)
    # All at once: to ask for each text would be an ffmpeg for each.
    known = set(clean(" ".join(texts), draws))

    def drawn(text: str) -> str:
        kept = clean(text, lambda chars: chars & known)
        foreign.update(set(normal(text)) - set(kept) - {" "})
        return kept

    captions = {number: drawn(text) for number, text in enumerate(params.captions, 1)}
    title = drawn(params.title)
    subtitles = tuple(Line(one.begin, one.end, drawn(one.text)) for one in lines)
    left_out = "".join(sorted(foreign))[:100]
    return Words(captions=captions, subtitles=subtitles, title=title, left_out=left_out)


def _subtitles(params: ReelParams, run: Context) -> list[Line]:
    if not params.subtitles:
        return []
    source = placed(params.subtitles, run)
    with source.open() as stream:
        return read_srt(stream.read(MOST_BYTES), source.uri)


def _script(events: list[str], shape: Shape) -> str:
    small = SMALL * min(shape.width, shape.height)
    return ass.script(shape.width, shape.height, small, events) if events else ""


def _events(cut: Cut, words: Words, shape: Shape) -> Iterator[str]:
    """By the clip's own time."""
    lasts, begins = float(cut.lasts), float(cut.begins)
    for line in words.subtitles:
        begin, end = max(0.0, line.begin - begins), min(lasts, line.end - begins)
        if line.text and end - begin > SHORTEST:
            yield _caption(line.text, begin, end, shape)
    if words.title and begins < TITLE_SECONDS:
        yield _title(words.title, min(lasts, TITLE_SECONDS - begins), shape, lasts=lasts)


def _captioned(cut: Cut, text: str, beside: Sequence[str], shape: Shape) -> Iterator[str]:
    """A clip's own caption. `beside`: those of the clips before and after it."""
    if not text:
        return
    shared = (cut.before / shape.rate, cut.after / shape.rate)
    # Amid a cross-fade the one is gone before another comes, or both were read as one.
    begin, left = (
        float(joint / 2) if other not in {"", text} else 0.0
        for joint, other in zip(shared, beside, strict=True)
    )
    fade = rf"\fad({1000 * begin:.0f},{1000 * left:.0f})" if begin or left else ""
    yield _caption(text, begin, float(cut.lasts) - left, shape, fade=fade)


def _caption(text: str, begin: float, end: float, shape: Shape, *, fade: str = "") -> str:
    # Captions and subtitles of one moment stand above one another: libass sees to that.
    margin = round(EDGE * shape.height)
    return _event(text, SMALL, begin, end, shape, place=r"\an2" + fade, margin=margin)


def _title(text: str, end: float, shape: Shape, *, lasts: float) -> str:
    # Where it goes on in the next clip it does not fade.
    fade = r"\fad(0,400)" if end < lasts else ""
    margin = round(TOP * shape.height)
    return _event(text, LARGE, 0, end, shape, place=r"\an8" + fade, margin=margin)


def _event(  # noqa: PLR0913
    text: str, size: float, begin: float, end: float, shape: Shape, *, place: str, margin: int = 0
) -> str:
    side = min(shape.width, shape.height)
    lines, scale = wrapped(text, WIDE * shape.width / (size * side), most=MOST_LINES)
    em = size * side * scale
    look = (
        rf"{place}\fscx{100 * size * scale / SMALL:.1f}\fscy{100 * size * scale / SMALL:.1f}"
        rf"\bord{0.07 * em:.2f}\3c&H101010&\3a&H30&\shad{0.03 * em:.2f}\4a&H60&"
    )
    shown = r"\N".join(ass.literal(line) for line in lines)
    return ass.line(1, begin, end, f"{{{look}}}{shown}", margin=margin)
