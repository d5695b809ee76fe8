"""What a provider makes, and what a second of it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.errors import InvalidInput

if TYPE_CHECKING:
    from jobs.video_generation.params import VideoParams

__all__ = ["Makes"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Makes:
    """The videos that one provider makes."""

    title: str
    """Its name, as people are told it."""
    durations: tuple[int, ...]
    """Whole seconds, in rising order."""
    aspect_ratios: tuple[str, ...]
    costs: Mapping[str, float]
    """US dollars for a second, by each resolution that it makes."""

    @property
    def resolutions(self) -> tuple[str, ...]:
        """Those that it makes."""
        return tuple(self.costs)

    def check(self, params: VideoParams) -> None:
        """Raises InvalidInput for a video that it does not make, naming those that it does."""
        if problems := self.problems(params):
            raise InvalidInput(f"{self.title} makes no such video: {'; '.join(problems)}.")

    def problems(self, params: VideoParams) -> list[str]:
        """Why it does not make such a video; none where it does."""
        # Not by :g, which rounds: 4.9999999 is no 5.
        duration = str(params.duration).removesuffix(".0")
        asked = (
            ("duration", duration, tuple(map(str, self.durations))),
            ("aspect_ratio", params.aspect_ratio, self.aspect_ratios),
            ("resolution", params.resolution, self.resolutions),
        )
        return [
            f"{name} must be {_either(accepted)}, not {value}"
            for name, value, accepted in asked
            if value not in accepted
        ]

    def cost(self, params: VideoParams) -> float:
        """What such a video costs, in US dollars."""
        return self.costs[params.resolution] * params.duration

    def taken(self) -> dict[str, str]:
        """What params may be, in short, by their names."""
        durations = tuple(map(str, self.durations))
        return {
            "duration": f"{'-'.join(_ends(durations)) or ', '.join(durations)} s",
            "aspect_ratio": ", ".join(self.aspect_ratios),
            "resolution": ", ".join(self.resolutions),
        }


def _either(values: tuple[str, ...]) -> str:
    """Like 4, 6 or 8, or like a whole number from 1 to 15."""
    if ends := _ends(values):
        return f"a whole number from {' to '.join(ends)}"
    *others, last = values
    return f"{', '.join(others)} or {last}" if others else last


def _ends(values: tuple[str, ...]) -> tuple[str, ...]:
    """The first and the last of whole numbers with none between them left out; else nothing."""
    first, last = values[0], values[-1]
    if not (first.isdigit() and last.isdigit()):
        return ()
    whole = tuple(map(str, range(int(first), int(last) + 1)))
    return (first, last) if values == whole and len(values) > 1 else ()
