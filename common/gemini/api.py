"""The one call, through google-genai."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from common.genai import Pending, connect

if TYPE_CHECKING:
    from google.genai.types import Content, GenerateContentConfig, GenerateContentResponse

    from common.gemini.settings import GeminiSettings

__all__ = ["Api"]


class Api:
    """Gemini. It repeats nothing by itself."""

    def __init__(self, settings: GeminiSettings) -> None:
        self.settings = settings
        self._client = connect(
            settings.access, timeout=settings.timeout, whose="Gemini", extra="gemini"
        )

    def ask(
        self,
        contents: Sequence[Content],
        config: GenerateContentConfig,
        *,
        limit: float,
        check: Callable[[], None],
    ) -> GenerateContentResponse:
        """The answer, within `limit` seconds; raises NoAnswer, and what the library raises."""
        client, model = self._client, self.settings.model

        def call() -> GenerateContentResponse:
            return client.models.generate_content(
                model=model,
                contents=[*contents],
                config=config,
            )

        return Pending(call).result(limit, check)

    def close(self) -> None:
        """Close the connections; a call that is still under way ends with them."""
        self._client.close()
