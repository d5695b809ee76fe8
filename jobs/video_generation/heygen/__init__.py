"""Videos by HeyGen's Video Agent: a presenter, or scenes, that an agent makes of a prompt.

https://developers.heygen.com/reference/create-video-agent-session
https://developers.heygen.com/reference/get-video
https://developers.heygen.com/docs/error-codes, …/usage-limits, …/pricing
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from common.errors import Misconfigured
from common.genai.settings import base_url
from jobs.video_generation.heygen.outcomes import failure
from jobs.video_generation.makes import Makes
from jobs.video_generation.remote.answers import COMMON, Kinds
from jobs.video_generation.remote.errors import (
    Filtered,
    NoCredits,
    OperationFailed,
    RateLimited,
)
from jobs.video_generation.remote.hosted import identifier
from jobs.video_generation.remote.seam import Busy, Terms
from jobs.video_generation.remote.service import Service, at
from jobs.video_generation.remote.settings import Defaults, terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobs.video_generation.params import VideoParams
    from jobs.video_generation.remote.hosted import Ask

__all__ = ["HeyGen"]

SECRET = "HEYGEN_API_KEY"  # noqa: S105 - the variable's name
BASE_URL = "https://api.heygen.com"
# Ten jobs at once is what its limits say of paying as one goes; it renders for minutes.
DEFAULTS = Defaults(max_wait=1800, per_minute=30, concurrent=10, looks_per_minute=120)
SETTLING = 60.0
ORIENTATIONS = {"16:9": "landscape", "9:16": "portrait"}
MAKES = Makes(
    title="HeyGen",
    durations=tuple(range(5, 61)),
    aspect_ratios=tuple(ORIENTATIONS),
    # 720p and 1080p are of one price, and the agent's to choose.
    costs={"720p": 0.0333, "1080p": 0.0333},
)
KINDS: Kinds = {
    **COMMON,
    "insufficient_credit": NoCredits,
    "quota_exceeded": NoCredits,
    "trial_limit_exceeded": NoCredits,
    "subscription_required": NoCredits,
    "plan_upgrade_required": NoCredits,
    "content_policy_violation": Filtered,
    "request_in_progress": RateLimited,
}
_KEY = re.compile(r"[\x21-\x7e]{1,500}")
VIDEO, SESSION = "video:", "session:"
"""What an operation's name begins with: a session may not know its video at once."""


class HeyGen:
    """HeyGen, as the owner of a key."""

    def __init__(self, env: Mapping[str, str]) -> None:
        """As the variables say. Raises Misconfigured."""
        key = env.get(SECRET) or ""
        if not _KEY.fullmatch(key):
            raise Misconfigured(f"Set {SECRET} to an API key of HeyGen.")
        place = base_url(env, "HEYGEN_BASE_URL") or BASE_URL
        self.service = Service(place, headers={"X-Api-Key": key}, secret=key)
        self.kinds = KINDS
        self.makes = MAKES
        self.terms: Terms = terms(
            env, "HEYGEN", name="heygen", title="HeyGen", by=DEFAULTS, settling=SETTLING
        )

    def request(self, params: VideoParams) -> tuple[str, Mapping[str, Any]]:
        # The agent has no param for it: it goes by what the prompt says.
        prompt = f"{params.prompt}\n\nMake it {params.duration:g} seconds long."
        orientation = ORIENTATIONS[params.aspect_ratio]
        body = {"prompt": prompt, "mode": "generate", "orientation": orientation}
        # What one run's prompt says is not to be remembered in another's, perhaps a stranger's.
        return "/v3/video-agents", {**body, "incognito_mode": True}

    def begun(self, said: Any) -> str:
        if video := identifier(at(said, "data", "video_id")):
            return f"{VIDEO}{video}"
        session = identifier(at(said, "data", "session_id"))
        return f"{SESSION}{session}" if session else ""

    def seen(self, name: str, ask: Ask) -> str | Busy:
        kind, _, id = name.partition(":")
        if f"{kind}:" == VIDEO:
            return self._video(id, ask)
        said = at(ask(f"/v3/video-agents/{id}").said, "data")
        if video := identifier(at(said, "video_id")):
            return self._video(video, ask)
        if at(said, "status") == "failed":
            raise OperationFailed("HeyGen's agent gave up before it made a video.", code="failed")
        return self._busy(said)

    def _video(self, id: str, ask: Ask) -> str | Busy:
        said = at(ask(f"/v3/videos/{id}").said, "data")
        status, url = at(said, "status"), at(said, "video_url")
        if status == "failed":
            raise failure(said, self.service.told)
        if status == "completed" and isinstance(url, str) and url:
            return url
        return self._busy(said)

    def _busy(self, said: Any) -> Busy:
        status = at(said, "status")
        if isinstance(status, str):
            return Busy(said=self.service.told(f"it is {status}"))
        return Busy(said="the answer says nothing of it", failed=True)
