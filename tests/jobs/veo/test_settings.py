"""Which settings Veo takes, and what it says of wrong ones."""

from __future__ import annotations

import sys

import pytest

from common.errors import Misconfigured
from jobs.video_generation.veo import Veo
from tests.jobs.veo.conftest import STUB
from tests.services.vertex import made


def test_a_project_is_all_that_must_be_set():
    found = Veo.from_env({"GOOGLE_CLOUD_PROJECT_ID": "p"}).settings
    assert (found.project, found.location) == ("p", "us-central1")
    assert (found.model, found.max_wait) == ("veo-3.1-fast-generate-001", 900)
    assert found.base_url is None
    assert (found.per_minute, found.concurrent, found.looks_per_minute) == (50, 10, 600)
    assert not found.access.anonymous


def test_the_location_is_veos_own_or_else_that_of_the_jobs():
    env = {"GOOGLE_CLOUD_PROJECT": "p", "CLOUD_RUN_REGION": "europe-west1"}
    assert Veo.from_env(env).settings.location == "europe-west1"
    assert Veo.from_env(env | {"VEO_LOCATION": "us-east4"}).settings.location == "us-east4"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GOOGLE_CLOUD_PROJECT", ""),
        ("VEO_MODEL", "../../x"),
        ("VEO_MODEL", "a?b"),
        ("VEO_LOCATION", "us central"),
        ("VEO_BASE_URL", "http://example.com"),
        ("VEO_BASE_URL", "localhost:80"),
        ("VEO_BASE_URL", "http://[::1"),
        ("VEO_MAX_WAIT", "soon"),
        ("VEO_MAX_WAIT", "0"),
        ("VEO_MAX_WAIT", "nan"),
        ("VEO_MAX_WAIT", "inf"),
        ("VEO_PER_MINUTE", "0"),
        ("VEO_PER_MINUTE", "many"),
        ("VEO_CONCURRENT", "-1"),
        ("VEO_LOOKS_PER_MINUTE", "1.5"),
    ],
)
def test_a_setting_that_cannot_be_is_named(variable, value):
    with pytest.raises(Misconfigured, match=variable):
        Veo.from_env({"GOOGLE_CLOUD_PROJECT": "p", variable: value})


def test_a_missing_package_is_named_before_anything_is_asked_for(vertex, attempts, monkeypatch):
    monkeypatch.setitem(sys.modules, "google.genai", None)
    with pytest.raises(Misconfigured, match=r"pip install 'runjobs\[veo\]'"):
        attempts.attempt()
    assert vertex.creates == []
    assert attempts.checkpoint is None


def test_the_model_and_place_of_the_settings_are_asked(vertex, begin):
    vertex.on_look.append(made(STUB))
    begin(VEO_MODEL="veo-9", VEO_LOCATION="mars-north1").attempt()
    model = "projects/p/locations/mars-north1/publishers/google/models/veo-9"
    assert vertex.looks == [f"{model}/operations/1"]


@pytest.mark.parametrize("retryable", [True, False])
def test_credentials_that_give_no_token_begin_nothing(vertex, attempts, monkeypatch, retryable):
    from google.auth.exceptions import RefreshError

    from common.genai import client
    from jobs.video_generation.remote.errors import NotAllowed, Unreachable

    class Tokenless:
        expired, token, quota_project_id = True, None, None

        def refresh(self, _request):
            raise RefreshError("canary", retryable=retryable)

    monkeypatch.setattr(client, "_token", Tokenless)
    with pytest.raises(Unreachable if retryable else NotAllowed) as raised:
        attempts.attempt()
    assert "canary" not in str(raised.value)
    assert attempts.checkpoint == "{}"
    assert vertex.creates == []
