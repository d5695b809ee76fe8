"""Turning by quarters: places on a page, and on the page as it stands when turned back."""

from __future__ import annotations

from dataclasses import dataclass

from common.reading.document import Box

__all__ = ["Turn"]


@dataclass(frozen=True, slots=True)
class Turn:
    """How what stands on a page is turned."""

    quarters: int
    """Clockwise, 0 to 3."""
    page_width: float
    page_height: float

    @property
    def width(self) -> float:
        """Of the page when turned back."""
        return self.page_height if self.quarters % 2 else self.page_width

    @property
    def height(self) -> float:
        """Of the page when turned back."""
        return self.page_width if self.quarters % 2 else self.page_height

    def back(self, box: Box) -> Box:
        """Where a box of the page stands when it is turned back."""
        left, top, right, bottom = box.left, box.top, box.right, box.bottom
        match self.quarters:
            case 1:
                return Box(top, self.page_width - right, bottom, self.page_width - left)
            case 2:
                return self._half(box)
            case 3:
                return Box(self.page_height - bottom, left, self.page_height - top, right)
            case _:
                return box

    def forth(self, box: Box) -> Box:
        """Where a box of the page as turned back stands on the page itself."""
        left, top, right, bottom = box.left, box.top, box.right, box.bottom
        match self.quarters:
            case 1:
                return Box(self.page_width - bottom, left, self.page_width - top, right)
            case 2:
                return self._half(box)
            case 3:
                return Box(top, self.page_height - right, bottom, self.page_height - left)
            case _:
                return box

    def _half(self, box: Box) -> Box:
        width, height = self.page_width, self.page_height
        return Box(width - box.right, height - box.bottom, width - box.left, height - box.top)
