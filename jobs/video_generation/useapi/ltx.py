"""LTX Studio, through UseAPI.net.

https://useapi.net/docs/api-ltxstudio-v1/post-ltxstudio-videos-ltx-create
https://useapi.net/docs/api-ltxstudio-v1/get-ltxstudio-assets-jobId

Its page has said since March 2026 that this API is given to those who ask for it only: hence the
account has to be named before it is taken for one of the providers that there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.errors import Misconfigured
from common.genai.settings import name as named
from jobs.video_generation.makes import Makes
from jobs.video_generation.remote.errors import Filtered, OperationFailed
from jobs.video_generation.remote.hosted import identifier
from jobs.video_generation.remote.seam import Busy, Terms
from jobs.video_generation.remote.service import at
from jobs.video_generation.remote.settings import Defaults, terms
from jobs.video_generation.useapi.access import KINDS, account, is_withheld, service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobs.video_generation.params import VideoParams
    from jobs.video_generation.remote.answers import Kinds
    from jobs.video_generation.remote.hosted import Ask
    from jobs.video_generation.remote.service import Service

__all__ = ["LtxStudio"]

MODEL = "ltxv-turbo"
DEFAULTS = Defaults(max_wait=900, per_minute=20, concurrent=10, looks_per_minute=120)
SETTLING = 60.0
MAKES = Makes(
    title="LTX Studio",
    durations=(3, 5, 7, 9, 15, 30),
    aspect_ratios=("16:9", "9:16", "1:1"),
    # No param of it chooses: 720p is what it is nearest to. What a subscription's credits come to
    # is not said; this is what LTX's own API asks at least: https://docs.ltx.video/pricing
    costs={"720p": 0.04},
)


class LtxStudio:
    """One model of LTX Studio, with one account."""

    def __init__(self, env: Mapping[str, str]) -> None:
        """As the variables say. Raises Misconfigured."""
        self.service: Service = service(env)
        self.kinds: Kinds = KINDS
        self.makes = MAKES
        self._model = named(env, "LTX_MODEL", MODEL)
        self._account = account(env, "LTX_EMAIL")
        if not self._account:
            raise Misconfigured("Set LTX_EMAIL to the LTX Studio account that UseAPI.net knows.")
        self.terms: Terms = terms(
            env, "LTX", name="ltx-studio", title="LTX Studio", by=DEFAULTS, settling=SETTLING
        )

    def request(self, params: VideoParams) -> tuple[str, Mapping[str, Any]]:
        body: dict[str, Any] = {
            "prompt": params.prompt,
            "model": self._model,
            "duration": f"{params.duration:g}",
            "aspectRatio": params.aspect_ratio,
            **self._account,
        }
        if params.seed is not None:
            body["seed"] = params.seed
        return "/v1/ltxstudio/videos/ltx-create", body

    def begun(self, said: Any) -> str:
        return identifier(at(said, "jobId"))

    def seen(self, name: str, ask: Ask) -> str | Busy:
        said = at(ask(f"/v1/ltxstudio/assets/{name}").said, "status")
        kind, url = at(said, "type"), at(said, "artifact", "assetUrl")
        if kind == "failed":
            raise self._failed(at(said, "message"))
        if kind == "completed" and isinstance(url, str) and url:
            return url
        if kind in {"active", "completed"}:  # which may be said before the URL is there
            return Busy(said=f"the job is {kind}")
        return Busy(said="the answer says nothing of it", failed=True)

    def _failed(self, message: Any) -> Exception:
        why = self.service.told(message or "no reason given")
        if is_withheld(why):
            return Filtered(f"LTX Studio's moderation withheld the video: {why}", (why,))
        return OperationFailed(f"LTX Studio failed to make the video: {why}", code="failed")
