"""The job: what it returns, who makes the pictures, and what follows it, on both stores."""

from __future__ import annotations

import signal
from contextlib import closing
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from common.documents import Create
from common.errors import Misconfigured
from common.runs import State
from common.runtime.jsontext import from_json
from jobs.image_generation import sizes
from jobs.image_generation.params import ImageParams
from jobs.image_generation.providers import choose, needs
from tests.jobs.image.pictures import encoded, stored
from tests.jobs.task import SECONDS, Task
from tests.services.gemini import HANGING, blocked, drew

PARAMS = {"prompt": "Boats 🎉", "size": "512", "aspect_ratio": "21:9", "thumbnail": 64}


@pytest.fixture
def tiny(monkeypatch) -> None:
    """Pictures of few pixels, which are quickly drawn."""
    monkeypatch.setitem(sizes._AT_512, "21:9", (99, 42))


def test_a_creation_is_told_why_there_is_no_picture(each_ledger, gemini):
    gemini.usual = blocked("SAFETY")
    params = {"prompt": "x", "provider": "gemini", "creation_id": "c2"}
    assert each_ledger.perform("image-generation", params).state is State.FAILED
    found = each_ledger.documents.get("creations", "c2").data
    assert (found["status"], found["media_url"]) == ("failed", None)
    assert "SAFETY" in found["reason"]


@pytest.mark.usefixtures("tiny")
def test_a_tenants_pictures_are_kept_at_its_run_and_a_creation_follows(each_ledger):
    ledger = each_ledger
    owned = {"owner": "u1", "status": "new"}
    ledger.documents.commit([Create("creations", "c1", owned)])
    params = {**PARAMS, "count": 2, "creation_id": "c1"}
    run = ledger.perform("image-generation", params, tenant="acme")
    result = ledger.result(run)
    assert {blob.path.split("/")[1] for blob in ledger.blobs.list()} == {run.id}
    assert len([*ledger.blobs.list()]) == 4
    assert [stored(ledger, image).size for image in result["images"]] == [(99, 42)] * 2
    small = stored(ledger, result["images"][0]["thumbnail"])
    assert small.size == (64, 27)
    assert (result["provider"], result["model"], result["usage"]) == ("local", None, None)
    assert result["warnings"] == ["The font draws no 🎉: left out of the words."]
    first, second = result["images"]
    assert second["seed"] == first["seed"] + 1
    assert first["sha256"] != second["sha256"]
    found = ledger.documents.get("creations", "c1").data
    assert (found["status"], found["media_url"]) == ("completed", first["uri"])
    assert found["owner"] == "u1"


@pytest.mark.usefixtures("tiny")
def test_the_same_seed_is_the_same_file_and_one_of_many_can_be_had_alone(ledger):
    many = ledger.result(ledger.perform("image-generation", {**PARAMS, "count": 2, "seed": 8}))
    alone = ledger.result(ledger.perform("image-generation", {**PARAMS, "seed": 9}))
    assert alone["images"][0]["sha256"] == many["images"][1]["sha256"]


def test_the_files_are_of_the_format_that_was_asked_for(ledger):
    params = {**PARAMS, "format": "webp", "prompt": "Boats"}
    (image,) = ledger.result(ledger.perform("image-generation", params))["images"]
    assert image["content_type"] == image["thumbnail"]["content_type"] == "image/webp"
    assert stored(ledger, image).size == (792, 336)
    assert image["uri"].endswith("image-1.webp")


@pytest.mark.parametrize(
    "wrong",
    [
        {"prompt": ""},
        {"prompt": "  "},
        {"prompt": "x" * 2_001},
        {"count": 0},
        {"count": 9},
        {"aspect_ratio": "1:9"},
        {"size": "8K"},
        {"seed": 2**31},
        {"seed": -1},
        {"format": "gif"},
        {"thumbnail": 8},
        {"provider": "dall-e"},
        {"creation_id": "../x"},
        {"output": "gs://elsewhere"},
    ],
)
def test_params_out_of_bounds_are_refused(wrong):
    with pytest.raises(ValidationError):
        ImageParams.model_validate({"prompt": "x", **wrong})


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "local"),
        ({"in_cloud": True}, "gemini"),
        ({"variable": "gemini"}, "gemini"),
        ({"variable": "local", "in_cloud": True}, "local"),
        ({"asked": "local", "variable": "nobody"}, "local"),
        ({"asked": "gemini", "variable": "local"}, "gemini"),
    ],
)
def test_the_provider_is_chosen_by_the_nearest_word(monkeypatch, given, name):
    monkeypatch.setenv("GEMINI_API_KEY", "k")
    monkeypatch.setenv("IMAGE_PROVIDER", given.get("variable", ""))
    run = SimpleNamespace(in_cloud=given.get("in_cloud", False), limiter=lambda _: None)
    with closing(choose(ImageParams(prompt="x", provider=given.get("asked")), run)) as provider:
        assert provider.name == name


@pytest.mark.parametrize(
    ("env", "gemini"),
    [
        ({}, False),
        ({"RUNJOBS_EXECUTOR": "cloud-run"}, True),
        ({"CLOUD_RUN_JOB": "image-generation"}, True),
        ({"CLOUD_RUN_JOB": "image-generation", "IMAGE_PROVIDER": "local"}, False),
        ({"IMAGE_PROVIDER": "gemini"}, True),
    ],
)
def test_what_must_be_installed_is_what_the_provider_needs(env, gemini):
    assert needs(env) == (("PIL (image)", "google.genai (gemini)") if gemini else ("PIL (image)",))


def test_a_provider_that_there_is_not_is_named_with_those_there_are(monkeypatch):
    monkeypatch.setenv("IMAGE_PROVIDER", "nobody")
    with pytest.raises(Misconfigured, match=r"'nobody'.*local or gemini"):
        choose(ImageParams(prompt="x"), SimpleNamespace(in_cloud=False))


def test_killed_after_the_first_picture_it_pays_for_the_others_only(tmp_path, gemini):
    argv = ["image-generation", "--provider", "gemini", "--count", "2", "--prompt", "Cats"]
    env = {
        "GEMINI_API_KEY": "canary-key",
        "GEMINI_BASE_URL": gemini.url,
        "GEMINI_IMAGE_TIMEOUT": "20",
    }
    task = Task(tmp_path, argv, env)
    gemini.on_ask.extend([drew(encoded()), HANGING])
    with task.start() as process:
        try:
            said = next((line for line in process.stdout if "Picture" in line), None)
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=SECONDS)
    assert said is not None
    gemini.wait_for_questions(2)
    gemini.usual = drew(encoded())
    code, output = task.finish()
    assert code == 0, output
    assert len(from_json(task.run.result)["images"]) == 2
    assert len(gemini.questions) == 3
    assert task.left == []
    assert "canary-key" not in output
