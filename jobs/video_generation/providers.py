"""The seam to whoever makes videos.

A provider makes one MP4 file from the params, in the run's folder. What it must remember beyond the
death of the process, such as an operation that was begun elsewhere, it checkpoints.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from common.errors import Misconfigured

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.video_generation.params import VideoParams

__all__ = ["Provider", "choose", "needs"]


class Provider(Protocol):
    """Makes videos."""

    @property
    def name(self) -> str:
        """As the params say it."""

    def generate(self, params: VideoParams, run: Context) -> Path:
        """The finished file. Raises Permanent where trying again cannot help, Retryable or
        anything else where it may."""


def choose(params: VideoParams, run: Context) -> Provider:
    """The provider asked for, else VIDEO_PROVIDER, else the one that fits the place.

    Raises Misconfigured for a VIDEO_PROVIDER that there is not.
    """
    name = params.provider or os.environ.get("VIDEO_PROVIDER") or _default(run)
    if name == "veo":
        from jobs.video_generation.veo import Veo

        return Veo.from_env(os.environ)
    if name == "local":
        from jobs.video_generation.local import Local

        return Local()
    raise Misconfigured(f"VIDEO_PROVIDER={name!r} makes no videos: set it to local or veo.")


def needs(env: Mapping[str, str]) -> tuple[str, ...]:
    """What must be installed for the provider that is taken where the params name none."""
    inside = "CLOUD_RUN_JOB" in env or "K_SERVICE" in env
    in_cloud = (env.get("RUNJOBS_EXECUTOR") or ("cloud-run" if inside else "")) == "cloud-run"
    provider = env.get("VIDEO_PROVIDER") or ("veo" if in_cloud else "local")
    # Both end with ffmpeg, which looks at the video and takes the poster from it.
    media = "imageio_ffmpeg (media)"
    return (media, "google.genai (veo)") if provider == "veo" else (media,)


def _default(run: Context) -> str:
    return "veo" if run.in_cloud else "local"
