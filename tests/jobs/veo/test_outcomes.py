"""What an operation may come to, each told apart by type."""

from __future__ import annotations

import pytest

from jobs.video_generation.remote import errors
from tests.jobs.veo.conftest import STUB
from tests.services.vertex import NOTHING, RUNNING, Answer, done, failed, made, refused

ENDS = [
    (done(raiMediaFilteredCount=1, raiMediaFilteredReasons=["Violence. "]), errors.Filtered),
    (done(videos=[], raiMediaFilteredCount=1), errors.Filtered),
    (done(), errors.EmptyResult),
    (done(videos=[]), errors.EmptyResult),
    (done(videos=[{}]), errors.EmptyResult),
    (Answer(body={"name": "x", "done": True}), errors.NoResponse),
    (failed(3, "bad prompt"), errors.OperationRejected),
    (failed(7), errors.OperationRejected),
    (failed(4), errors.OperationFailed),
    (failed(8), errors.OperationFailed),
    (failed(13), errors.OperationFailed),
    (failed(14), errors.OperationFailed),
    (refused(404, "not found"), errors.OperationGone),
    (made(b"<html>a login page</html>"), errors.BadVideo),
    (done(videos=[{"gcsUri": "https://example.com/v.mp4"}]), errors.BadVideo),
]


def test_the_video_of_a_finished_operation_becomes_a_file(vertex, attempts):
    vertex.on_look += [RUNNING, NOTHING, made(STUB)]
    assert attempts.attempt() == STUB
    assert len(vertex.creates) == 1
    assert len(vertex.looks) == 3


@pytest.mark.parametrize(("answer", "error"), ENDS)
def test_each_end_without_a_video_has_its_own_error(vertex, attempts, answer, error):
    vertex.on_look.append(answer)
    with pytest.raises(error) as raised:
        attempts.attempt()
    assert type(raised.value) is error
    assert len(vertex.creates) == 1


@pytest.mark.parametrize(("answer", "error"), ENDS)
def test_what_begins_again_after_an_end_without_a_video_creates_anew(
    vertex, attempts, answer, error
):
    vertex.on_look += [answer, made(STUB)]
    with pytest.raises(error):
        attempts.attempt()
    if attempts.run.state == "failed":
        attempts.replay()
    assert attempts.attempt() == STUB
    assert len(vertex.creates) == 2


def test_the_reasons_of_the_safety_filters_are_said(vertex, attempts):
    reasons = ["Violence. Support codes: 1", "Celebrity."]
    vertex.on_look.append(done(raiMediaFilteredCount=2, raiMediaFilteredReasons=reasons))
    with pytest.raises(errors.Filtered, match=r"2 of the videos: Violence.*Celebrity") as raised:
        attempts.attempt()
    assert raised.value.reasons == tuple(reasons)


def test_a_failure_that_may_pass_waits_as_long_as_it_was_asked_to(vertex, attempts):
    info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "37s"}
    vertex.on_look.append(failed(8, "busy", details=[info]))
    with pytest.raises(errors.OperationFailed) as raised:
        attempts.attempt()
    assert raised.value.after == 37


def test_an_operation_that_never_says_it_is_done_ends_the_run_at_its_time(vertex, begin):
    vertex.always = NOTHING
    attempts = begin(VEO_MAX_WAIT="300")
    with pytest.raises(errors.OperationUnfinished, match="VEO_MAX_WAIT"):
        attempts.attempt()
    assert 299.9 <= attempts.time.elapsed <= 300 * 1.05
    assert attempts.run.state == "failed"


def test_a_replay_looks_at_an_unfinished_operation_once_more_and_creates_nothing(vertex, attempts):
    with pytest.raises(errors.OperationUnfinished):
        attempts.attempt()
    attempts.replay()
    with pytest.raises(errors.OperationUnfinished):
        attempts.attempt()
    attempts.replay()
    vertex.on_look.append(made(STUB))
    assert attempts.attempt() == STUB
    assert len(vertex.creates) == 1


def test_an_attempt_whose_own_time_is_over_leaves_the_operation_to_the_next(vertex, begin):
    attempts = begin(timeout=120)
    with pytest.raises(errors.StillRunning):
        attempts.attempt()
    assert attempts.time.elapsed <= 120
    vertex.on_look.append(made(STUB))
    assert attempts.attempt() == STUB
    assert len(vertex.creates) == 1
