"""The provider: one question for each picture, and the picture out of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from common.gemini.asking import Asking
from common.gemini.errors import EmptyAnswer
from common.gemini.outcomes import parts_of
from common.gemini.settings import GeminiSettings, Kind
from common.genai import brief
from jobs.image_generation.errors import Declined
from jobs.image_generation.picture import opened
from jobs.image_generation.providers import Made

if TYPE_CHECKING:
    from google.genai.types import GenerateContentConfig, GenerateContentResponse

    from common.gemini.usage import Usage
    from common.runtime import Context
    from jobs.image_generation.params import ImageParams

__all__ = ["IMAGE", "Gemini", "picture_of"]

IMAGE = Kind(
    prefix="GEMINI_IMAGE",
    model="gemini-3.1-flash-image",
    timeout=180,
    per_minute=60,
    concurrent=10,
)


class Gemini:
    """Has Gemini make pictures."""

    name = "gemini"
    at_once = 4

    def __init__(self, settings: GeminiSettings, params: ImageParams, run: Context) -> None:
        self._params, self._asking = params, Asking(settings, run)
        self.model: str = settings.model

    @classmethod
    def from_env(cls, env: Mapping[str, str], params: ImageParams, run: Context) -> Gemini:
        """As the GEMINI_… variables say. Raises Misconfigured."""
        return cls(GeminiSettings.load(env, IMAGE), params, run)

    @property
    def usage(self) -> Usage:
        """What it has cost so far."""
        return self._asking.usage

    def picture(self, number: int) -> Made:
        """Raises BadPicture, Declined, and the errors of common.gemini."""
        from google.genai.types import Content, Part

        asked = Content(role="user", parts=[Part.from_text(text=self._params.prompt)])
        seed = self._params.seed_of(number)
        response = self._asking.ask([asked], self._config(seed))
        return Made(picture=opened(picture_of(response, self.model)), seed=seed)

    def close(self) -> None:
        """Close the connections."""
        self._asking.close()

    def _config(self, seed: int | None) -> GenerateContentConfig:
        from google.genai.types import GenerateContentConfig, ImageConfig

        params = self._params
        shape = ImageConfig(aspect_ratio=params.aspect_ratio, image_size=params.size)
        return GenerateContentConfig(response_modalities=["IMAGE"], image_config=shape, seed=seed)


def picture_of(response: GenerateContentResponse, model: str) -> bytes:
    """The bytes of the picture: the last one of an answer, where those before led up to it."""
    parts = parts_of(response, model)
    found = [part.inline_data.data for part in parts if part.inline_data and part.inline_data.data]
    if found:
        return found[-1]
    words = "".join(part.text for part in parts if part.text).strip()
    if words:
        raise Declined(f"{model} drew nothing, and said: {brief(words)}")
    raise EmptyAnswer(f"{model} answered with neither a picture nor a reason.")
