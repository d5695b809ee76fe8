"""Waiting for an operation, whatever answers come meanwhile."""

from __future__ import annotations

import time as true_time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.errors import RunjobsError
from jobs.video_generation.remote import errors, polling
from tests.jobs.veo.conftest import STUB
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

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "done", "error", "response", "videos", "gcsUri", "code"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "answer",
    [
        *(refused(status) for status in (408, 429, 500, 502, 503, 504)),
        *(GARBAGE, CUT, NOTHING, RESET),
        *(Answer(body=body) for body in (b"", [1], "done", {"name": "x", "done": "perhaps"})),
        Answer(status=500, body=b"\xff<html>"),
    ],
)
def test_an_answer_that_says_nothing_of_the_operation_is_asked_for_again(vertex, attempts, answer):
    vertex.on_look += [answer, answer, made(STUB)]
    assert attempts.attempt() == STUB
    assert len(vertex.creates) == 1
    assert len(vertex.looks) == 3


@pytest.mark.parametrize("answer", [HANGING, DRIPPING])
def test_an_answer_that_does_not_end_is_given_up_and_asked_for_again(
    vertex, attempts, answer, monkeypatch
):
    monkeypatch.setattr(polling, "REQUEST", 0.3)
    vertex.on_look += [answer, made(STUB)]
    assert attempts.attempt() == STUB


@pytest.mark.parametrize("answer", [HANGING, DRIPPING, refused(503), NOTHING])
def test_whatever_the_server_does_the_wait_ends_at_its_time_and_a_twentieth(vertex, begin, answer):
    vertex.always = answer
    attempts = begin(time=None, VEO_MAX_WAIT="2")
    began = true_time.monotonic()
    with pytest.raises(errors.OperationUnfinished):
        attempts.attempt()
    # The rest of it is not waiting: SQLite, the client, the threads of a busy machine.
    assert 2 <= true_time.monotonic() - began <= 2 * 1.05 + 1


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_look_that_is_refused_for_good_ends_the_run_but_not_the_operation(
    vertex, attempts, status
):
    vertex.on_look += [refused(status), made(STUB)]
    with pytest.raises((errors.NotAllowed, errors.RequestRefused)):
        attempts.attempt()
    attempts.replay()
    assert attempts.attempt() == STUB
    assert len(vertex.creates) == 1


def test_looks_are_jittered_and_grow_further_apart(vertex, attempts):
    with pytest.raises(errors.OperationUnfinished):
        attempts.attempt()
    first, *pauses, _ = attempts.time.slept
    assert first == 2
    assert all(1 <= pause <= 20 for pause in pauses)
    assert min(pauses[4:]) >= 10
    assert len(set(pauses)) == len(pauses) == len(vertex.looks) - 2


def test_a_look_that_is_told_to_wait_waits_that_long(vertex, attempts):
    vertex.on_look += [refused(429, Retry_After="77"), made(STUB)]
    attempts.attempt()
    assert attempts.time.slept[-1] == 77


def test_progress_grows_while_veo_works(vertex, attempts):
    vertex.on_look += [NOTHING] * 5 + [made(STUB)]
    attempts.attempt()
    fractions = [progress.fraction for progress in attempts.said]
    assert fractions == sorted(set(fractions))
    assert 0 < fractions[0] < fractions[-1] < 0.95
    assert {progress.message for progress in attempts.said} == {"Waiting for Veo"}


@given(body=json_values)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_json_comes_it_is_a_video_or_a_typed_error(vertex, begin, body):
    vertex.on_look.clear()
    vertex.on_look += [Answer(body=body), made(STUB)]
    attempts = begin()
    with suppress(RunjobsError):
        assert attempts.attempt() == STUB
    last = attempts.run.attempts[-1].error
    assert last is None or last.type in errors.__all__
