"""What comes after a run is submitted once it has succeeded, and once."""

from __future__ import annotations

import json

import pytest

from common.runs import (
    Retention,
    Then,
)
from tests.runs.making import AFTER, after, claimed, failed, finished, given, made


def chained(runs, params, **fields):
    then = Then(job="noop", queue="q", params=json.dumps(params), **fields)
    run = made(runs.documents.now(), "first", then=then, tenant="t", batch="b")
    return claimed(runs, given(runs, [run])[0])


def test_what_comes_after_a_run_gets_parts_of_its_result(runs):
    params = {
        "run": "{run}",
        "all": "{result}",
        "part": ["{result.a.b}", {"x": "{result.n}"}],
        "none": "{result.a.nothing.there}",
        "batch": "{batch}",
        "text": "the {result}",
    }
    result = {"a": {"b": [1, "☕"]}, "n": None}
    finished(runs, chained(runs, params, max_attempts=2, keep=9.0), json.dumps(result))
    (run,) = after(runs, "first")
    assert json.loads(run.params) == {
        "run": "first",
        "all": result,
        "part": [[1, "☕"], {"x": None}],
        "none": None,
        "batch": "b",
        "text": "the {result}",
    }
    assert (run.tenant, run.batch, run.max_attempts, run.keep) == ("t", "b", 2, 9.0)


@pytest.mark.parametrize("end", ["fail", "cancel"])
def test_nothing_comes_after_a_run_that_did_not_succeed(runs, end):
    if end == "fail":
        given(runs, [made(runs.documents.now(), "first", then=AFTER)])
        failed(runs, runs.get("first"))
    else:
        given(runs, [made(runs.documents.now(), "first", then=AFTER)])
        runs.cancel("first")
    assert after(runs, "first") == []


def test_a_replay_that_succeeds_is_continued_once(runs):
    given(runs, [made(runs.documents.now(), "first", then=AFTER)])
    failed(runs, runs.get("first"))
    run = claimed(runs, runs.replay("first"))
    for _ in range(3):  # its answer was lost
        finished(runs, run)
    assert len(after(runs, "first")) == 1


def test_a_chain_goes_on_from_link_to_link(runs):
    given(runs, [made(runs.documents.now(), "first", then=Then(job="a", then=Then(job="b")))])
    finished(runs, claimed(runs, runs.get("first")))
    (second,) = after(runs, "first")
    finished(runs, claimed(runs, second))
    (third,) = after(runs, second.id)
    assert (second.job, third.job, third.then) == ("a", "b", None)


def test_a_run_that_comes_again_after_it_was_removed_is_continued_again(runs, time):
    """Its continuation may be kept for longer, and must not be in its way."""
    for _ in range(2):
        given(runs, [made(time.now(), "first", then=AFTER, keep=60.0)])
        finished(runs, claimed(runs, runs.get("first")))
        time.advance(61)
        assert Retention(runs).remove_expired() == 1
    assert len(after(runs, "first")) == 2
