"""The seam to whoever makes videos.

A provider makes one MP4 file from the params, in the run's folder. What it must remember beyond the
death of the process, such as an operation that was begun elsewhere, it checkpoints.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.video_generation.params import VideoParams

__all__ = ["Provider", "choose"]


class Provider(Protocol):
    """Makes videos."""

    @property
    def name(self) -> str:
        """As the params say it."""

    def generate(self, params: VideoParams, run: Context) -> Path:
        """The finished file. Raises Permanent where trying again cannot help, Retryable or
        anything else where it may."""


def choose(params: VideoParams, run: Context) -> Provider:
    """The provider asked for, else VIDEO_PROVIDER, else the one that fits the place."""
    name = params.provider or os.environ.get("VIDEO_PROVIDER") or _default(run)
    if name == "veo":
        from jobs.video_generation.veo import Veo

        return Veo.from_env(os.environ)
    from jobs.video_generation.local import Local

    return Local()


def _default(run: Context) -> str:
    return "veo" if run.in_cloud else "local"
