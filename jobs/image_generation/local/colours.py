"""Colours, and the curated palettes: what words call for them, and how the light is there."""

from __future__ import annotations

from dataclasses import dataclass

from common.media.looks import rgb

__all__ = ["LIGHTS", "PALETTES", "RGB", "Palette", "mix", "tone"]

RGB = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Palette:
    """One mood."""

    name: str
    words: frozenset[str]
    """In a prompt these call for it."""
    sky: tuple[RGB, ...]
    """From the top down to the horizon."""
    light: RGB
    """Of the sun, or the moon."""
    far: RGB
    """What is far away has taken this on from the air."""
    near: RGB
    """What is closest; white type reads on it."""
    accent: RGB

    @property
    def is_dark(self) -> bool:
        """Whether stars are seen."""
        return sum(self.sky[0]) < 150


def mix(one: RGB, other: RGB, share: float) -> RGB:
    """Between the two; all of the other at a share of 1."""
    share = min(1.0, max(0.0, share))
    r, g, b = (a + (z - a) * share for a, z in zip(one, other, strict=True))
    return r, g, b


def tone(palette: Palette, part: float) -> RGB:
    """What the air makes of a colour that is `part` of the way here."""
    return mix(palette.far, palette.near, part**1.15)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _palette(name: str, words: str, sky: str, rest: str) -> Palette:
    light, far, near, accent = map(rgb, rest.split())
    stops = tuple(map(rgb, sky.split()))
    return Palette(name, _words(words), stops, light, far, near, accent)


PALETTES = (
    _palette(
        "dawn",
        "dawn sunrise morning early breakfast awakening hope peach",
        "39466f 8d7a9c e79a86 fbd9ac",
        "fff3da c4949a 1c1b33 ffd49a",
    ),
    _palette(
        "dusk",
        "dusk sunset evening twilight romantic romance purple violet",
        "1d1746 5b2a72 c8507a ffa169",
        "ffe0ad 94487c 130d26 ffb489",
    ),
    _palette(
        "day",
        "day noon blue sky summer sunny bright clear holiday cloud air fly",
        "2b6cb3 5b9bd6 a5cdea e8f2ee",
        "fffdf0 9abdd4 12304a ffdc7d",
    ),
    _palette(
        "night",
        "night midnight dark moon moonlight moonlit star starry dream sleep lullaby",
        "050917 0d1b42 233f78 4a6aa4",
        "eef3ff 2b4377 050811 a9c6ff",
    ),
    _palette(
        "mist",
        "mist misty fog foggy rain rainy grey gray silence zen cloudy",
        "7d929e a9bbc0 d3d9d2 f1ebdd",
        "fffaf0 b3c1c0 1d2c33 f0c9a0",
    ),
    _palette(
        "ember",
        "desert dune sand canyon fire flame ember hot red mars lava volcano sahara",
        "6d2431 b8442f ea8145 ffcd86",
        "fff2cf d58657 32121a ffc27a",
    ),
    _palette(
        "forest",
        "forest wood tree jungle green nature spring leaf garden fern moss park",
        "0f4247 3b8077 93bb95 ece8bd",
        "fffbdc 86b197 07201b d6ee8c",
    ),
    _palette(
        "ocean",
        "ocean sea water wave beach coast island lagoon harbour harbor lake river boat sail swim "
        "turquoise teal",
        "0b4468 2382a0 74c0c4 dcf1e4",
        "fffbe8 5aa9b1 042430 ffd98f",
    ),
    _palette(
        "winter",
        "winter snow ice icy frost cold glacier arctic north polar christmas alpine white",
        "4d72a3 8cadcf c7d8e6 f8f1ee",
        "ffffff b9cbdf 1c2f4b ffc9b0",
    ),
    _palette(
        "autumn",
        "autumn fall october november harvest orange brown coffee amber vineyard",
        "57324a a4503f dd8b45 ffdf9f",
        "fff4d2 c18450 26100f ffc56b",
    ),
    _palette(
        "rose",
        "rose pink love flower blossom cherry wedding heart soft gentle bloom",
        "51306b a0568c e38ca2 ffd9c8",
        "fff1ea bf83a4 230f2e ffc0d2",
    ),
    _palette(
        "neon",
        "neon cyber cyberpunk city club party music future robot techno synthwave electric code "
        "computer digital ai game tech",
        "080524 2a0f66 8a1c8c ff4f9a",
        "ffe3f3 51209a 06031a 49e6ff",
    ),
    _palette(
        "aurora",
        "aurora borealis northern lights magic magical mystic fantasy emerald",
        "03101d 08304a 10695f 4fc49a",
        "e9fff5 1f6d68 020c12 8affc9",
    ),
    _palette(
        "gold",
        "gold golden luxury elegant yellow honey wheat field king royal",
        "2a3350 71626a c9975a fbdd95",
        "fff6d8 ad8a6a 191723 ffdd8a",
    ),
    _palette(
        "cosmos",
        "space galaxy cosmos universe planet nebula astronaut rocket orbit alien comet",
        "05040f 120c2e 33195c 7a3a86",
        "fff0e0 3a2566 05040e ffb27a",
    ),
)
LIGHTS = _words(
    "dawn sunrise morning dusk sunset evening twilight noon night midnight moonlight moonlit "
    "neon aurora"
)
"""Words for what lights a scene: they decide over its weather, season and colours."""
