"""Who is asked, in which order, and when the next one is."""

from __future__ import annotations

import itertools
from contextlib import suppress

import pytest

from common.errors import InvalidInput, Misconfigured, RunjobsError
from common.limits import Limiter
from jobs.video_generation import choice
from jobs.video_generation.making import AllBusy, NobodyMadeIt
from jobs.video_generation.params import VideoParams
from jobs.video_generation.providers import PROVIDERS
from jobs.video_generation.remote import errors, kept
from jobs.video_generation.remote.turns import operations
from tests.jobs.providers.cases import HEYGEN, LTX, PIXVERSE
from tests.jobs.providers.conftest import FILM
from tests.jobs.providers.test_crashes import Knife, to_the_end
from tests.jobs.veo.attempts import Killed
from tests.services.heygen import HeyGenApi
from tests.services.process import free_port
from tests.services.standin import RESET, Answer
from tests.services.useapi import UseApi

PARAMS = VideoParams(prompt="A cat", duration=5, provider="auto")
CLOUD = {"GOOGLE_CLOUD_PROJECT": "p"}
ALL = {**CLOUD, **LTX.env, **HEYGEN.env}


@pytest.fixture
def useapi(monkeypatch):
    """PixVerse, set up."""
    with UseApi(FILM) as running:
        for name, value in PIXVERSE.environment(running).items():
            monkeypatch.setenv(name, value)
        running.always = PIXVERSE.made(running.video)
        yield running
    assert running.wrong == []


@pytest.fixture
def heygen(monkeypatch):
    """HeyGen, set up; dearer than PixVerse."""
    with HeyGenApi(FILM) as running:
        for name, value in HEYGEN.environment(running).items():
            monkeypatch.setenv(name, value)
        running.always = HEYGEN.made(running.video)
        yield running
    assert running.wrong == []


def left(attempts) -> list[tuple[str, str]]:
    return [(each.provider, each.error) for each in attempts.made.tried]


# --- who is asked


@pytest.mark.parametrize(
    ("asked", "env", "names"),
    [
        ({}, ALL, ["pixverse", "heygen", "ltx-studio"]),
        ({}, PIXVERSE.env | HEYGEN.env, ["pixverse", "heygen"]),
        ({"resolution": "1080p", "duration": 6}, ALL, ["heygen", "pixverse", "veo"]),
        ({"duration": 30}, ALL, ["heygen", "ltx-studio"]),
        ({"duration": 60.0}, ALL, ["heygen"]),
        ({"duration": 3}, ALL, ["pixverse", "ltx-studio"]),
        ({"resolution": "480p"}, ALL, ["veo", "pixverse", "ltx-studio", "heygen"]),
        (
            {},
            ALL | {"VIDEO_COSTS": "heygen=0, pixverse=0.01"},
            ["heygen", "pixverse", "ltx-studio"],
        ),
        ({}, ALL | {"LTX_MODEL": "../x"}, ["pixverse", "heygen", "ltx-studio"]),
        ({}, ALL | {"VIDEO_PROVIDERS": "heygen, local,heygen"}, ["heygen", "local"]),
        ({}, CLOUD, ["veo"]),
        ({}, {}, ["local"]),
        ({"provider": "veo"}, ALL | {"VIDEO_PROVIDERS": "heygen"}, ["veo"]),
        ({"provider": None}, {"VIDEO_PROVIDERS": "pixverse,veo"}, ["pixverse", "veo"]),
        ({"provider": None}, PIXVERSE.env | {"VIDEO_PROVIDER": "auto"}, ["pixverse"]),
        ({"provider": None}, ALL, ["local"]),
    ],
)
def test_the_cheapest_that_makes_it_is_first_unless_an_order_is_declared(asked, env, names):
    params = VideoParams(**{"prompt": "x", "duration": 5, "provider": "auto"} | asked)
    found = choice.order(params, env, in_cloud=False)
    assert found == names


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"VIDEO_PROVIDERS": "pixverse,nobody"}, "VIDEO_PROVIDERS names 'nobody'"),
        ({"VIDEO_PROVIDERS": "auto"}, "VIDEO_PROVIDERS names 'auto'"),
        ({"VIDEO_COSTS": "veo"}, "VIDEO_COSTS has 'veo'"),
        ({"VIDEO_COSTS": "veo=nan"}, "VIDEO_COSTS"),
        ({"VIDEO_COSTS": "veo=-1"}, "VIDEO_COSTS"),
        ({"VIDEO_COSTS": "sora=1"}, "VIDEO_COSTS"),
    ],
)
def test_a_setting_that_cannot_be_is_named(env, said):
    with pytest.raises(Misconfigured, match=said):
        choice.order(PARAMS, ALL | env, in_cloud=True)


def test_in_the_cloud_somebody_has_to_be_set_up():
    with pytest.raises(Misconfigured, match=r"pixverse \(USEAPI_TOKEN\)"):
        choice.order(PARAMS, {}, in_cloud=True)


def test_what_must_be_installed_follows_from_who_is_asked():
    media, veo = "imageio_ffmpeg (media)", "google.genai (veo)"
    http = "httpx2 (extract)"
    assert choice.needs({}) == (media,)
    assert choice.needs({"RUNJOBS_EXECUTOR": "cloud-run"}) == (media, veo)
    assert choice.needs({"VIDEO_PROVIDER": "heygen"}) == (media, http)
    assert choice.needs({"VIDEO_PROVIDERS": "veo,pixverse,local"}) == (media, veo, http)
    assert choice.needs({"VIDEO_PROVIDER": "nobody"}) == (media,)


@pytest.mark.usefixtures("useapi")
def test_the_cheapest_makes_it(heygen, chain):
    attempts = chain(PARAMS)
    assert attempts.attempt() == FILM
    assert attempts.made.provider == "pixverse"
    assert attempts.made.tried == ()
    assert heygen.creates == []


@pytest.mark.usefixtures("heygen")
def test_one_that_makes_no_such_video_is_told_of_and_not_asked(useapi, chain, monkeypatch):
    monkeypatch.setenv("VIDEO_PROVIDERS", "pixverse,heygen")
    attempts = chain(PARAMS.model_copy(update={"duration": 40}))
    assert attempts.attempt() == FILM
    assert attempts.made.provider == "heygen"
    assert left(attempts) == [("pixverse", "InvalidInput")]
    assert useapi.creates == []


# --- when the next one is asked


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, "RequestRefused"),
        (401, "NotAllowed"),
        (402, "NoCredits"),
        (404, "ModelRetired"),
        (412, "NoCredits"),
        (429, "RateLimited"),
        (596, "NotAllowed"),
    ],
)
def test_after_a_refusal_the_next_one_makes_it(  # noqa: PLR0913, PLR0917
    useapi, heygen, chain, status, error, caplog
):
    useapi.on_create.append(useapi.denied(status, "said why"))
    attempts = chain(PARAMS)
    assert attempts.attempt() == FILM
    assert attempts.made.provider == "heygen"
    assert left(attempts) == [("pixverse", error)]
    assert "said why" in attempts.made.tried[0].why
    assert (len(useapi.creates), len(heygen.creates)) == (1, 1)
    assert "pixverse is left" in caplog.text


@pytest.mark.usefixtures("useapi", "heygen")
def test_one_that_cannot_be_reached_is_left(chain, monkeypatch):
    monkeypatch.setenv("USEAPI_BASE_URL", f"http://127.0.0.1:{free_port()}")
    attempts = chain(PARAMS)
    assert attempts.attempt() == FILM
    assert left(attempts) == [("pixverse", "Unreachable")]


@pytest.mark.usefixtures("heygen")
def test_one_that_is_not_set_up_is_left_where_an_order_names_it(chain, monkeypatch):
    monkeypatch.setenv("VIDEO_PROVIDERS", "ltx-studio,veo,heygen")
    attempts = chain(PARAMS.model_copy(update={"duration": 6}))
    assert attempts.attempt() == FILM
    assert left(attempts) == [("ltx-studio", "Misconfigured"), ("veo", "Misconfigured")]


@pytest.mark.usefixtures("heygen")
def test_a_turn_is_waited_for_as_long_as_patience_lasts(useapi, chain, monkeypatch):
    monkeypatch.setenv("PIXVERSE_CONCURRENT", "1")
    monkeypatch.setenv("VIDEO_PATIENCE", "12")
    attempts = chain(PARAMS)
    terms = PROVIDERS["pixverse"].open(PIXVERSE.env | {"PIXVERSE_CONCURRENT": "1"}).terms
    with Limiter(attempts.documents, operations(terms), clock=attempts.time.clock).turn():
        assert attempts.attempt() == FILM
    assert left(attempts) == [("pixverse", "NoTurnYet")]
    assert 12 <= attempts.time.elapsed <= 30
    assert useapi.creates == []


@pytest.mark.parametrize("found", [{"video_status": 8}, {"video_status_name": "FAILED"}])
def test_what_ended_without_a_video_is_made_by_the_next(useapi, heygen, chain, found):
    useapi.on_look.append(Answer(body=found))
    attempts = chain(PARAMS)
    assert attempts.attempt() == FILM
    assert attempts.made.provider == "heygen"
    assert (len(useapi.creates), len(heygen.creates)) == (1, 1)


@pytest.mark.parametrize(
    ("create", "look", "error"),
    [
        (RESET, None, errors.AmbiguousCreate),
        (Answer(status=500), None, errors.AmbiguousCreate),
        (Answer(status=422, body={"error": "moderated"}), None, errors.Filtered),
        (None, Answer(body={"video_status": 7}), errors.Filtered),
        (None, Answer(status=401, body={"error": "no"}), errors.NotAllowed),
        (None, Answer(status=400, body={"error": "no"}), errors.RequestRefused),
        (None, Answer(body={"video_status": 1, "url": "http://10.0.0.1/"}), errors.BadVideo),
        (None, Answer(body={"video_status": 6}), errors.OperationGone),
        (
            None,
            Answer(body={"video_status_name": "ABANDONED", "video_status_final": True}),
            errors.EmptyResult,
        ),
    ],
)
def test_nobody_else_is_asked_where_a_video_may_have_been_made_or_was_withheld(  # noqa: PLR0913, PLR0917
    useapi, heygen, chain, create, look, error
):
    useapi.on_create.extend([create] if create else [])
    useapi.on_look.extend([look] if look else [])
    attempts = chain(PARAMS)
    with pytest.raises(error):
        attempts.attempt()
    assert heygen.creates == []
    assert len(useapi.creates) == 1


def test_nobody_else_is_asked_while_an_operation_may_yet_end(useapi, heygen, chain, monkeypatch):
    monkeypatch.setenv("PIXVERSE_MAX_WAIT", "60")
    useapi.always = None
    attempts = chain(PARAMS)
    with pytest.raises(errors.OperationUnfinished):
        attempts.attempt()
    assert heygen.creates == []


# --- over several attempts


def test_what_was_begun_is_waited_for_whoever_would_be_asked_first_now(
    useapi, heygen, chain, monkeypatch
):
    useapi.always = None
    attempts = chain(PARAMS, timeout=120)
    with pytest.raises(errors.StillRunning):
        attempts.attempt()
    monkeypatch.setenv("VIDEO_PROVIDERS", "heygen")
    useapi.always = PIXVERSE.made(useapi.video)
    assert attempts.attempt() == FILM
    assert attempts.made.provider == "pixverse"
    assert (len(useapi.creates), len(heygen.creates)) == (1, 0)


def test_where_all_are_busy_the_run_is_tried_again_and_what_was_tried_is_known(
    useapi, heygen, chain
):
    useapi.on_create.append(useapi.denied(429, "full", Retry_After="90"))
    heygen.on_create.append(heygen.denied(429, "full", Retry_After="50"))
    attempts = chain(PARAMS)
    with pytest.raises(AllBusy, match=r"pixverse: .*full.*heygen: .*full") as raised:
        attempts.attempt()
    assert raised.value.after == 50
    assert attempts.run.state == "pending"
    attempts.time.sleep(120)
    assert attempts.attempt() == FILM
    assert [(each.provider, each.attempt) for each in attempts.made.tried] == [
        ("pixverse", 1),
        ("heygen", 1),
    ]


def test_where_nobody_will_the_run_has_failed_and_a_replay_asks_all_again(useapi, heygen, chain):
    useapi.on_create.append(useapi.denied(412, "no credits"))
    heygen.on_create.append(heygen.denied(401, "no"))
    attempts = chain(PARAMS)
    with pytest.raises(NobodyMadeIt, match="no credits"):
        attempts.attempt()
    assert attempts.run.state == "failed"
    attempts.replay()
    assert attempts.attempt() == FILM
    assert attempts.made.provider == "pixverse"


def test_where_nobody_makes_such_videos_it_is_the_asker_who_is_told(useapi, heygen, chain):
    attempts = chain(PARAMS.model_copy(update={"resolution": "480p"}))
    with pytest.raises(InvalidInput, match=r"PixVerse makes no such.*HeyGen makes no such"):
        attempts.attempt()
    assert (useapi.creates, heygen.creates) == ([], [])


def test_after_an_ambiguous_create_a_replay_asks_whoever_is_first(useapi, heygen, chain):
    useapi.on_create.append(RESET)
    attempts = chain(PARAMS)
    with pytest.raises(errors.AmbiguousCreate):
        attempts.attempt()
    attempts.replay()
    assert attempts.attempt() == FILM
    assert (len(useapi.creates), len(heygen.creates)) == (2, 0)


@pytest.mark.usefixtures("useapi")
def test_of_many_that_were_left_the_last_are_kept(chain):
    attempts = chain(PARAMS)
    with attempts.context() as context:
        for number in range(30):
            kept.leave(context, kept.Left(provider="x", error="E", why="y", attempt=number))
        assert [each.attempt for each in kept.tried(context)] == list(range(10, 30))


@pytest.mark.parametrize("first", ["refused", "failed", "lost"])
def test_killed_at_any_step_nothing_that_may_have_been_made_is_made_again(
    useapi, heygen, chain, monkeypatch, first
):
    ends = []
    for at in itertools.count(1):
        attempts = chain(PARAMS)
        for api in (useapi, heygen):
            api.creates.clear()
            api.on_create.clear()
            api.on_look.clear()
        if first == "failed":
            useapi.always = PIXVERSE.ends[2][0]
        else:
            useapi.on_create.append(RESET if first == "lost" else useapi.denied(429, "full"))
        with monkeypatch.context() as patched:
            knife = Knife(patched, at)
            with suppress(Killed, RunjobsError):
                attempts.attempt()
        if knife.left > 0:
            break
        ends.append(to_the_end(attempts))
        both = (len(useapi.creates), len(heygen.creates))
        assert both[1] <= 1, f"killed at step {at}"
        assert both[0] <= (2 if first == "refused" else 1), f"killed at step {at}"
        assert both != (1, 1) or first != "lost", f"killed at step {at}"
    assert len(ends) > 5
    assert "AmbiguousCreate" in ends
    assert ("made" in ends) == (first != "lost")
