"""PixVerse, through UseAPI.net.

https://useapi.net/docs/api-pixverse-v2/post-pixverse-videos-create-v4, …-create-v3
https://useapi.net/docs/api-pixverse-v2/get-pixverse-videos-video_id
https://useapi.net/docs/api-pixverse-v2/model-capabilities
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from common.errors import Misconfigured
from jobs.video_generation.makes import Makes
from jobs.video_generation.remote.errors import (
    EmptyResult,
    Filtered,
    OperationFailed,
    OperationGone,
)
from jobs.video_generation.remote.hosted import identifier
from jobs.video_generation.remote.seam import Busy, Terms
from jobs.video_generation.remote.service import Answered, at
from jobs.video_generation.remote.settings import Defaults, terms
from jobs.video_generation.useapi.access import KINDS, account, service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobs.video_generation.params import VideoParams
    from jobs.video_generation.remote.answers import Kinds
    from jobs.video_generation.remote.hosted import Ask
    from jobs.video_generation.remote.service import Service

__all__ = ["PixVerse"]

MODEL = "v6"
DEFAULTS = Defaults(max_wait=900, per_minute=20, concurrent=3, looks_per_minute=120)
SEEDS = 2**31 - 1
RATIOS = ("16:9", "9:16", "1:1")
# Credits a second of v6 with sound, at 60 dollars for 15,000: https://useapi.net/docs/api-pixverse-v2
COSTS = {"360p": 0.016, "720p": 0.028, "1080p": 0.056}
# By their numbers; https://useapi.net/docs/api-pixverse-v2/get-pixverse-videos has QUEUED as final.
KNOWN = {1: "COMPLETED", 5: "QUEUED", 10: "GENERATING"}
ENDS = {6: "DELETED", 7: "MODERATED", 8: "FAILED"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """How a model is asked for."""

    path: str
    durations: tuple[int, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


MODELS = {
    "v6": Model(path="create", durations=tuple(range(1, 16)), options={"audio": True}),
    "v3.5": Model(path="create-v3", durations=(5, 8)),
}


class PixVerse:
    """One model of PixVerse, with one account or any of ours."""

    def __init__(self, env: Mapping[str, str]) -> None:
        """As the variables say. Raises Misconfigured."""
        self.service: Service = service(env)
        self.kinds: Kinds = KINDS
        self.terms: Terms = terms(env, "PIXVERSE", name="pixverse", title="PixVerse", by=DEFAULTS)
        self._name = env.get("PIXVERSE_MODEL") or MODEL
        if self._name not in MODELS:
            raise Misconfigured(f"PIXVERSE_MODEL={self._name!r} is not one of {', '.join(MODELS)}.")
        self._model = MODELS[self._name]
        self._account = account(env, "PIXVERSE_EMAIL")
        self.makes = Makes(
            title="PixVerse",
            durations=self._model.durations,
            aspect_ratios=RATIOS,
            costs=COSTS,
        )

    def request(self, params: VideoParams) -> tuple[str, Mapping[str, Any]]:
        body = {
            "model": self._name,
            "prompt": params.prompt,
            "duration": int(params.duration),
            "quality": params.resolution,
            "aspect_ratio": params.aspect_ratio,
            **self._model.options,
            **self._account,
        }
        if params.seed is not None:
            # It takes fewer than we do: the same one of ours is the same one of its.
            body["seed"] = params.seed % SEEDS or SEEDS
        return f"/v2/pixverse/videos/{self._model.path}", body

    def begun(self, said: Any) -> str:
        return identifier(at(said, "video_id"))

    def seen(self, name: str, ask: Ask) -> str | Busy:
        try:
            reply = ask(f"/v2/pixverse/videos/{name}")
        except Answered as error:
            if error.reply.status == 404:  # which is documented for a video that is not done
                return Busy(said="the video is not there yet")
            raise
        return self._outcome(reply.said)

    def _outcome(self, said: Any) -> str | Busy:
        word, url = _word(said), at(said, "url")
        if word == "COMPLETED" and isinstance(url, str) and url:
            return url
        if word in ENDS.values() or (
            word not in {"", *KNOWN.values()} and at(said, "video_status_final") is True
        ):
            raise self._ended(word, said)
        known = f"the video is {word.lower()}" if word else "the answer says nothing of it"
        return Busy(said=self.service.told(known), failed=not word)

    def _ended(self, word: str, said: Any) -> Exception:
        why = self.service.told(at(said, "error") or at(said, "errMsg") or word)
        if word == "MODERATED":
            return Filtered(f"PixVerse's moderation withheld the video: {why}", (why,))
        if word == "DELETED":
            return OperationGone("The video was deleted at PixVerse.")
        if word == "FAILED":
            return OperationFailed(f"PixVerse failed to make the video: {why}", code=word)
        return EmptyResult(f"PixVerse ended the video without one that is known here: {why}")


def _word(said: Any) -> str:
    """How the video stands: by its name, or else by its number."""
    word, status = at(said, "video_status_name"), at(said, "video_status")
    if isinstance(word, str) and word:
        return word
    return {**KNOWN, **ENDS}.get(status, "") if type(status) is int else ""
