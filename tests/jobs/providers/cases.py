"""The providers that are asked by plain HTTP, each with what it says in the same situations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jobs.video_generation.params import VideoParams
from jobs.video_generation.remote import errors
from tests.services import heygen, useapi
from tests.services.heygen import HeyGenApi
from tests.services.standin import Answer, StandIn
from tests.services.useapi import UseApi


@dataclass(frozen=True, kw_only=True)
class Case:
    """One provider."""

    name: str
    api: type[StandIn]
    env: dict[str, str]
    """Without the stand-in's place."""
    place: str
    """The variable of its place."""
    secret: str
    prefix: str
    made: Callable[[str], Answer]
    """A look that finds the video at a URL."""
    body: dict[str, Any]
    """What is asked for such a video as `params`."""
    ends: tuple[tuple[Answer, type[Exception]], ...]
    """Looks that find it ended without a video."""
    busy: tuple[Answer, ...]
    """Looks that find it under way."""
    refusals: dict[int | str, type[Exception]]
    """What further refusals mean; a word is the `code` of an error with status 400."""
    cannot: dict[str, Any] = field(default_factory=lambda: {"resolution": "480p"})
    """What it does not make."""

    @property
    def params(self) -> VideoParams:
        return VideoParams(
            prompt="A cat on a bicycle",
            duration=5,
            aspect_ratio="9:16",
            provider=self.name,
            seed=7,
        )

    def environment(self, api: StandIn) -> dict[str, str]:
        return {**self.env, self.place: api.url}

    def __str__(self) -> str:
        return self.name


PIXVERSE = Case(
    name="pixverse",
    api=UseApi,
    env={"USEAPI_TOKEN": useapi.TOKEN},
    place="USEAPI_BASE_URL",
    secret=useapi.TOKEN,
    prefix="PIXVERSE",
    made=lambda url: useapi.video(1, "COMPLETED", url=url),
    body={
        "model": "v6",
        "prompt": "A cat on a bicycle",
        "duration": 5,
        "quality": "720p",
        "aspect_ratio": "9:16",
        "audio": True,
        "seed": 7,
    },
    ends=(
        (useapi.video(7, "MODERATED"), errors.Filtered),
        (Answer(body={"video_status": 7}), errors.Filtered),
        (useapi.video(8, "FAILED"), errors.OperationFailed),
        (useapi.video(6, "DELETED"), errors.OperationGone),
        (useapi.video(99, "ABANDONED"), errors.EmptyResult),
    ),
    busy=(
        Answer(status=404, body={"error": "Not Found", "code": 404}),
        Answer(status=404, body=b"Not Found"),
        useapi.video(10, "GENERATING", final=False, url="https://media.example.com/early.mp4"),
        useapi.video(5, "QUEUED"),
        useapi.video(1, "COMPLETED", url=""),
        Answer(body={"video_status": 10}),
    ),
    refusals={412: errors.NoCredits, 422: errors.Filtered, 596: errors.NotAllowed},
)
LTX = Case(
    name="ltx-studio",
    api=UseApi,
    env={"USEAPI_TOKEN": useapi.TOKEN, "LTX_EMAIL": useapi.EMAIL},
    place="USEAPI_BASE_URL",
    secret=useapi.TOKEN,
    prefix="LTX",
    made=lambda url: useapi.job("completed", progress=100, artifact=useapi.artifact(url)),
    body={
        "prompt": "A cat on a bicycle",
        "model": "ltxv-turbo",
        "duration": "5",
        "aspectRatio": "9:16",
        "email": useapi.EMAIL,
        "seed": 7,
    },
    ends=(
        (useapi.job("failed", message="Prompt was moderated"), errors.Filtered),
        (useapi.job("failed", message="worker died"), errors.OperationFailed),
        (useapi.job("failed"), errors.OperationFailed),
    ),
    busy=(useapi.job("active", progress=40), useapi.job("completed", progress=100)),
    refusals={412: errors.NoCredits, 422: errors.Filtered, 596: errors.NotAllowed},
)
HEYGEN = Case(
    name="heygen",
    api=HeyGenApi,
    env={"HEYGEN_API_KEY": heygen.KEY},
    place="HEYGEN_BASE_URL",
    secret=heygen.KEY,
    prefix="HEYGEN",
    made=lambda url: heygen.video("completed", video_url=url, duration=5.0),
    body={
        "prompt": "A cat on a bicycle\n\nMake it 5 seconds long.",
        "mode": "generate",
        "orientation": "portrait",
        "incognito_mode": True,
    },
    ends=(
        (heygen.video("failed", failure_code="content_policy_violation"), errors.Filtered),
        (heygen.video("failed", failure_code="internal_error"), errors.OperationFailed),
        (heygen.video("failed"), errors.OperationFailed),
        (heygen.video("failed", failure_code="tts_text_invalid"), errors.OperationRejected),
    ),
    busy=(
        heygen.video("pending"),
        heygen.video("processing"),
        heygen.video("completed"),
        heygen.video("waiting"),
    ),
    refusals={
        "insufficient_credit": errors.NoCredits,
        "quota_exceeded": errors.NoCredits,
        "content_policy_violation": errors.Filtered,
        "invalid_parameter": errors.RequestRefused,
        "request_in_progress": errors.RateLimited,
    },
    cannot={"aspect_ratio": "1:1"},
)
CASES = (PIXVERSE, LTX, HEYGEN)
