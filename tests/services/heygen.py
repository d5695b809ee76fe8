"""A stand-in for HeyGen's API v3, as its OpenAPI document describes the Video Agent:

POST /v3/video-agents → {"data": {"session_id", "status", "created_at", "video_id"}}
GET /v3/video-agents/ID → {"data": {"status", "video_id"}}
GET /v3/videos/ID → {"data": {"id", "status", "video_url", "failure_code", "failure_message"}}
"""

from __future__ import annotations

import re
from typing import Any

from tests.services.standin import Answer, Call, StandIn, misses

KEY = "canary-heygen-key"
CREATE = "/v3/video-agents"
FIELDS: dict[str, Any] = {
    "prompt": lambda it: isinstance(it, str) and 0 < len(it) <= 10_000,
    "mode": ("generate", "chat"),
    "orientation": ("landscape", "portrait"),
    "incognito_mode": bool,
    **dict.fromkeys(("avatar_id", "voice_id", "style_id", "callback_url", "callback_id"), str),
}
LOOK = re.compile(r"/v3/(videos|video-agents)/[A-Za-z0-9_-]+")


class HeyGenApi(StandIn):
    """The agent; `wrong` has what was not asked as documented."""

    has_video = True
    """Whether a create says at once which video it will be; else its session does."""

    def problems(self, call: Call) -> list[str]:
        found = []
        if call.headers.get("x-api-key") != KEY:
            found.append("the key is not that of the header X-Api-Key")
        if call.method == "GET":
            return found if LOOK.fullmatch(call.path) else [*found, f"there is no {call.path}"]
        if call.path != CREATE:
            return [*found, f"there is no {call.path}"]
        if call.headers.get("content-type") != "application/json":
            found.append("the body is not said to be JSON")
        return [*found, *misses(call.body, FIELDS, required=("prompt",))]

    def begun(self, call: Call, number: int) -> Answer:  # noqa: ARG002
        video_id = f"vid_{number}" if self.has_video else None
        session = {"session_id": f"sess_{number}", "status": "generating", "created_at": 1711382400}
        return Answer(body={"data": {**session, "video_id": video_id}})

    def running(self, path: str) -> Answer:
        id = path.rpartition("/")[2]
        if "video-agents" in path:
            return Answer(body={"data": {"session_id": id, "status": "thinking", "video_id": None}})
        return video("processing", id=id)

    def denied(self, status: int, message: str = "no", code: str = "", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        error = {"code": code or f"code_{status}", "message": message, "doc_url": "https://x"}
        return Answer(status=status, body={"error": error}, headers=named)


def video(status: str, **more: Any) -> Answer:
    """A video, as it stands."""
    return Answer(body={"data": {"id": "vid_1", "status": status, "video_url": None, **more}})
