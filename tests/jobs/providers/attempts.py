"""Attempts at one run, made by any provider, or by all of them in turn."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from common.runs import Runs
from jobs.video_generation import making
from jobs.video_generation.providers import PROVIDERS
from tests.jobs.veo.attempts import Attempts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from common.documents import Documents
    from jobs.video_generation.params import VideoParams
    from tests.time import FakeTime

NOWHERE = "http://127.0.0.1:1"


class ProviderAttempts(Attempts):
    """One run, tried as often as asked, of which `params` say what is made."""

    def __init__(  # noqa: PLR0913
        self,
        folder: Path,
        params: VideoParams,
        env: Mapping[str, str],
        *,
        time: FakeTime | None,
        documents: Documents | None = None,
        timeout: float = 1200,
    ) -> None:
        super().__init__(folder, NOWHERE, time=time, timeout=timeout)
        self.params = params
        self.veo = PROVIDERS[params.provider].open(env)
        if documents is not None:
            self.documents.close()
            self.documents, self.runs = documents, Runs(documents)

    def attempt(self, params: VideoParams | None = None) -> bytes:
        return super().attempt(params or self.params)

    @property
    def error(self) -> str:
        """What the run, or else its last attempt, says went wrong."""
        found = self.run.attempts[-1].error
        return f"{found.type}: {found.message}" if found else ""


class ChainAttempts(ProviderAttempts):
    """One run whose video is made by who makes it, as the environment says."""

    def __init__(self, folder: Path, params: VideoParams, *, time: FakeTime | None, **more) -> None:
        single = params.model_copy(update={"provider": "local"})
        super().__init__(folder, single, {}, time=time, **more)
        self.params = params
        self.made: making.Made | None = None
        self.veo = SimpleNamespace(generate=self._generate)

    def _generate(self, params: VideoParams, context) -> Path:
        context._services.settings = SimpleNamespace(in_cloud=False)
        self.made = making.made(params, context)
        return self.made.file
