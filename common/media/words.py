"""From whatever a user typed to words that can be drawn, and in what time they can be read."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.media import ass, font
from common.media.ffmpeg import Start, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Word", "clean", "drawable", "normal", "effort", "excerpt", "split"]

JOINERS = "\u200c\u200d"  # Persian and the scripts of India are misspelt without them
UNDRAWN = re.compile(r"failed to find any fallback with glyph 0x([0-9A-F]+)")
LONGEST = 18.0  # ems; a longer word is cut, so that type never becomes too small to read
CUT = ",;:.!?-\u2013\u2014"
CLOSING = {"Pe", "Pf", "Po"}
SURVEYED = 400
"""How many different characters, foreign to the shipped font, are asked about at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """What is drawn in one piece, and cannot be broken across lines."""

    text: str
    spaced: bool
    """Whether a space parts it from the word before."""


def normal(prompt: str) -> str:
    """`prompt` on one line, each character in its composed form."""
    return " ".join(unicodedata.normalize("NFC", prompt).split())


def clean(prompt: str, draws: Callable[[set[str]], set[str]]) -> str:
    """`prompt` on one line, with no character that is invisible or cannot be drawn.

    Characters that the shipped font lacks are kept if `draws` says that a font of this machine
    has them; emoji are always left out, as no font draws them in colour here.
    """
    line = "".join(char for char in normal(prompt) if _is_text(char))
    foreign = {char for char in line if not font.has(char) and char not in JOINERS}
    drawn = draws(foreign) if foreign else set()
    return " ".join("".join(c for c in line if c not in foreign or c in drawn).split())


def drawable(chars: set[str], *, folder: Path, start: Start = subprocess.Popen) -> set[str]:
    """Those of `chars` which some font of this machine draws, as libass itself reports it."""
    asked = sorted(chars)[:SURVEYED]
    script = folder / "survey.ass"
    lines = [ass.line(0, 0, 1, rf"{{\pos(9,9)}}{ass.literal(char)}") for char in asked]
    script.write_text(ass.script(64, 64, 24, lines), encoding="utf-8")
    try:
        shown = ["-f", "lavfi", "-i", "color=s=64x64", "-vf", ass.burnt(script), "-frames:v", "1"]
        said = run([*shown, "-f", "null", "-"], start=start, keep=200_000)
    finally:
        script.unlink(missing_ok=True)
    return set(asked) - {chr(int(code, 16)) for code in UNDRAWN.findall(said)}


def split(text: str) -> list[Word]:
    """Words as lines may be broken between them: at spaces, and around each wide character."""
    return [
        Word(text=piece, spaced=not index)
        for word in text.split()
        for index, piece in enumerate(_pieces(word))
    ]


def excerpt(words: list[Word], most: int) -> list[Word]:
    """As many of `words` as `most` characters hold, with an ellipsis if there are more."""
    kept: list[Word] = []
    left = most
    for word in words:
        left -= effort(word)
        if left < 0 and kept:
            last = kept.pop()
            return [*kept, Word(text=last.text.rstrip(CUT) + "…", spaced=last.spaced)]
        kept.append(word)
    return kept


def effort(word: Word) -> int:
    """How many characters' time `word` takes to read; an ideogram says more than a letter."""
    return word.spaced + sum(2 if font.is_wide(char) else 1 for char in word.text)


def _is_text(char: str) -> bool:
    category = unicodedata.category(char)
    if category in {"Cc", "Cf", "Cs", "Co", "Cn"}:
        return char in JOINERS
    return font.has(char) or category not in {"So", "Sk"}


def _pieces(word: str) -> Iterator[str]:
    piece = ""
    for char in word:
        if piece and _breaks(piece, char):
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def _breaks(piece: str, char: str) -> bool:
    category = unicodedata.category(char)
    if category in CLOSING or category.startswith("M") or char in JOINERS:
        return False
    if font.is_wide(char) or font.is_wide(piece[-1]):
        return unicodedata.category(piece[-1]) not in {"Ps", "Pi"}
    return font.width(piece + char) > LONGEST
