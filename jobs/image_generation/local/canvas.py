"""What is painted on: washes of colour, lights, and shapes with smooth edges.

Places are in parts of the picture: (0, 0) is its upper left corner, (1, 1) the lower right one.
Lengths are in parts of its shorter side. So a painting is the same one at every size.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageDraw

from common.media.looks import ease
from jobs.image_generation.local.colours import RGB, mix
from jobs.image_generation.local.mosaic import Piece, mosaic
from jobs.image_generation.local.pixels import GLOW, field, glow, grained, whole

if TYPE_CHECKING:
    from random import Random

__all__ = ["Canvas", "Piece", "Point"]

Point = tuple[float, float]
Box = tuple[int, int, int, int]
_FINE = 2
"""Shapes are drawn so many times as large, and made smaller: that smooths their edges."""


class Canvas:
    """A picture that is being painted."""

    def __init__(self, width: int, height: int, check: Callable[[], None]) -> None:
        """`check` is called now and then, and may raise to end the painting."""
        self.width, self.height = width, height
        self.short = min(width, height)
        self.image = Image.new("RGB", (width, height))
        self._check = check

    @property
    def across(self) -> float:
        """The width in parts of the shorter side."""
        return self.width / self.short

    @property
    def down(self) -> float:
        """The height in parts of the shorter side."""
        return self.height / self.short

    def beside(self, place: Point, a: float, b: float, turn: float = 0.0) -> Point:
        """What lies `a` to the right of a place and `b` below it, turned about it."""
        x, y = place
        return (
            x + (a * math.cos(turn) - b * math.sin(turn)) / self.across,
            y + (a * math.sin(turn) + b * math.cos(turn)) / self.down,
        )

    def round(  # noqa: PLR0913
        self,
        x: float,
        y: float,
        radius: float,
        *,
        turn: float = 0.0,
        corners: int = 120,
        flat: float = 1.0,
    ) -> list[Point]:
        """The outline of a circle or, `flat`, of an ellipse that is turned."""
        points = []
        for step in range(corners):
            angle = math.tau * step / corners
            a, b = radius * math.cos(angle), flat * radius * math.sin(angle)
            points.append(self.beside((x, y), a, b, turn))
        return points

    def cover(self, colour_at: Callable[[float, float], RGB], cells: int = 48) -> None:
        """Paint all of it, each place in its colour; what is finer than a cell is lost."""
        cells = min(cells, self.short // 4)
        columns, rows = max(2, round(cells * self.across)), max(2, round(cells * self.down))
        size = (self.width, self.height)
        self.image = field(
            [
                [colour_at(column / (columns - 1), row / (rows - 1)) for column in range(columns)]
                for row in range(rows)
            ],
            size,
        )

    def shape(self, points: Sequence[Point], colours: Sequence[RGB], opacity: float = 1.0) -> None:
        """Fill a shape, with colours that change evenly from its top to its bottom."""
        self.shapes([points], colours, opacity)

    def shapes(
        self, many: Sequence[Sequence[Point]], colours: Sequence[RGB], opacity: float = 1.0
    ) -> None:
        """Fill several shapes as if they were one."""
        self._check()
        if (box := self._box(many)) is None:
            return
        mask = self._mask(many, box)
        if opacity < 1:
            mask = mask.point([round(value * opacity) for value in range(256)])
        size = (box[2] - box[0], box[3] - box[1])
        if len(colours) == 1:
            self.image.paste(whole(colours[0]), box, mask)
        else:
            self.image.paste(field([[colour] for colour in colours], size), box, mask)

    def mosaic(self, pieces: Iterable[Piece]) -> None:
        """Fill very many small shapes that lie edge to edge, each in its one colour."""
        mosaic(self.image, pieces, self._check)

    def glow(  # noqa: PLR0913
        self,
        x: float,
        y: float,
        radius: float,
        colour: RGB,
        strength: float = 1.0,
        *,
        fall: float = 2.0,
    ) -> None:
        """A light, which adds to what is there; `fall` tells how quickly it ends."""
        self._check()
        reach = radius * self.short
        left, top = round(x * self.width - reach), round(y * self.height - reach)
        side = max(2, round(2 * reach))
        box = self._clipped((left, top, left + side, top + side))
        if box is None:
            return
        scale = GLOW / side
        seen = (
            scale * (box[0] - left),
            scale * (box[1] - top),
            scale * (box[2] - left),
            scale * (box[3] - top),
        )
        light = glow(fall).resize(
            (box[2] - box[0], box[3] - box[1]),
            Image.Resampling.BICUBIC,
            box=seen,
        )
        bands = [
            light.point([round(value * strength * band / 255) for value in range(256)])
            for band in colour
        ]
        under = self.image.crop(box)
        self.image.paste(ImageChops.screen(under, Image.merge("RGB", bands)), box)

    def shade(self, top: float, bottom: float, filter: RGB) -> None:
        """Put a filter before it, which lets all light through at `top`, and at `bottom` and below
        no more than its own colour."""
        self._check()
        rows = 64
        first = max(0, math.floor(top * self.height))
        glass = [
            mix((255, 255, 255), filter, ease((first / self.height + part - top) / (bottom - top)))
            for part in ((1 - first / self.height) * row / (rows - 1) for row in range(rows))
        ]
        box = (0, first, self.width, self.height)
        part = field([[colour] for colour in glass], (self.width, self.height - first))
        self.image.paste(ImageChops.multiply(self.image.crop(box), part), box)

    def grain(self, dice: Random) -> None:
        """Film grain, in which what steps there are between soft colours are lost."""
        self.image = grained(self.image, dice)

    def _box(self, many: Sequence[Sequence[Point]]) -> Box | None:
        across = [x * self.width for points in many for x, _ in points]
        down = [y * self.height for points in many for _, y in points]
        if not across:
            return None
        left, top = math.floor(min(across) - 1), math.floor(min(down) - 1)
        right, bottom = math.floor(max(across) + 2), math.floor(max(down) + 2)
        return self._clipped((left, top, right, bottom))

    def _clipped(self, box: Box) -> Box | None:
        left, top = max(0, box[0]), max(0, box[1])
        right, bottom = min(self.width, box[2]), min(self.height, box[3])
        return (left, top, right, bottom) if left < right and top < bottom else None

    def _mask(self, many: Sequence[Sequence[Point]], box: Box) -> Image.Image:
        width, height = box[2] - box[0], box[3] - box[1]
        mask = Image.new("L", (_FINE * width, _FINE * height))
        draw = ImageDraw.Draw(mask)
        for points in many:
            draw.polygon(
                [
                    (_FINE * (x * self.width - box[0]), _FINE * (y * self.height - box[1]))
                    for x, y in points
                ],
                fill=255,
            )
        return mask.reduce(_FINE)
