"""The provider: create once, wait, fetch."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from jobs.video_generation.veo.api import Api
from jobs.video_generation.veo.creation import create, recall
from jobs.video_generation.veo.outcomes import outcome
from jobs.video_generation.veo.output import fetch, folder
from jobs.video_generation.veo.polling import BASE, Polling
from jobs.video_generation.veo.request import Request
from jobs.video_generation.veo.settings import VeoSettings
from jobs.video_generation.veo.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from google.genai.types import GenerateVideosOperation

    from common.runtime import Context
    from jobs.video_generation.params import VideoParams

__all__ = ["Veo"]


class Veo:
    """Has Veo make the video, on Vertex AI."""

    name = "veo"

    def __init__(self, settings: VeoSettings) -> None:
        self.settings = settings

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Veo:
        """As the VEO_… variables say. Raises Misconfigured."""
        return cls(VeoSettings.load(env))

    def generate(self, params: VideoParams, run: Context) -> Path:
        """The MP4 file, made by one operation, however many attempts wait for it.

        Raises InvalidInput for what Veo does not make, Misconfigured, and the errors of errors.py.
        """
        request = Request.of(params, folder=folder(run))
        with closing(Api(self.settings)) as api:
            return fetch(outcome(self._done(api, request, run)), run)

    def _done(self, api: Api, request: Request, run: Context) -> GenerateVideosOperation:
        turns = Turns(run, self.settings)
        if earlier := recall(run):
            run.log.info(f"Veo goes on with {earlier.name}", action="veo-resumed")
            with turns.resumed():
                return Polling(api, run, self.settings, earlier, turns).wait()
        with turns.operation() as turn:
            begun = create(api, request, run, self.settings, turn)
            # Vertex may not know at once of what it has just begun.
            return Polling(api, run, self.settings, begun, turns).wait(pause=BASE)
