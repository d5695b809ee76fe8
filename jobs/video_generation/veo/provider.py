"""The provider: create once, wait, fetch."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from jobs.video_generation.remote.making import outcome as finished
from jobs.video_generation.remote.polling import BASE
from jobs.video_generation.veo.api import Api
from jobs.video_generation.veo.outcomes import outcome
from jobs.video_generation.veo.output import fetch, folder
from jobs.video_generation.veo.request import MAKES, Request
from jobs.video_generation.veo.settings import VeoSettings
from jobs.video_generation.veo.vertex import Vertex

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from common.runtime import Context
    from jobs.video_generation.params import VideoParams

__all__ = ["Veo"]


class Veo:
    """Has Veo make the video, on Vertex AI."""

    name = "veo"
    makes = MAKES

    def __init__(self, settings: VeoSettings) -> None:
        self.settings = settings
        self.terms = settings.terms

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Veo:
        """As the VEO_… variables say. Raises Misconfigured."""
        return cls(VeoSettings.load(env))

    def generate(self, params: VideoParams, run: Context, *, patience: float | None = None) -> Path:
        """The MP4 file, made by one operation, however many attempts wait for it.

        Raises InvalidInput for what Veo does not make, Misconfigured, and the errors of
        remote.errors.
        """
        request = Request.of(params, folder=folder(run))
        with closing(Api(self.settings)) as api:
            # Vertex may not know at once of what it has just begun: hence the pause.
            vertex = Vertex(api, request, self.settings)
            done = finished(vertex, run, patience=patience, pause=BASE)
            return fetch(outcome(done), run)
