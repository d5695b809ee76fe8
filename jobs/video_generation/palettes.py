"""The curated colours. White type reads on every one of them: a test holds them to 4.5 to 1."""

from __future__ import annotations

from dataclasses import dataclass

from common.media.looks import rgb

__all__ = ["PALETTES", "RGB", "Palette"]

RGB = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """One look: the ground, the four lights that drift over it, and a bright accent."""

    name: str
    ground: RGB
    lights: tuple[RGB, RGB, RGB, RGB]
    accent: RGB


def _palette(name: str, ground: str, lights: str, accent: str) -> Palette:
    first, second, third, fourth = map(rgb, lights.split())
    return Palette(name, rgb(ground), (first, second, third, fourth), rgb(accent))


PALETTES = (
    _palette("aurora", "071426", "0b7a6a 1b3f9b 5a2fb0 0e8058", "7ef0c8"),
    _palette("dusk", "1a0b2e", "9c2a70 4a2ab0 c0452f 2b3590", "ffb59a"),
    _palette("ember", "1c0a0e", "b8351f 7a1d45 b0570b 43123a", "ffc078"),
    _palette("lagoon", "04212b", "0c7489 14509a 0a7c68 2a3fa0", "8be9f5"),
    _palette("orchid", "190a2c", "8f32b8 b82a78 3d2fb8 6b1e80", "f5b3ff"),
    _palette("forest", "08180f", "22713d 0c6f66 5d7012 12405a", "c8f08a"),
    _palette("sunrise", "200f28", "b8483a ab2a66 a85c0d 5a35a0", "ffd08a"),
    _palette("midnight", "050816", "1f40a8 4f1fa8 0f6298 35319a", "a5c8ff"),
    _palette("rose", "240a1a", "bc2458 8030a0 b5472f 581c60", "ffb0c8"),
    _palette("copper", "17100c", "a24f1c 84302c 84660f 45304e", "ffc99a"),
    _palette("glacier", "0a1720", "2a6c98 4257a8 1e7780 524c98", "b8e4ff"),
    _palette("berry", "14081c", "a01f6a 5e2ac0 1f56a8 8a1f3f", "ff9fd0"),
)
