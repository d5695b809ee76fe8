"""What a prompt and a seed decide: the scene, its mood, and the small things in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from common.media.looks import dice
from jobs.image_generation.local.canvas import Canvas
from jobs.image_generation.local.colours import LIGHTS, PALETTES, Palette
from jobs.image_generation.local.figures import FIGURES, Figure
from jobs.image_generation.local.kinds import KINDS, PLAIN, SCENES_OF_SKY, Kind
from jobs.image_generation.local.lettering import letter, lettered
from jobs.image_generation.local.space import space
from jobs.image_generation.local.water import sea

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Drawing", "Scene"]


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
        return _asked(KINDS, self._words()) or self._dice("kind").choice(PLAIN)

    def mood(self, kind: Kind) -> Palette:
        """The palette that the words ask for, or else one that becomes the motif."""
        words, dice = self._words(), self._dice("mood")
        usual = dice.choice(kind.moods)
        # Of words that chose the motif one need not choose the mood, too.
        called = [palette for word in words for palette in PALETTES if word in palette.words]
        apart = [palette for palette in called if palette.words & (set(words) - kind.words)]
        lit = [palette for palette in called if palette.words & LIGHTS & set(words)]
        if lit or apart:
            return (lit or apart)[0]
        if called and dice.random() < 0.5:
            return called[0]
        return next(palette for palette in PALETTES if palette.name == usual)

    def _words(self) -> list[str]:
        """As they stand, and in what may be their singular."""
        found = re.findall(r"[^\W\d_]+", self.prompt.casefold())
        return [form for word in found for form in dict.fromkeys((word, word.removesuffix("s")))]

    def _dice(self, part: str) -> Random:
        return dice(part, seed=self.seed, prompt=self.prompt)


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
    fit = {"boat": {sea}, "rocket": SCENES_OF_SKY | {space}}
    return [figure for figure in found if kind.paint in fit.get(figure.__name__, SCENES_OF_SKY)]
