"""What is told of providers, and what deploying gives them."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from common.cli import cli
from common.documents import open_documents
from common.errors import Misconfigured
from common.limits import Limiter
from common.runtime.discover import find_job
from common.settings import Settings
from jobs.video_generation.offers import offers
from jobs.video_generation.providers import PROVIDERS
from jobs.video_generation.remote.errors import RateLimited
from jobs.video_generation.remote.turns import operations
from tests.jobs.providers.cases import HEYGEN, PIXVERSE

VIDEO = ("run", "video-generation")


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUNJOBS_HOME", str(tmp_path / "home"))

    def run(*arguments: str, **env: str):
        done = CliRunner().invoke(cli, arguments, env={"COLUMNS": "200", **env})
        assert done.exception is None, done.output
        return done

    return run


def refused(name: str, env: dict[str, str]) -> None:
    """A call that a provider refused as one too many, and one that it answered."""
    documents = open_documents(Settings.load().documents)
    terms = PROVIDERS[name].open(env).terms
    with Limiter(documents, operations(terms)) as limiter:
        limiter.call(lambda: None)
        with pytest.raises(RateLimited), limiter.turn():
            raise RateLimited("full")
    documents.close()


def test_each_provider_is_listed_with_its_price_its_limits_and_how_they_were_felt(call):
    call("providers")
    refused("pixverse", PIXVERSE.env)
    env = {**PIXVERSE.env, "VIDEO_COSTS": "heygen=0.5", "PIXVERSE_CONCURRENT": "4"}
    found = {each["name"]: each for each in json.loads(call("providers", "--json", **env).stdout)}
    assert list(found) == ["local", "veo", "pixverse", "ltx-studio", "heygen"]
    assert [name for name, each in found.items() if each["configured"]] == ["local", "pixverse"]
    assert found["heygen"]["missing"] == "set HEYGEN_API_KEY"
    assert found["heygen"]["costs"] == {"720p": 0.5, "1080p": 0.5}
    pixverse, looks = found["pixverse"]["limits"]
    assert (pixverse["calls"], pixverse["throttled"], pixverse["max_concurrent"]) == (2, 1, 4)
    assert pixverse["efficiency"] == pixverse["share"] == 0.5
    assert looks["name"] == "pixverse-looks"
    table = call("providers", **env).stdout.splitlines()
    offered, felt = (line for line in table if re.match("pixverse  ", line))
    assert offered.split()[-6:] == ["0.016", "360p,", "0.028", "720p,", "0.056", "1080p"]
    assert felt.split()[1:9] == ["20", "4", "2", "0", "1", "0", "50%", "50%"]
    assert "heygen cannot be asked: set HEYGEN_API_KEY." in table


def test_with_nobody_to_choose_among_it_is_told_that_only_words_are_drawn(call):
    small = ("--duration", "1", "--resolution", "360p", "--prompt", "A cat")
    assert "draws no more than the words" in call(*VIDEO, *small, "--provider", "auto").output
    assert "draws no more than the words" not in call(*VIDEO, *small).output


def test_it_fits_into_80_columns(call):
    lines = call("providers", COLUMNS="80").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert not [line for line in lines if "…" in line]
    assert "PROVIDER    CALLS  WAITED  REFUSED  FAILED  RATE  EFFICIENCY  ANSWER" in lines


def test_a_setting_that_cannot_be_is_told_of_and_no_secret_is(call):
    env = {**PIXVERSE.env, **HEYGEN.env, "PIXVERSE_MODEL": "v9"}
    said = call("providers", **env).output
    told = "pixverse cannot be asked: PIXVERSE_MODEL='v9' is not one of v6, v3.5."
    assert told in said.splitlines()
    line = next(line for line in said.splitlines() if line.startswith("pixverse "))
    assert set(line.split()[1:]) == {"-"}  # rather than that it makes anything
    assert PIXVERSE.secret not in said
    assert HEYGEN.secret not in said


@pytest.mark.parametrize(
    "name", ["VIDEO_PROVIDER", "VIDEO_PROVIDERS", "VIDEO_COSTS", "VIDEO_PATIENCE"]
)
def test_a_setting_that_holds_for_all_of_them_is_an_error(name):
    with pytest.raises(Misconfigured, match=rf"{name}\b.*sora"):
        list(offers({name: "sora"}))


def test_a_deployment_has_those_of_the_optional_secrets_that_there_are(call):
    env = {"GOOGLE_CLOUD_PROJECT": "acme", "GCS_BUCKET_NAME": "b"}
    without = call("deploy", "--print-iam", "--secrets", "X", **env)
    assert "USEAPI_TOKEN" not in without.output
    assert "video-generation" not in without.stderr
    given = call("deploy", "--print-iam", "--secrets", "USEAPI_TOKEN", **env).output
    assert "gcloud secrets add-iam-policy-binding USEAPI_TOKEN" in given
    assert "HEYGEN_API_KEY" not in given


def test_a_deployment_has_the_key_of_gemini_wherever_it_may_be_asked(call):
    env = {"GOOGLE_CLOUD_PROJECT": "acme", "GCS_BUCKET_NAME": "b"}
    without = call("deploy", "--print-iam", "--secrets", "X", **env)
    given = call("deploy", "--print-iam", "--secrets", "GEMINI_API_KEY", **env)
    assert "GEMINI_API_KEY" not in without.output
    assert "add-iam-policy-binding GEMINI_API_KEY" in given.output
    for job in ("extraction", "image-generation", "analysis", "monitor-check"):
        assert find_job(job).optional_secrets[0] == "GEMINI_API_KEY"
        assert job not in without.stderr
