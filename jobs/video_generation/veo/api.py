"""The two calls that Veo takes, through google-genai."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.genai import NoAnswer, Pending, connect, options

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.genai import Client
    from google.genai.types import GenerateVideosConfig, GenerateVideosOperation

    from jobs.video_generation.veo.request import Request
    from jobs.video_generation.veo.settings import VeoSettings

__all__ = ["Api"]

READ = 30.0
"""Seconds between two bytes of an answer."""


class Api:
    """Vertex AI in one project and location. It repeats nothing by itself."""

    def __init__(self, settings: VeoSettings) -> None:
        self._settings = settings
        # Here, so that what is missing is found before anything is begun.
        self._client = _connect(settings)

    def create(self, request: Request) -> Pending[str]:
        """Begin a video; the operation's name, or nothing where the answer names none.

        The call has no idempotency key: made twice, it makes, and bills, two videos.
        """
        client, model, prompt = self._client, self._settings.model, request.prompt
        config = _config(request)

        def call() -> str:
            from google.genai.types import GenerateVideosSource

            source = GenerateVideosSource(prompt=prompt)
            begun = client.models.generate_videos(model=model, source=source, config=config)
            name = begun.name or ""
            return name if "/operations/" in name else ""

        return Pending(call)

    def look(
        self, name: str, *, limit: float, check: Callable[[], None]
    ) -> GenerateVideosOperation:
        """The operation as it stands, within `limit` seconds, or NoAnswer."""
        client = self._client

        def call() -> GenerateVideosOperation:
            from google.genai.types import GenerateVideosOperation, GetOperationConfig

            config = GetOperationConfig(http_options=options(min(READ, limit)))
            saved = GenerateVideosOperation.model_validate({"name": name})
            return client.operations.get(saved, config=config)

        try:
            return Pending(call).result(limit, check)
        except NoAnswer:
            # The abandoned call holds a connection, and ends when that is closed under it.
            self.close()
            self._client = _connect(self._settings)
            raise

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _connect(settings: VeoSettings) -> Client:
    return connect(settings.access, timeout=READ, whose="Veo", extra="veo")


def _config(request: Request) -> GenerateVideosConfig:
    from google.genai.types import GenerateVideosConfig

    return GenerateVideosConfig(
        number_of_videos=1,
        duration_seconds=request.duration,
        aspect_ratio=request.aspect_ratio,
        resolution=request.resolution,
        seed=request.seed,
        generate_audio=True,
        output_gcs_uri=request.folder,
    )
