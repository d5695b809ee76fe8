"""What a prompt and a seed decide: the scene, its mood, and the small things in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from jobs.image_generation.local.abstract import forms, silk
from jobs.image_generation.local.canvas import Canvas
from jobs.image_generation.local.city import city
from jobs.image_generation.local.colours import PALETTES, Palette
from jobs.image_generation.local.figures import FIGURES, Figure
from jobs.image_generation.local.garden import garden
from jobs.image_generation.local.land import desert, forest, hill, mountains
from jobs.image_generation.local.lettering import letter, lettered
from jobs.image_generation.local.space import space
from jobs.image_generation.local.water import sea

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Drawing", "Kind", "Scene"]

Motif = Callable[[Canvas, Palette, Random], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A motif, the words that ask for it, and the moods that become it."""

    paint: Motif
    words: frozenset[str]
    moods: tuple[str, ...]


def _kind(paint: Motif, words: str, moods: str) -> Kind:
    return Kind(paint, frozenset(words.split()), tuple(moods.split()))


_KINDS = (
    _kind(
        space,
        "space galaxy cosmos universe planet nebula astronaut orbit alien comet star "
        "asteroid saturn jupiter mars constellation",
        "cosmos night aurora neon dusk",
    ),
    _kind(
        city,
        "city skyline town street tower skyscraper urban downtown metropolis building "
        "architecture tokyo paris london york office",
        "neon dusk night gold",
    ),
    _kind(
        sea,
        "sea ocean wave beach coast island lagoon harbour harbor lake river boat sail ship "
        "water surf sailboat yacht shore bay lighthouse fish whale dolphin swim",
        "ocean dusk dawn night rose",
    ),
    _kind(desert, "desert dune sand sahara camel pyramid cactus oasis canyon", "ember gold dusk"),
    _kind(
        forest,
        "forest wood woods jungle fir pine woodland bear deer fox wolf spruce trail",
        "forest mist autumn dawn winter",
    ),
    _kind(
        garden,
        "flower wildflower garden rose tulip blossom bloom daisy poppy lavender bouquet petal bee "
        "butterfly sunflower spring orchid",
        "rose day forest dawn gold",
    ),
    _kind(
        hill,
        "tree oak hill meadow field farm valley countryside village sheep horse grass "
        "picnic apple harvest park",
        "day gold dawn autumn dusk",
    ),
    _kind(
        mountains,
        "mountain peak alp alps summit hike hiking valley everest himalaya cliff snow "
        "volcano range glacier ski landscape nature horizon rock",
        "dawn dusk winter mist rose",
    ),
)
_PLAIN = (
    _kind(silk, "", " ".join(palette.name for palette in PALETTES)),
    _kind(forms, "", "dusk gold rose ocean ember forest neon autumn"),
    _kind(mountains, "", "dawn dusk mist rose aurora"),
    _kind(sea, "", "dusk dawn ocean night"),
)
"""For words that name no scene."""
_SCENES_OF_SKY = frozenset({mountains, desert, forest, hill, garden, sea, city})


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """A finished picture."""

    image: Image
    left_out: str
    """Characters of the prompt that no font here draws."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """What was asked for; the same one is the same picture, at every size."""

    prompt: str
    seed: int

    def draw(self, width: int, height: int, check: Callable[[], None]) -> Drawing:
        """Paint it. `check` is called now and then, and may raise to end the painting."""
        kind = self.kind()
        palette = self.mood(kind)
        canvas = Canvas(width, height, check)
        kind.paint(canvas, palette, self._dice("motif"))
        for figure in _figures(kind, self._words()):
            figure(canvas, palette, self._dice(figure.__name__))
        text, left_out = lettered(self.prompt)
        canvas.grain(self._dice("grain"))
        letter(canvas, palette, text)
        return Drawing(image=canvas.image, left_out=left_out)

    def kind(self) -> Kind:
        """The motif that the words ask for, or else one of the plain ones."""
        return _asked(_KINDS, self._words()) or self._dice("kind").choice(_PLAIN)

    def mood(self, kind: Kind) -> Palette:
        """The palette that the words ask for, or else one that becomes the motif."""
        words, dice = self._words(), self._dice("mood")
        usual = dice.choice(kind.moods)
        # Of words that chose the motif one need not choose the mood, too.
        called = [palette for word in words for palette in PALETTES if word in palette.words]
        apart = [palette for palette in called if palette.words & (set(words) - kind.words)]
        if apart:
            return apart[0]
        if called and dice.random() < 0.5:
            return called[0]
        return next(palette for palette in PALETTES if palette.name == usual)

    def _words(self) -> list[str]:
        """As they stand, and in what may be their singular."""
        found = re.findall(r"[^\W\d_]+", self.prompt.casefold())
        return [form for word in found for form in dict.fromkeys((word, word.removesuffix("s")))]

    def _dice(self, part: str) -> Random:
        # A generator for each part: a change to one leaves the others as they were.
        key = f"{part}\n{self.seed}\n{self.prompt}".encode(errors="surrogatepass")
        return Random(hashlib.sha256(key).digest())  # noqa: S311 - a look, not a secret


def _asked(kinds: Sequence[Kind], words: Sequence[str]) -> Kind | None:
    """The kind that most words ask for; of several the one that is named first."""
    counted = {word: index for index, word in reversed([*enumerate(words)])}

    def rank(kind: Kind) -> tuple[int, int]:
        hits = [counted[word] for word in counted if word in kind.words]
        return len(hits), -min(hits, default=0)

    best = max(kinds, key=rank)
    return best if rank(best)[0] else None


def _figures(kind: Kind, words: Sequence[str]) -> list[Figure]:
    """Those that words ask for, where they can be."""
    found = [figure for called, figure in FIGURES if called & set(words)]
    fit = {"boat": {sea}, "rocket": _SCENES_OF_SKY | {space}}
    return [figure for figure in found if kind.paint in fit.get(figure.__name__, _SCENES_OF_SKY)]
