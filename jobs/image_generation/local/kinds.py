"""The kinds of scenes, and the words that ask for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from jobs.image_generation.local.canvas import Canvas
from jobs.image_generation.local.city import city
from jobs.image_generation.local.colours import PALETTES, Palette
from jobs.image_generation.local.forms import forms
from jobs.image_generation.local.garden import garden
from jobs.image_generation.local.land import desert, forest, hill, mountains
from jobs.image_generation.local.silk import silk
from jobs.image_generation.local.space import space
from jobs.image_generation.local.water import sea

__all__ = ["KINDS", "PLAIN", "SCENES_OF_SKY", "Kind"]

Motif = Callable[[Canvas, Palette, Random], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A motif, the words that ask for it, and the moods that become it."""

    paint: Motif
    words: frozenset[str]
    moods: tuple[str, ...]


def _kind(paint: Motif, words: str, moods: str) -> Kind:
    return Kind(paint, frozenset(words.split()), tuple(moods.split()))


KINDS = (
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
PLAIN = (
    _kind(silk, "", " ".join(palette.name for palette in PALETTES)),
    _kind(forms, "", "dusk gold rose ocean ember forest neon autumn"),
    _kind(mountains, "", "dawn dusk mist rose aurora"),
    _kind(sea, "", "dusk dawn ocean night"),
)
"""For words that name no scene."""
SCENES_OF_SKY = frozenset({mountains, desert, forest, hill, garden, sea, city})
