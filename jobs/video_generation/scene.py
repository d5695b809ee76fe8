"""A film before it is filmed: all that its prompt and seed decide."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from common.media import ass
from common.media.looks import dice
from common.media.words import excerpt, split
from jobs.video_generation import background, layout, sound, titles
from jobs.video_generation.palettes import PALETTES, Palette
from jobs.video_generation.timeline import FPS, Timeline, timeline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Scene"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """What was asked for; the same one is the same film, on every machine with its fonts."""

    prompt: str
    seed: int
    duration: float
    """Seconds."""
    width: int
    height: int

    @property
    def times(self) -> Timeline:
        """When everything happens."""
        return timeline(self.duration)

    @property
    def palette(self) -> Palette:
        """Its colours."""
        return self._dice("palette").choice(PALETTES)

    def pictures(self) -> Iterator[bytes]:
        """The background, one tiny raw picture a frame."""
        times, size = self.times, background.grid(self.width, self.height)
        seconds = [frame / FPS for frame in range(times.frames)]
        dice = self._dice("background")
        return background.pictures(dice, self.palette, size, seconds, times.glow)

    def script(self, text: str) -> str:
        """The titles as an ASS script: `text`, or what of it can be read in the time."""
        times, size = self.times, (self.width, self.height)
        parts = layout.pages(excerpt(split(text), times.readable))
        em, pages = layout.fit(parts, *size)
        accent = self.palette.accent
        lines = [
            *titles.motes(self._dice("motes"), accent, size, times),
            *titles.words(pages, em, times),
            *titles.rule(pages, em, accent, size, times),
        ]
        return ass.script(*size, em, lines)

    def graph(self, script: Path) -> str:
        """The filtergraph from the background's input to the pads [picture] and [sound]."""
        grain = self._dice("grain").randrange(1 << 30)
        size = f"{self.width}:{self.height}:flags=bicubic+accurate_rnd"
        picture = [
            f"[0:v]scale={size}:out_color_matrix=bt709:out_range=tv",
            "format=yuv420p,setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709",
            f"noise=c0s=5:c0f=t:c0_seed={grain}",
            f"{ass.burnt(script)}[picture]",
        ]
        heard = self.times.frames / FPS
        return ",".join(picture) + ";" + sound.graph(self._dice("sound"), heard, "sound")

    def _dice(self, part: str) -> Random:
        return dice(part, seed=self.seed, prompt=self.prompt)
