"""The one call, through google-genai."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from common.errors import Misconfigured
from jobs.extraction.gemini.bounded import bounded
from jobs.extraction.gemini.question import INSTRUCTIONS

if TYPE_CHECKING:
    from google.auth.credentials import Credentials
    from google.genai import Client
    from google.genai.types import GenerateContentConfig, GenerateContentResponse, HttpOptions

    from jobs.extraction.gemini.question import Question
    from jobs.extraction.gemini.settings import GeminiSettings

__all__ = ["Api"]


class Api:
    """Gemini. It repeats nothing by itself."""

    def __init__(self, settings: GeminiSettings) -> None:
        self._settings = settings
        self._client = _connect(settings)

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

        return bounded(call, limit=limit, check=check)

    def close(self) -> None:
        """Close the connections; a call that is still under way ends with them."""
        self._client.close()


def _connect(settings: GeminiSettings) -> Client:
    try:
        from google.genai import Client
    except ImportError as error:
        raise Misconfigured("Gemini needs google-genai: pip install 'runjobs[gemini]'.") from error
    options = _options(settings)
    if not settings.on_vertex:
        return Client(vertexai=False, api_key=settings.key, http_options=options)
    return Client(
        vertexai=True,
        project=settings.project,
        location=settings.location,
        credentials=_token() if settings.anonymous else None,
        http_options=options,
    )


def _token() -> Credentials:
    # Not AnonymousCredentials: google-genai refreshes what has no token, which these refuse.
    from google.oauth2.credentials import Credentials as Token

    return Token(token="anonymous")  # type: ignore[no-untyped-call]  # noqa: S106


def _options(settings: GeminiSettings) -> HttpOptions:
    from google.genai.types import HttpOptions

    options = HttpOptions(timeout=round(1000 * settings.timeout))  # milliseconds; no retry_options
    options.base_url = settings.base_url
    if settings.anonymous:
        options.client_args = {"trust_env": False}  # no proxy leads to this machine
    return options


def _config(question: Question) -> GenerateContentConfig:
    from google.genai.types import GenerateContentConfig

    return GenerateContentConfig(
        system_instruction=INSTRUCTIONS,
        response_mime_type="application/json",
        response_json_schema=question.form,
    )
