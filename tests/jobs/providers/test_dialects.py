"""What is particular to one provider."""

from __future__ import annotations

from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import Misconfigured
from jobs.video_generation.makes import Makes
from jobs.video_generation.params import VideoParams
from jobs.video_generation.providers import PROVIDERS
from jobs.video_generation.remote import errors
from jobs.video_generation.remote.seam import Busy
from jobs.video_generation.remote.service import Reply
from jobs.video_generation.useapi.pixverse import PixVerse
from tests.jobs.providers.attempts import ProviderAttempts
from tests.jobs.providers.cases import CASES, HEYGEN, LTX, PIXVERSE
from tests.jobs.providers.conftest import FILM
from tests.services import heygen, useapi
from tests.services.heygen import HeyGenApi
from tests.services.standin import Answer
from tests.services.useapi import UseApi

WORDS = ["COMPLETED", "FAILED", "completed", "failed", "processing", "http://127.0.0.1/v"]
NAMES = [
    *("video_status", "video_status_name", "video_status_final", "url", "error"),
    *("status", "type", "artifact", "assetUrl", "message"),
    *("data", "video_id", "video_url", "failure_code", "failure_message"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 11) | st.sampled_from(WORDS) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("case", CASES, ids=str)
@given(said=JSON, name=st.sampled_from(["video:1", "session:1", "1"]))
@settings(max_examples=60, deadline=None)
def test_whatever_json_comes_it_is_a_url_or_under_way_or_a_typed_end(case, said, name):
    dialect = PROVIDERS[case.name].open(case.env).dialect
    reply = Reply(status=200, said=said, message="", after=None)
    ends = tuple(getattr(errors, name) for name in errors.__all__ if name != "OVER")
    with suppress(*ends):
        found = dialect.seen(name, lambda _: reply)
        assert isinstance(found, Busy) or (isinstance(found, str) and found)
    assert isinstance(dialect.begun(said), str)


@pytest.mark.parametrize("name", ["pixverse", "veo"])
@pytest.mark.parametrize("duration", [4.9999999, 8.0000001])
def test_a_duration_that_only_looks_like_one_of_its_own_is_none(name, duration):
    makes = PROVIDERS[name].open({**PIXVERSE.env, "GOOGLE_CLOUD_PROJECT": "p"}).makes
    params = VideoParams(prompt="x", duration=duration)
    assert [problem for problem in makes.problems(params) if f"not {duration}" in problem]


def test_however_much_a_provider_says_it_is_told_at_once_and_in_short():
    service = PROVIDERS["pixverse"].open(PIXVERSE.env).dialect.service
    began = process_time()
    said = service.told(f"{'x' * 30_000}@ {PIXVERSE.secret}")
    assert process_time() - began < 1
    assert len(said) <= 500


@pytest.mark.parametrize(
    ("seed", "sent"), [(0, 2**31 - 1), (1, 1), (2**31 - 1, 2**31 - 1), (2**32 - 1, 1)]
)
def test_any_seed_is_one_that_pixverse_takes(seed, sent):
    params = VideoParams(prompt="x", seed=seed, duration=5)
    assert PixVerse(PIXVERSE.env).request(params)[1]["seed"] == sent


def test_an_older_model_of_pixverse_is_asked_for_where_it_is_and_makes_less(tmp_path, time):
    with UseApi(FILM) as api:
        env = {**PIXVERSE.environment(api), "PIXVERSE_MODEL": "v3.5", "PIXVERSE_EMAIL": "a@b.c"}
        attempts = ProviderAttempts(tmp_path, PIXVERSE.params, env, time=time)
        api.on_look.append(PIXVERSE.made(api.video))
        assert attempts.attempt() == FILM
        attempts.close()
    assert api.wrong == []
    assert api.creates[0]["model"] == "v3.5"
    assert api.creates[0]["email"] == "a@b.c"
    assert attempts.veo.makes.durations == (5, 8)


def test_what_was_begun_is_waited_for_also_by_a_model_that_would_not_make_it(tmp_path, time):
    with UseApi(FILM) as api:
        env = PIXVERSE.environment(api)
        params = PIXVERSE.params.model_copy(update={"duration": 7})
        attempts = ProviderAttempts(tmp_path, params, env, time=time, timeout=100)
        with pytest.raises(errors.StillRunning):
            attempts.attempt()
        attempts.veo = PROVIDERS["pixverse"].open({**env, "PIXVERSE_MODEL": "v3.5"})
        api.on_look.append(PIXVERSE.made(api.video))
        assert attempts.attempt() == FILM
        attempts.close()
    assert len(api.creates) == 1


def test_a_session_of_heygen_leads_to_its_video(tmp_path, time):
    with HeyGenApi(FILM) as api:
        api.has_video = False
        attempts = ProviderAttempts(tmp_path, HEYGEN.params, HEYGEN.environment(api), time=time)
        session = Answer(body={"data": {"status": "generating", "video_id": "vid_7"}})
        api.on_look += [
            *(Answer(body={"data": {"status": status}}) for status in ("thinking", "reviewing")),
            *(session, heygen.video("processing"), session),
            HEYGEN.made(api.video),
        ]
        assert attempts.attempt() == FILM
        attempts.close()
    assert api.looks == [
        *("/v3/video-agents/sess_1",) * 3,
        "/v3/videos/vid_7",
        "/v3/video-agents/sess_1",
        "/v3/videos/vid_7",
    ]


def test_a_session_of_heygen_that_failed_is_over(tmp_path, time):
    with HeyGenApi(FILM) as api:
        api.has_video = False
        attempts = ProviderAttempts(tmp_path, HEYGEN.params, HEYGEN.environment(api), time=time)
        api.on_look.append(Answer(body={"data": {"status": "failed"}}))
        with pytest.raises(errors.OperationFailed):
            attempts.attempt()
        attempts.close()


@pytest.mark.parametrize(
    ("case", "changed", "said"),
    [
        (PIXVERSE, {"USEAPI_TOKEN": ""}, "USEAPI_TOKEN"),
        (PIXVERSE, {"USEAPI_TOKEN": "a\nb"}, "USEAPI_TOKEN"),
        (PIXVERSE, {"USEAPI_BASE_URL": "http://example.com"}, "USEAPI_BASE_URL"),
        (PIXVERSE, {"PIXVERSE_MODEL": "v9"}, "PIXVERSE_MODEL.*v6, v3.5"),
        (PIXVERSE, {"PIXVERSE_EMAIL": "me"}, "PIXVERSE_EMAIL"),
        (PIXVERSE, {"PIXVERSE_CONCURRENT": "0"}, "PIXVERSE_CONCURRENT"),
        (PIXVERSE, {"PIXVERSE_MAX_WAIT": "nan"}, "PIXVERSE_MAX_WAIT"),
        (LTX, {"LTX_EMAIL": ""}, "LTX_EMAIL"),
        (LTX, {"LTX_MODEL": "../x"}, "LTX_MODEL"),
        (LTX, {"LTX_LOOKS_PER_MINUTE": "x"}, "LTX_LOOKS_PER_MINUTE"),
        (HEYGEN, {"HEYGEN_API_KEY": ""}, "HEYGEN_API_KEY"),
        (HEYGEN, {"HEYGEN_BASE_URL": "ftp://x"}, "HEYGEN_BASE_URL"),
        (HEYGEN, {"HEYGEN_PER_MINUTE": "-1"}, "HEYGEN_PER_MINUTE"),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_no_secret_is_told(case, changed, said):
    with pytest.raises(Misconfigured, match=said) as raised:
        PROVIDERS[case.name].open({**case.env, **changed})
    assert case.secret not in str(raised.value)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_it_says_that_it_makes_its_documentation_takes(case):
    """Each duration, shape and resolution, asked of the stand-in that knows the documentation."""
    provider = PROVIDERS[case.name].open(case.env)
    makes: Makes = provider.makes
    with case.api() as api:
        for index in range(max(map(len, (makes.durations, makes.aspect_ratios, makes.costs)))):
            params = VideoParams(
                prompt="x",
                duration=makes.durations[index % len(makes.durations)],
                aspect_ratio=makes.aspect_ratios[index % len(makes.aspect_ratios)],
                resolution=makes.resolutions[index % len(makes.resolutions)],
            )
            assert makes.problems(params) == []
            _, body = provider.dialect.request(params)
            path = provider.dialect.request(params)[0]
            dialect = PROVIDERS[case.name].open(case.environment(api)).dialect
            assert dialect.service.ask(path, json=body, seconds=10).status in {200, 201}
    assert api.wrong == []


def test_the_stand_ins_refuse_what_is_not_documented():
    with UseApi() as api:
        dialect = PixVerse(PIXVERSE.environment(api))
        path, body = dialect.request(PIXVERSE.params)
        for changed in ({"quality": "480p"}, {"duration": "5"}, {"seed": 0}, {"size": 1}):
            with pytest.raises(Exception, match="400"):
                dialect.service.ask(path, json={**body, **changed}, seconds=10)
        assert len(api.wrong) == 4
        assert api.creates == []
    assert useapi.TOKEN not in str(api.wrong)
