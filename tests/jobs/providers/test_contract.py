"""What holds of each provider that is asked by plain HTTP."""

from __future__ import annotations

import sys
import time as true_time
from datetime import timedelta

import pytest

from common.errors import InvalidInput, Misconfigured
from common.limits import Limiter, statistics
from common.runs import Permanent
from jobs.video_generation.params import VideoParams
from jobs.video_generation.remote import creation, errors, polling
from jobs.video_generation.remote.turns import looks, operations
from tests.jobs.providers.conftest import FILM
from tests.services.process import free_port
from tests.services.standin import CUT, DRIPPING, EMPTY, GARBAGE, HANGING, RESET, Answer

REFUSALS = {
    400: errors.RequestRefused,
    401: errors.NotAllowed,
    402: errors.NoCredits,
    403: errors.NotAllowed,
    404: errors.ModelRetired,
    410: errors.ModelRetired,
    429: errors.RateLimited,
    301: errors.RequestRefused,
}
UNKNOWN = [
    *(Answer(status=status, body=b"<html>") for status in (500, 502, 503, 504, 408, 425)),
    *(GARBAGE, CUT, EMPTY, RESET),
    *(Answer(body=body) for body in ([], "id", {"video_id": 7.5, "jobId": None, "data": "x"})),
    Answer(body={"video_id": "../x", "jobId": "a/b", "data": {"session_id": "a?b"}}),
]


def test_what_is_asked_is_what_the_params_say_and_the_video_becomes_a_file(case, api, attempts):
    api.on_look += [*case.busy, case.made(api.video)]
    assert attempts.attempt() == FILM
    assert api.creates == [case.body]
    assert len(api.looks) == len(case.busy) + 1
    assert len(set(api.looks)) == 1
    assert attempts.run.attempts[-1].error is None


def test_each_refusal_has_its_own_error_and_after_it_nothing_is_kept(case, api, attempts):
    api.always = case.made(api.video)
    for status, error in REFUSALS.items():
        api.on_create.append(api.denied(status, "said why"))
        with pytest.raises(error, match=f"{status}: said why") as raised:
            attempts.attempt()
        assert type(raised.value) is error
        assert attempts.checkpoint == "{}"
        if isinstance(raised.value, Permanent):
            attempts.replay()
    assert attempts.attempt() == FILM
    assert len(api.creates) == len(REFUSALS) + 1


def test_each_refusal_of_its_own_has_its_error(case, api, begin):
    for said, error in case.refusals.items():
        status, word = (said, {}) if isinstance(said, int) else (400, {"code": said})
        api.on_create.append(api.denied(status, "said why", **word))
        attempts = begin()
        with pytest.raises(error, match="said why") as raised:
            attempts.attempt()
        assert type(raised.value) is error
        assert attempts.checkpoint == "{}"


def test_a_create_without_a_clear_answer_is_ambiguous_and_not_repeated(api, attempts):
    for number, answer in enumerate(UNKNOWN, start=1):
        api.on_create.append(answer)
        with pytest.raises(errors.AmbiguousCreate, match=r"billed.*dead-letters replay"):
            attempts.attempt()
        assert attempts.run.state == "failed"
        assert len(api.creates) == number
        attempts.replay()


def test_an_id_may_be_a_number(case, api, attempts):
    ids = {"video_id": 7, "jobId": 7, "data": {"video_id": 7}}
    api.on_create.append(Answer(body=ids))
    api.on_look.append(case.made(api.video))
    assert attempts.attempt() == FILM
    assert api.looks[0].endswith("/7")


def test_a_missing_package_is_named_before_anything_is_asked_for(api, begin, monkeypatch):
    monkeypatch.setitem(sys.modules, "httpx2", None)
    with pytest.raises(Misconfigured, match=r"pip install 'runjobs\[extract\]'"):
        begin()
    assert api.creates == []


@pytest.mark.parametrize("answer", [HANGING, DRIPPING])
def test_a_create_that_is_not_answered_in_time_is_ambiguous(api, attempts, answer, monkeypatch):
    monkeypatch.setattr(creation, "LIMIT", 0.2)
    api.on_create.append(answer)
    with pytest.raises(errors.AmbiguousCreate, match="NoAnswer"):
        attempts.attempt()
    assert api.wait_for(creates=1)


def test_a_replay_by_a_person_after_an_ambiguous_create_creates_anew(case, api, attempts):
    api.on_create.append(RESET)
    with pytest.raises(errors.AmbiguousCreate):
        attempts.attempt()
    attempts.replay()
    api.on_look.append(case.made(api.video))
    assert attempts.attempt() == FILM
    assert len(api.creates) == 2


def test_a_server_that_cannot_be_reached_is_tried_again(case, api, begin):
    attempts = begin(**{case.place: f"http://127.0.0.1:{free_port()}"})
    with pytest.raises(errors.Unreachable):
        attempts.attempt()
    assert attempts.checkpoint == "{}"
    assert attempts.run.state == "pending"
    assert api.creates == []


def test_what_it_does_not_make_is_refused_before_anything_is_asked_for(case, api, begin):
    for changed in (case.cannot, {"duration": 4.5}, {"duration": 61}):
        params = VideoParams.model_construct(**case.params.model_dump() | changed)
        attempts = begin(params)
        with pytest.raises(InvalidInput, match=f"{next(iter(changed))} must be") as raised:
            attempts.attempt()
        assert f"not {next(iter(changed.values()))}" in str(raised.value)
        assert attempts.checkpoint is None
    assert api.creates == []


def test_every_end_without_a_video_has_its_error_and_what_begins_again_creates_anew(
    case, api, begin
):
    for answer, error in case.ends:
        attempts, before = begin(), len(api.creates)
        api.on_look += [answer, case.made(api.video)]
        with pytest.raises(error) as raised:
            attempts.attempt()
        assert type(raised.value) is error
        if attempts.run.state == "failed":
            attempts.replay()
        assert attempts.attempt() == FILM
        assert len(api.creates) == before + 2


def test_an_answer_that_says_nothing_of_the_operation_is_asked_for_again(case, api, attempts):
    statuses = (408, 425, 429, 500, 502, 503, 504)
    bodies = (b"", [1], "done", {"status": "done", "data": 7, "video_status": {}})
    answers = [Answer(status=status, body=b"\xff<html>") for status in statuses]
    answers += [
        Answer(body=b"x" * 1_000_001),
        GARBAGE,
        CUT,
        EMPTY,
        RESET,
        *(Answer(body=body) for body in bodies),
    ]
    api.on_look += [*answers, case.made(api.video)]
    assert attempts.attempt() == FILM
    assert len(api.creates) == 1
    assert len(api.looks) == len(answers) + 1


@pytest.mark.parametrize("answer", [HANGING, DRIPPING])
def test_a_look_that_does_not_end_is_given_up_and_asked_for_again(
    case, api, attempts, answer, monkeypatch
):
    monkeypatch.setattr(polling, "REQUEST", 0.2)
    api.on_look += [answer, case.made(api.video)]
    assert attempts.attempt() == FILM


@pytest.mark.parametrize("answer", [DRIPPING, GARBAGE], ids=["drip", "garbage"])
def test_whatever_the_server_does_the_wait_ends_at_its_time_and_a_twentieth(
    case, api, begin, answer
):
    api.always = answer
    attempts = begin(time=None, **{f"{case.prefix}_MAX_WAIT": "0.6"})
    began = true_time.monotonic()
    with pytest.raises(errors.OperationUnfinished, match=f"{case.prefix}_MAX_WAIT"):
        attempts.attempt()
    # The rest of it is not waiting: SQLite, the client, the threads of a busy machine.
    assert 0.6 <= true_time.monotonic() - began <= 0.6 * 1.05 + 1.5


def test_an_operation_that_never_ends_is_not_forgotten(case, api, begin):
    attempts = begin(**{f"{case.prefix}_MAX_WAIT": "300"})
    with pytest.raises(errors.OperationUnfinished):
        attempts.attempt()
    assert 299.9 <= attempts.time.elapsed <= 300 * 1.05
    assert attempts.run.state == "failed"
    attempts.replay()
    api.on_look.append(case.made(api.video))
    assert attempts.attempt() == FILM
    assert len(api.creates) == 1


def test_a_look_that_is_refused_for_good_ends_the_run_but_not_the_operation(case, api, attempts):
    for status in (400, 401, 402, 403):
        api.on_look.append(api.denied(status, "said why"))
        with pytest.raises(REFUSALS[status]):
            attempts.attempt()
        attempts.replay()
    api.on_look.append(case.made(api.video))
    assert attempts.attempt() == FILM
    assert len(api.creates) == 1


def test_an_attempt_whose_own_time_is_over_leaves_the_operation_to_the_next(case, api, begin):
    attempts = begin(timeout=120)
    with pytest.raises(errors.StillRunning):
        attempts.attempt()
    api.on_look.append(case.made(api.video))
    assert attempts.attempt() == FILM
    assert len(api.creates) == 1


def test_an_operation_that_is_unknown_is_waited_for_a_while_and_then_is_gone(case, api, begin):
    """Except at PixVerse, where it is the documented answer for one that is being made."""
    api.always = api.denied(404, "not found")
    attempts = begin(**{f"{case.prefix}_MAX_WAIT": "400"})
    gone = errors.OperationUnfinished if case.name == "pixverse" else errors.OperationGone
    with pytest.raises(gone):
        attempts.attempt()
    assert attempts.time.elapsed >= 60
    assert len(api.creates) == 1


@pytest.mark.parametrize("said", ["40", "Sun, 22 Nov 2026 12:00:40 GMT"])
def test_a_429_holds_all_back_as_long_as_it_says_and_is_counted(case, api, begin, said):
    date = {"Date": "Sun, 22 Nov 2026 12:00:00 GMT"}
    api.on_create.append(api.denied(429, "all jobs are taken", Retry_After=said, **date))
    api.always = case.made(api.video)
    one, other = begin(), begin()
    began = one.time.now()
    with pytest.raises(errors.RateLimited, match="all jobs are taken") as raised:
        one.attempt()
    assert raised.value.after == 40
    for each in (other, one):
        assert each.attempt() == FILM
        assert each.time.now() - began >= timedelta(seconds=40)
    assert len(api.creates) == 3  # the one that was refused began nothing
    found = statistics(one.documents, case.name)
    assert (found.calls, found.throttled, found.answered) == (3, 1, 2)
    assert found.efficiency < 1


def test_a_429_to_a_look_holds_back_looks_and_no_create(case, api, attempts):
    api.on_look += [api.denied(429, "slowly", Retry_After="25"), case.made(api.video)]
    assert attempts.attempt() == FILM
    found = statistics(attempts.documents, f"{case.name}-looks")
    assert (found.calls, found.throttled) == (2, 1)
    assert attempts.documents.get("limiters", case.name) is None or (
        attempts.documents.get("limiters", case.name).data.get("not_before") is None
    )
    assert attempts.time.slept[-1] == 25


def test_an_operation_keeps_its_slot_until_it_is_done(case, api, begin):
    attempts = begin(**{f"{case.prefix}_CONCURRENT": "1"})
    other = Limiter(attempts.documents, operations(attempts.veo.terms), clock=attempts.time.clock)
    free: list[float] = []
    inner = api.answer

    def noted(call):
        if call.method == "GET" and "/files/" not in call.path:
            free.append(other.try_turn())
        return inner(call)

    api.answer = noted
    api.on_look += [case.busy[0], case.made(api.video)]
    assert attempts.attempt() == FILM
    assert len(free) == 2
    assert all(isinstance(wait, float) for wait in free)


def test_no_minute_has_more_creates_or_looks_than_the_settings_say(case, begin):
    settings = {f"{case.prefix}_PER_MINUTE": "6", f"{case.prefix}_LOOKS_PER_MINUTE": "30"}
    terms = begin(**settings).veo.terms
    rate = operations(terms).rate(1.0)
    assert int(rate.most + 60 * rate.per_second) == 6
    assert looks(terms).per_second == 0.5


def test_no_secret_is_told_by_errors_logs_or_documents(case, api, begin, capsys, caplog):
    said = f"denied to {case.secret} of owner@example.com; Bearer {case.secret}"
    for answer in (api.denied(403, said), api.denied(500, said), api.denied(400, said)):
        api.on_create.append(answer)
        attempts = begin()
        with pytest.raises(Exception, match=r".") as raised:
            attempts.attempt()
        told = f"{raised.value} {attempts.run} {capsys.readouterr()} {caplog.text}"
        assert case.secret not in told
        assert "owner@example.com" not in told
    for answer, _ in case.ends:
        api.on_look += [api.denied(503, said), answer]
        attempts = begin()
        with pytest.raises(Exception, match=r"."):
            attempts.attempt()
        told = f"{attempts.error} {capsys.readouterr()} {caplog.text}"
        assert case.secret not in told
        assert "owner@example.com" not in told
