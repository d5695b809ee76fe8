"""The one call, through google-genai."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from common.genai import Pending, connect
from jobs.extraction.gemini.question import INSTRUCTIONS

if TYPE_CHECKING:
    from google.genai.types import GenerateContentConfig, GenerateContentResponse

    from jobs.extraction.gemini.question import Question
    from jobs.extraction.gemini.settings import GeminiSettings

__all__ = ["Api"]


class Api:
    """Gemini. It repeats nothing by itself."""

    def __init__(self, settings: GeminiSettings) -> None:
        self._settings = settings
        self._client = connect(
            settings.access, timeout=settings.timeout, whose="Gemini", extra="gemini"
        )

    def ask(
        self, question: Question, *, limit: float, check: Callable[[], None]
    ) -> GenerateContentResponse:
        """The answer, within `limit` seconds; raises NoAnswer, and what the library raises."""
        client, model = self._client, self._settings.model
        contents, config = question.contents(), _config(question)

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


def _config(question: Question) -> GenerateContentConfig:
    from google.genai.types import GenerateContentConfig

    return GenerateContentConfig(
        system_instruction=INSTRUCTIONS,
        response_mime_type="application/json",
        response_json_schema=question.form,
    )
