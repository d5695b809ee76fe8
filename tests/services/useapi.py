"""A stand-in for UseAPI.net, as its pages describe PixVerse (v2) and LTX Studio (v1):

POST /v2/pixverse/videos/create, …/create-v3 → {"video_id"}; GET /v2/pixverse/videos/ID → 404 while
it is being made, then the video with video_status 1 and url
POST /v1/ltxstudio/videos/ltx-create → {"jobId"}; GET /v1/ltxstudio/assets/ID → {"status": {"type",
"artifact": {"assetUrl"}}}
"""

from __future__ import annotations

import re
from typing import Any

from tests.services.standin import Answer, Call, StandIn, misses

TOKEN = "user:1234-canary-useapi-token"  # noqa: S105
EMAIL = "owner@example.com"

_TEXT = lambda most: lambda it: isinstance(it, str) and 0 < len(it) <= most  # noqa: E731
_PIXVERSE = {
    "email": str,
    "prompt": _TEXT(2048),
    "quality": ("360p", "540p", "720p", "1080p"),
    "aspect_ratio": ("16:9", "9:16", "1:1", "4:3", "3:4"),
    "seed": lambda it: type(it) is int and 1 <= it <= 2147483647,
}
CREATES: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "/v2/pixverse/videos/create": (
        {**_PIXVERSE, "model": ("v6",), "duration": range(1, 16), "audio": bool},
        ("prompt", "aspect_ratio"),
    ),
    "/v2/pixverse/videos/create-v3": (
        {**_PIXVERSE, "model": ("v3.5", "v3"), "duration": (5, 8)},
        ("prompt",),
    ),
    "/v1/ltxstudio/videos/ltx-create": (
        {
            "email": str,
            "prompt": _TEXT(2000),
            "model": ("ltxv", "ltxv-turbo"),
            "duration": ("3", "5", "7", "9", "15", "30"),
            "aspectRatio": ("16:9", "9:16", "1:1"),
            "seed": int,
        },
        ("prompt",),
    ),
}
LOOK = re.compile(r"/(v2/pixverse/videos|v1/ltxstudio/assets)/[^/?#%]+")


class UseApi(StandIn):
    """Both services; `wrong` has what was not asked as documented."""

    def problems(self, call: Call) -> list[str]:
        found = []
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            found.append("the token is not that of the header Authorization: Bearer")
        if call.method == "GET":
            return found if LOOK.fullmatch(call.path) else [*found, f"there is no {call.path}"]
        if call.path not in CREATES:
            return [*found, f"there is no {call.path}"]
        if call.headers.get("content-type") != "application/json":
            found.append("the body is not said to be JSON")
        fields, required = CREATES[call.path]
        return [*found, *misses(call.body, fields, required=required)]

    def begun(self, call: Call, number: int) -> Answer:
        if "pixverse" in call.path:
            return Answer(body={"video_id": f"user:1234-pixverse:{EMAIL}-video:{number}"})
        return Answer(body={"jobId": f"email:{EMAIL}:{number}-type:video"}, status=201)

    def running(self, path: str) -> Answer:
        if "pixverse" in path:
            return self.denied(404, "Not Found")
        return Answer(body={"status": {"type": "active", "progress": 10}})

    def denied(self, status: int, message: str = "no", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Answer(status=status, body={"error": message, "code": status}, headers=named)


def video(status: int, name: str, *, final: bool = True, **more: Any) -> Answer:
    """A video of PixVerse, with what matters of its fields."""
    said = {"video_status": status, "video_status_name": name, "video_status_final": final}
    return Answer(body={"video_id": "1", **said, "output_width": 1280, **more})


def job(kind: str, **more: Any) -> Answer:
    """A job of LTX Studio."""
    return Answer(body={"status": {"type": kind, **more}, "jobId": "1"})


def artifact(url: str) -> dict[str, Any]:
    """What a job of LTX Studio that is completed has."""
    asset = {"type": "artifact", "mimeType": "video/mp4", "artifactSubtype": "model-serving"}
    return {"assetUrl": url, "expirationDateString": "1748919477350", "asset": asset}
