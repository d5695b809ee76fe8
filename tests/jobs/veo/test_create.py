"""Beginning a video: once, or not at all, or nobody knows."""

from __future__ import annotations

import pytest

from common.errors import InvalidInput
from common.runs import Permanent, Retryable
from jobs.video_generation.params import VideoParams
from jobs.video_generation.remote import creation, errors
from tests.jobs.veo.attempts import PARAMS, Killed
from tests.jobs.veo.conftest import STUB
from tests.services.process import free_port
from tests.services.vertex import (
    CUT,
    DRIPPING,
    GARBAGE,
    HANGING,
    NOTHING,
    RESET,
    Answer,
    made,
    refused,
)

REFUSALS = [
    (refused(400, "unsafe prompt"), errors.RequestRefused, "unsafe prompt"),
    (refused(401), errors.NotAllowed, "roles/aiplatform.user"),
    (refused(403), errors.NotAllowed, "roles/aiplatform.user"),
    (refused(404), errors.ModelRetired, "VEO_MODEL"),
    (refused(409), errors.RequestRefused, "409"),
    (refused(429), errors.RateLimited, "quota"),
    (Answer(status=400, body=b"<html>no</html>"), errors.RequestRefused, "<html>no</html>"),
]
UNKNOWN = [
    refused(500),
    refused(503),
    refused(408),
    refused(499),
    Answer(status=502, body=b"\xff<html>"),
    GARBAGE,
    CUT,
    NOTHING,
    RESET,
    Answer(body=[]),
    Answer(body={"name": 7}),
    Answer(body={"name": "not an operation"}),
]


@pytest.mark.parametrize(("answer", "error", "said"), REFUSALS)
def test_each_refusal_has_its_own_error_that_says_what_to_do(vertex, attempts, answer, error, said):
    vertex.on_create.append(answer)
    with pytest.raises(error) as raised:
        attempts.attempt()
    assert said in str(raised.value)


@pytest.mark.parametrize(("answer", "error", "said"), REFUSALS)
def test_after_a_refusal_nothing_is_kept_and_another_attempt_creates(
    vertex, attempts, answer, error, said
):
    vertex.on_create.append(answer)
    with pytest.raises(error, match=r"."):
        attempts.attempt()
    assert attempts.checkpoint == "{}"
    if issubclass(error, Permanent):
        attempts.replay()
    vertex.on_look.append(made(STUB))
    assert attempts.attempt() == STUB, said


@pytest.mark.parametrize("answer", UNKNOWN)
def test_a_create_without_a_clear_answer_is_ambiguous_and_not_repeated(vertex, attempts, answer):
    vertex.on_create.append(answer)
    with pytest.raises(errors.AmbiguousCreate, match=r"billed.*dead-letters replay"):
        attempts.attempt()
    assert attempts.run.state == "failed"
    assert len(vertex.creates) == 1


@pytest.mark.parametrize("answer", [HANGING, DRIPPING])
def test_a_create_that_is_not_answered_in_time_is_ambiguous(vertex, attempts, answer, monkeypatch):
    monkeypatch.setattr(creation, "LIMIT", 0.3)
    vertex.on_create.append(answer)
    with pytest.raises(errors.AmbiguousCreate, match="NoAnswer"):
        attempts.attempt()


def test_a_replay_by_a_person_after_an_ambiguous_create_creates_anew(vertex, attempts):
    vertex.on_create.append(refused(500))
    with pytest.raises(errors.AmbiguousCreate):
        attempts.attempt()
    attempts.replay()
    vertex.on_look.append(made(STUB))
    assert attempts.attempt() == STUB
    assert len(vertex.creates) == 2


def test_a_server_that_cannot_be_reached_is_tried_again(vertex, begin):
    attempts = begin(VEO_BASE_URL=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(errors.Unreachable):
        attempts.attempt()
    assert attempts.checkpoint == "{}"
    assert attempts.run.state == "pending"
    assert vertex.creates == []


@pytest.mark.parametrize(
    ("answer", "after"),
    [
        (refused(429, Retry_After="17"), 17),
        (
            refused(
                429,
                Date="Sun, 22 Nov 2026 12:00:00 GMT",
                Retry_After="Sun, 22 Nov 2026 12:01:30 GMT",
            ),
            90,
        ),
        (
            refused(
                429,
                Retry_After="5",
                details=[
                    {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "42.5s"}
                ],
            ),
            42.5,
        ),
        (refused(429, Retry_After="soon"), None),
        (refused(429, Retry_After="-5"), None),
        (refused(429), None),
    ],
)
def test_a_refusal_for_want_of_quota_says_how_long_to_wait(vertex, attempts, answer, after):
    vertex.on_create.append(answer)
    with pytest.raises(Retryable) as raised:
        attempts.attempt()
    assert raised.value.after == after


def test_no_error_repeats_a_token_that_an_answer_gives_away(vertex, attempts):
    canary = "Authorization: Bearer ya29.canary-token and ya29.canary-token"
    vertex.on_create.append(refused(400, canary))
    with pytest.raises(errors.RequestRefused) as raised:
        attempts.attempt()
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"duration": 5}, "duration must be 4, 6 or 8, not 5"),
        ({"duration": 4.5}, "duration must be 4, 6 or 8, not 4.5"),
        ({"aspect_ratio": "1:1"}, "aspect_ratio must be 16:9 or 9:16, not 1:1"),
        ({"resolution": "480p"}, "resolution must be 720p or 1080p, not 480p"),
    ],
)
def test_what_veo_does_not_make_is_refused_before_anything_is_asked_for(
    vertex, attempts, changed, said
):
    params = VideoParams.model_validate(PARAMS.model_dump() | changed)
    with pytest.raises(InvalidInput, match=said):
        attempts.attempt(params)
    assert vertex.creates == []
    assert attempts.checkpoint is None


def test_what_is_asked_of_vertex_is_what_the_params_say(vertex, attempts):
    vertex.on_look.append(made(STUB))
    params = VideoParams(prompt="Rain", duration=8, aspect_ratio="9:16", resolution="1080p", seed=7)
    attempts.attempt(params)
    assert vertex.creates == [
        {
            "instances": [{"prompt": "Rain"}],
            "parameters": {
                "sampleCount": 1,
                "durationSeconds": 8,
                "aspectRatio": "9:16",
                "resolution": "1080p",
                "seed": 7,
                "generateAudio": True,
            },
        }
    ]
    assert vertex.tokens == {"Bearer anonymous"}


def test_killed_before_the_answer_is_kept_the_next_attempt_says_ambiguous(
    vertex, attempts, monkeypatch
):
    def killed(pending, *_: object) -> str:
        pending.result(20)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(creation, "_answer", killed)
        with pytest.raises(Killed):
            attempts.attempt()
    with pytest.raises(errors.AmbiguousCreate):
        attempts.attempt()
    assert len(vertex.creates) == 1
