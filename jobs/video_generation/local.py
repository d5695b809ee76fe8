"""The provider of laptops: draws the prompt's words over drifting light, with ffmpeg."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.video_generation.render import render

if TYPE_CHECKING:
    from pathlib import Path

    from common.runtime import Context
    from jobs.video_generation.params import VideoParams

__all__ = ["Local"]

SHARE = 0.95
"""Of the run's progress that is the rendering; the rest is the poster and keeping the files."""


class Local:
    """Renders here."""

    name = "local"
    makes = None
    terms = None

    def generate(
        self,
        params: VideoParams,
        run: Context,
        *,
        patience: float | None = None,  # noqa: ARG002 - nobody is waited for here
    ) -> Path:
        """The rendered file."""
        width, height = params.size
        clip = render(
            prompt=params.prompt,
            seed=params.chosen_seed,
            duration=params.duration,
            width=width,
            height=height,
            folder=run.folder,
            progress=lambda part: run.progress(SHARE * part, "Rendering"),
            start=run.start,
            left_out=lambda missing: run.log.warning(
                f"No font here draws {missing!r}: left out.", action="characters-left-out"
            ),
        )
        return clip.path
