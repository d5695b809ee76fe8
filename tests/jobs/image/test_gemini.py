"""Pictures by Gemini over real HTTP: what it is asked, and every way that one may come or not."""

from __future__ import annotations

import re

import pytest

from common.gemini.asking import limits
from common.gemini.settings import GeminiSettings
from common.limits import Limiter, NoTurn
from common.runs import State
from common.runtime import Context, Interrupted
from jobs.image_generation.gemini.provider import IMAGE, Gemini
from tests.jobs.image.pictures import bomb, encoded, stored
from tests.services import gemini as service
from tests.services.gemini import Answer, blocked, drew, ended, refused, said

# The library warns of words that Google has added since; they are told apart all the same.
pytestmark = pytest.mark.filterwarnings("ignore:.* is not a valid:UserWarning")

PICTURE = encoded(size=(64, 36))
PARAMS = {"prompt": "A cat", "provider": "gemini"}


@pytest.fixture
def ask(ledger, gemini, monkeypatch):
    """Has pictures made, once the answers are scripted; returns the run. Questions are asked one
    after the other, so that each has the answer that was meant for it."""
    monkeypatch.setattr("jobs.image_generation.gemini.provider.Gemini.at_once", 1)

    def ask(*answers, **params):
        gemini.on_ask.extend(answers)
        return ledger.perform("image-generation", {**PARAMS, **params})

    return ask


def again(ledger, run):
    """The next attempt at a run, as if it were due."""
    due = {"due": ledger.documents.now(), "place": "ready"}
    ledger.documents.update("runs", run.id, lambda _: due)
    return ledger.attempt(run.id)


def error_of(run) -> str:
    return run.attempts[-1].error.type


def test_a_picture_comes_with_its_thumbnail_and_what_it_cost(ask, ledger, gemini):
    result = ledger.result(ask(drew(PICTURE), thumbnail=32, seed=7))
    (image,) = result["images"]
    assert stored(ledger, image).getpixel((5, 5)) == (200, 30, 20)
    assert stored(ledger, image["thumbnail"]).size == (32, 18)
    assert (result["provider"], result["model"]) == ("gemini", "gemini-3.1-flash-image")
    assert result["usage"] == {"questions": 1, "input_tokens": 12, "output_tokens": 1_150}
    assert (image["seed"], result["filtered_count"], result["warnings"]) == (7, 0, [])
    assert gemini.keys == {"key-of-the-test"}


def test_the_prompt_alone_is_asked_with_shape_size_and_seed(ask, gemini):
    ask(drew(PICTURE), aspect_ratio="16:9", size="2K", seed=41)
    (asked,) = gemini.questions
    assert asked["contents"] == [{"role": "user", "parts": [{"text": "A cat"}]}]
    config = asked["generationConfig"]
    assert config["responseModalities"] == ["IMAGE"]
    assert config["imageConfig"] == {"aspectRatio": "16:9", "imageSize": "2K"}
    assert config["seed"] == 41
    assert gemini.models == ["gemini-3.1-flash-image"]


def test_each_picture_has_a_seed_of_its_own_where_there_is_one(ask, ledger, gemini):
    result = ledger.result(ask(*[drew(PICTURE)] * 3, count=3, seed=2**31 - 2))
    seeds = [asked["generationConfig"]["seed"] for asked in gemini.questions]
    assert seeds == [image["seed"] for image in result["images"]] == [2**31 - 2, 2**31 - 1, 0]
    ask(drew(PICTURE))
    assert "seed" not in gemini.questions[-1]["generationConfig"]


def test_vertex_makes_them_where_it_is_said_to(ledger, gemini, monkeypatch):
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "p")
    monkeypatch.setenv("GEMINI_IMAGE_MODEL", "gemini-3-pro-image")
    gemini.usual = drew(PICTURE)
    result = ledger.result(ledger.perform("image-generation", PARAMS))
    assert result["model"] == "gemini-3-pro-image"
    assert gemini.tokens == {"Bearer anonymous"}


@pytest.mark.parametrize(
    "answer",
    [
        drew(encoded("JPEG", size=(64, 36), quality=95), mime="image/jpeg"),
        drew(PICTURE, mime="text/html"),
        drew(PICTURE, words="Here is your cat."),
        drew(encoded(size=(8, 8)), PICTURE),
        drew(PICTURE, thoughtSignature="c2lnbmVk"),
    ],
)
def test_the_last_picture_of_an_answer_is_taken_whatever_is_said_of_it(ask, ledger, answer):
    result = ledger.result(ask(answer))
    assert stored(ledger, result["images"][0]).size == (64, 36)
    assert result["images"][0]["content_type"] == "image/png"


LASTING = [
    (blocked("SAFETY", "it is bad"), "Blocked", r"SAFETY.*it is bad"),
    (blocked("PROHIBITED_CONTENT"), "Blocked", "PROHIBITED_CONTENT"),
    (blocked("IMAGE_SAFETY"), "Blocked", "IMAGE_SAFETY"),
    (ended("IMAGE_SAFETY"), "Withheld", "IMAGE_SAFETY"),
    (ended("IMAGE_PROHIBITED_CONTENT"), "Withheld", "IMAGE_PROHIBITED_CONTENT"),
    (ended("IMAGE_RECITATION"), "Withheld", "IMAGE_RECITATION"),
    (said("I would rather not."), "Declined", "I would rather not"),
    (ended("NO_IMAGE", "Which cat?"), "Declined", "Which cat"),
    (refused(404, "no such model"), "ModelRetired", "model_retired.*GEMINI_IMAGE_MODEL"),
    (refused(400, "512 is not a size"), "RequestRefused", "400.*512 is not a size"),
    (refused(403), "NotAllowed", "GEMINI_API_KEY"),
]


@pytest.mark.parametrize(("answer", "error", "why"), LASTING)
def test_what_lasts_is_said_by_its_name_and_asked_once(ask, gemini, answer, error, why):
    run = ask(answer)
    assert (run.state, run.error.type) == (State.FAILED, error)
    assert re.search(why, run.error.message)
    assert len(gemini.questions) == 1


HUGE = Answer(body={"candidates": [{"content": {"parts": [{"inlineData": {"data": "!" * 99}}]}}]})
PASSING = [
    (service.NOTHING, "EmptyAnswer"),
    (ended("NO_IMAGE"), "EmptyAnswer"),
    (ended("STOP"), "EmptyAnswer"),
    (drew(PICTURE, thought=True), "EmptyAnswer"),
    (drew(b""), "EmptyAnswer"),
    (ended("IMAGE_OTHER"), "BadAnswer"),
    (service.GARBAGE, "BadAnswer"),
    (HUGE, "BadAnswer"),
    (drew(b"<html>"), "BadPicture"),
    (drew(PICTURE[:-30]), "BadPicture"),
    (drew(bomb()), "BadPicture"),
    (drew(bomb(9_000, 9_000)), "BadPicture"),
    (service.CUT, "Unreachable"),
    (refused(500), "GeminiFailed"),
]


@pytest.mark.parametrize(("answer", "error"), PASSING)
def test_an_answer_without_a_picture_is_tried_again_later_and_never_succeeds(
    ask, gemini, monkeypatch, answer, error
):
    monkeypatch.setattr("common.gemini.asking._PATIENCE", 0.0)
    run = ask(answer)
    assert (run.state, error_of(run)) == (State.PENDING, error)
    assert len(gemini.questions) == 1


def test_some_of_the_pictures_are_a_result_that_says_so(ask, ledger, gemini):
    answers = drew(PICTURE), ended("IMAGE_SAFETY"), said("No."), drew(PICTURE)
    result = ledger.result(ask(*answers, count=4, seed=5))
    assert [image["seed"] for image in result["images"]] == [5, 8]
    assert (result["asked_count"], result["filtered_count"]) == (4, 2)
    assert re.search("IMAGE_SAFETY", result["warnings"][0])
    assert re.search(r"said: No\.", result["warnings"][1])
    assert len(gemini.questions) == 4


def test_where_none_was_made_it_says_why_of_the_first(ask, gemini):
    run = ask(ended("IMAGE_SAFETY"), blocked(), count=2)
    assert (run.state, run.error.type) == (State.FAILED, "Withheld")
    assert len(gemini.questions) == 2


def test_pictures_that_are_there_are_not_paid_for_again(ask, ledger, gemini, monkeypatch):
    """The second of three fails; the next attempt makes those that are missing."""
    monkeypatch.setattr("common.gemini.asking._PATIENCE", 0.0)
    run = ask(drew(PICTURE), refused(500), count=3, seed=1)
    assert (run.state, error_of(run)) == (State.PENDING, "GeminiFailed")
    assert len(gemini.questions) == 2
    gemini.usual = drew(PICTURE)
    result = ledger.result(again(ledger, run))
    assert [image["seed"] for image in result["images"]] == [1, 2, 3]
    assert result["images"][0]["uri"].endswith(f"{run.id}/1/image-1.png")
    assert result["images"][1]["uri"].endswith(f"{run.id}/2/image-2.png")
    assert result["usage"]["questions"] == 3
    assert len(gemini.questions) == 4
    for image in result["images"]:
        stored(ledger, image)


def test_a_picture_that_came_while_the_run_was_told_to_end_is_kept(
    ask, ledger, gemini, monkeypatch
):
    whole = Gemini.picture

    def told(self, number):
        if number == 1:
            raise Interrupted
        return whole(self, number)

    monkeypatch.setattr(Gemini, "picture", told)
    run = ask(drew(PICTURE), count=3)
    assert run.state is State.PENDING
    assert len(gemini.questions) == 1
    monkeypatch.setattr(Gemini, "picture", whole)
    gemini.usual = drew(PICTURE)
    assert len(ledger.result(again(ledger, run))["images"]) == 3
    assert len(gemini.questions) == 3


@pytest.mark.parametrize("gone", ["image-1.png", "image-1-small.png"])
def test_a_picture_whose_blobs_are_gone_is_made_again(ask, ledger, gemini, monkeypatch, gone):
    monkeypatch.setattr("common.gemini.asking._PATIENCE", 0.0)
    run = ask(drew(PICTURE), refused(500), count=2)
    ledger.blobs.delete([f"runs/{run.id}/1/{gone}"])
    gemini.usual = drew(PICTURE)
    assert len(ledger.result(again(ledger, run))["images"]) == 2
    assert len(gemini.questions) == 4


def test_pictures_of_another_model_are_not_mixed_in(ask, ledger, gemini, monkeypatch):
    monkeypatch.setattr("common.gemini.asking._PATIENCE", 0.0)
    run = ask(drew(PICTURE), refused(500), count=2)
    monkeypatch.setenv("GEMINI_IMAGE_MODEL", "gemini-4-image")
    gemini.usual = drew(PICTURE)
    result = ledger.result(again(ledger, run))
    assert {image["uri"].split("/")[-2] for image in result["images"]} == {"2"}
    assert gemini.models[2:] == ["gemini-4-image"] * 2


def test_several_are_asked_for_at_once_and_stand_in_order(ledger, gemini):
    colours = [encoded(size=(8 + number, 8)) for number in range(4)]
    gemini.on_ask.extend(map(drew, colours))
    result = ledger.result(ledger.perform("image-generation", {**PARAMS, "count": 4, "seed": 9}))
    assert [image["seed"] for image in result["images"]] == [9, 10, 11, 12]
    assert {image["width"] for image in result["images"]} == {8, 9, 10, 11}


def test_what_is_under_way_when_one_fails_is_kept(ledger, gemini, monkeypatch):
    monkeypatch.setattr("common.gemini.asking._PATIENCE", 0.0)
    gemini.on_ask.extend([refused(500), drew(PICTURE), drew(PICTURE), drew(PICTURE)])
    run = ledger.perform("image-generation", {**PARAMS, "count": 4})
    assert (run.state, error_of(run)) == (State.PENDING, "GeminiFailed")
    gemini.usual = drew(PICTURE)
    assert len(ledger.result(again(ledger, run))["images"]) == 4
    assert len(gemini.questions) == 5


def test_a_short_retry_after_is_waited_out_within_the_attempt(ask, ledger, gemini, monkeypatch):
    slept = []
    monkeypatch.setattr(Context, "sleep", lambda _, seconds: slept.append(seconds))
    ledger.result(ask(refused(503, "busy", Retry_After="1"), drew(PICTURE)))
    assert sum(slept) >= 1
    assert len(gemini.questions) == 2


def test_all_containers_hear_of_a_429(ask, ledger, gemini):
    run = ask(refused(429, "quota", Retry_After="600"))
    assert (run.state, error_of(run)) == (State.PENDING, "RateLimited")
    assert (run.due - ledger.documents.now()).total_seconds() > 590
    found = limits(GeminiSettings.load({"GEMINI_API_KEY": "k"}, IMAGE))
    assert found.name == "gemini-image"
    with Limiter(ledger.documents, found) as another, pytest.raises(NoTurn) as raised:
        another.turn(within=1.0)
    assert raised.value.after > 500
    assert len(gemini.questions) == 1


@pytest.mark.parametrize("answer", [service.HANGING, service.DRIPPING])
def test_an_answer_that_does_not_end_is_given_up_in_time(ask, monkeypatch, answer):
    monkeypatch.setenv("GEMINI_IMAGE_TIMEOUT", "1")
    run = ask(answer)
    assert (run.state, error_of(run)) == (State.PENDING, "TooSlow")
    assert "GEMINI_IMAGE_TIMEOUT" in run.attempts[-1].error.message


def test_neither_the_key_nor_a_token_gets_into_errors_or_the_ledger(ask, ledger, capfd):
    run = ask(refused(403, "key=AIzaSyCanaryCanaryCanary Bearer ya29.canary-token is bad"))
    kept = repr(ledger.documents.get("runs", run.id))
    told = "".join(capfd.readouterr())
    for secret in ("key-of-the-test", "AIzaSyCanary", "ya29.canary"):
        assert secret not in kept
        assert secret not in told
