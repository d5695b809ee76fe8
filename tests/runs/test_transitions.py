"""Each transition, from each state: where it leads, and where it is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from common.documents.document import check_data
from common.runs import Failure, LeaseLost, NotClaimable, Outcome, Refused, Run, State, Worker
from common.runs import transitions as t
from common.runs.codec import run_data
from common.runs.endings import MAX_HISTORY

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=61)
LEASE = timedelta(seconds=60)
MINE = Worker(execution="e1", name="job-aaaaa", task=0)
PASSING = Failure(type="Error", message="it may pass", retryable=True)
LASTING = Failure(type="Error", message="it will not pass", retryable=False)


def pending(**fields):
    given = {"id": "r1", "job": "j", "queue": "q", "params": "{}", "created": NOON, "due": NOON}
    return Run(**(given | {"max_attempts": 2} | fields))


def starting():
    return t.reserve(pending(), execution="e1", task=0, now=NOON, start_by=LATER)


def running(run=None, token="t1", now=NOON):
    return t.claim(run or pending(), token=token, worker=MINE, now=now, lease=LEASE)


RUNS = {
    State.PENDING: pending,
    State.STARTING: starting,
    State.RUNNING: running,
    State.SUCCEEDED: lambda: t.succeed(running(), token="t1", now=NOON, result="1"),
    State.FAILED: lambda: t.fail(running(), token="t1", now=NOON, error=LASTING, retry_in=None),
    State.CANCELLED: lambda: t.request_cancel(pending(), now=NOON),
}
ACTS = {
    "reserve": lambda run: t.reserve(run, execution="e2", task=0, now=NOON, start_by=LATER),
    "release": lambda run: t.release(run, execution="e1", now=NOON),
    "put off": lambda run: t.release(run, execution="e1", now=NOON, wait=LEASE),
    "ripen": lambda run: t.ripen(run, now=LATER),
    "unclaimed": lambda run: t.unclaimed(run, execution="e1", now=NOON, reason="nobody"),
    "claim": lambda run: t.claim(run, token="t2", worker=MINE, now=NOON, lease=LEASE),
    "renew": lambda run: t.renew(run, token="t1", now=NOON, lease=LEASE, progress=None),
    "checkpoint": lambda run: t.checkpoint(run, token="t1", text="1", now=NOON, lease=LEASE),
    "succeed": lambda run: t.succeed(run, token="t1", now=LATER, result="2"),
    "fail": lambda run: t.fail(run, token="t1", now=NOON, error=PASSING, retry_in=LEASE),
    "give_back": lambda run: t.give_back(run, token="t1", now=NOON),
    "stop": lambda run: t.stop(run, token="t1", now=NOON),
    "cancel": lambda run: t.request_cancel(run, now=NOON),
    "rescue": lambda run: t.rescue(run, token="t1", now=NOON, reason="gone"),
    "replay": lambda run: t.replay(run, now=NOON),
}
S, NO, SAME = State, "refused", "the same run"
TABLE = {
    #              pending      starting     running      succeeded  failed     cancelled
    "reserve":    (S.STARTING,  NO,          NO,          NO,        NO,        NO),
    "release":    (SAME,        S.PENDING,   SAME,        SAME,      SAME,      SAME),
    "put off":    (SAME,        S.PENDING,   SAME,        SAME,      SAME,      SAME),
    "ripen":      (SAME,        SAME,        SAME,        SAME,      SAME,      SAME),
    "unclaimed":  (SAME,        S.PENDING,   SAME,        SAME,      SAME,      SAME),
    "claim":      (S.RUNNING,   S.RUNNING,   NO,          NO,        NO,        NO),
    "renew":      (NO,          NO,          S.RUNNING,   NO,        NO,        NO),
    "checkpoint": (NO,          NO,          S.RUNNING,   NO,        NO,        NO),
    "succeed":    (NO,          NO,          S.SUCCEEDED, SAME,      NO,        NO),
    "fail":       (NO,          NO,          S.PENDING,   NO,        SAME,      NO),
    "give_back":  (NO,          NO,          S.PENDING,   NO,        NO,        NO),
    "stop":       (NO,          NO,          S.CANCELLED, NO,        NO,        NO),
    "cancel":     (S.CANCELLED, S.CANCELLED, S.RUNNING,   SAME,      SAME,      SAME),
    "rescue":     (SAME,        SAME,        S.PENDING,   SAME,      SAME,      SAME),
    "replay":     (NO,          NO,          NO,          NO,        S.PENDING, NO),
}  # fmt: skip


@pytest.mark.parametrize("act", TABLE)
@pytest.mark.parametrize("state", State)
def test_from_each_state_a_transition_leads_where_the_table_says(state, act):
    run = RUNS[state]()
    expected = TABLE[act][list(State).index(state)]
    if expected == NO:
        with pytest.raises(Refused):
            ACTS[act](run)
    elif expected == SAME:
        assert ACTS[act](run) is run
    else:
        assert ACTS[act](run).state is expected


def test_a_run_is_not_reserved_or_claimed_before_it_is_due():
    run = pending(due=LATER)
    for act in ("reserve", "claim"):
        with pytest.raises(Refused):
            ACTS[act](run)


@pytest.mark.parametrize(
    "other",
    [
        Worker(execution="e2", name="job-aaaaa", task=0),
        Worker(execution="e1", name="job-aaaaa", task=1),
        Worker(execution=None, name="job-aaaaa", task=0),
    ],
)
def test_only_the_task_it_is_reserved_for_claims_a_starting_run(other):
    with pytest.raises(NotClaimable, match="reserved"):
        t.claim(starting(), token="t1", worker=other, now=NOON, lease=LEASE)


def test_a_claim_repeated_with_its_token_is_the_same_claim():
    run = running()
    assert t.claim(run, token="t1", worker=MINE, now=LATER, lease=LEASE) is run


@pytest.mark.parametrize("act", ["renew", "checkpoint", "succeed", "fail", "give_back", "stop"])
def test_a_zombie_is_refused_whatever_it_does(act):
    rescued = t.rescue(running(), token="t1", now=LATER, reason="gone")
    taken = running(rescued, token="t2", now=LATER)
    for run in (rescued, taken):
        with pytest.raises(LeaseLost):
            ACTS[act](run)


def test_a_rescue_meant_for_one_attempt_leaves_the_next_alone():
    taken = running(t.rescue(running(), token="t1", now=LATER, reason="gone"), "t2", LATER)
    assert ACTS["rescue"](taken) is taken


def test_failures_count_up_to_the_last_attempt_and_then_it_has_failed():
    run = ACTS["fail"](running())
    assert (run.state, run.failures, run.due) == (State.PENDING, 1, NOON + LEASE)
    run = t.rescue(running(run, "t2", LATER), token="t2", now=LATER, reason="gone")
    assert (run.state, run.failures, run.error.type) == (State.FAILED, 2, "Lost")
    assert [attempt.outcome for attempt in run.attempts] == [Outcome.FAILED, Outcome.LOST]
    assert [attempt.number for attempt in run.attempts] == [1, 2]


def test_an_interruption_is_no_failure_and_makes_the_run_due_at_once():
    run = t.give_back(running(pending(due=NOON - LEASE)), token="t1", now=LATER)
    assert (run.state, run.failures, run.due) == (State.PENDING, 0, LATER)


def test_a_run_that_is_only_ever_interrupted_fails_in_the_end_and_is_not_replayed():
    run = pending()
    for number in range(MAX_HISTORY):
        assert run.state is State.PENDING
        run = t.give_back(running(run, f"t{number}"), token=f"t{number}", now=NOON)
    assert (run.state, run.error.type) == (State.FAILED, "Interrupted")
    with pytest.raises(Refused, match="submit it anew"):
        t.replay(run, now=LATER)


def test_a_history_of_the_worst_errors_fits_into_a_document():
    """Each attempt fails with as much as is ever kept, in characters of three bytes."""
    worst = Failure(type="E" * 60, message="☕" * 2_000, retryable=True, trace="☕" * 4_000)
    run = pending(params="x" * 256_000, checkpoint="x" * 256_000, max_attempts=10**6, due=NOON)
    for number in range(MAX_HISTORY):
        claimed = running(run, f"token{number:013}")
        run = t.fail(claimed, token=claimed.token, now=NOON, error=worst, retry_in=timedelta(0))
    assert run.state is State.FAILED
    assert run.attempts[-1].error == worst
    assert {attempt.error.message for attempt in run.attempts[:-1]} == {"☕" * 150}
    check_data(run_data(replace(run, result="x" * 256_000)))


def test_starts_that_come_to_nothing_wait_ever_longer_and_end_in_failure():
    run, waits = pending(), []
    for number in range(1, t.MAX_UNCLAIMED + 1):
        run = t.reserve(run, execution="e1", task=0, now=run.due, start_by=LATER)
        before = run.due
        run = t.unclaimed(run, execution="e1", now=before, reason="its image is gone")
        waits.append((run.due - before).total_seconds())
        assert run.unclaimed == number
    assert (run.state, run.error.message) == (State.FAILED, "its image is gone")
    assert 0 < waits[0] < waits[2]


def test_a_claim_forgets_starts_that_came_to_nothing():
    run = t.unclaimed(starting(), execution="e1", now=NOON, reason="nobody")
    assert running(run, now=LATER).unclaimed == 0


@pytest.mark.parametrize("act", ["fail", "give_back", "rescue"])
def test_a_run_that_was_asked_to_stop_is_cancelled_however_its_attempt_ends(act):
    asked = t.request_cancel(running(), now=NOON)
    assert ACTS[act](asked).state is State.CANCELLED


def test_finishing_wins_over_a_request_to_stop():
    asked = t.request_cancel(running(), now=NOON)
    assert ACTS["succeed"](asked).state is State.SUCCEEDED


def test_a_replay_counts_anew_and_keeps_history_and_checkpoint():
    run = ACTS["checkpoint"](running())
    run = t.replay(t.fail(run, token="t1", now=NOON, error=LASTING, retry_in=None), now=LATER)
    assert (run.failures, run.error, run.ended, run.due) == (0, None, None, LATER)
    assert [attempt.error for attempt in run.attempts] == [LASTING]
    assert run.checkpoint == "1"


def test_success_publishes_the_result_and_drops_the_checkpoint():
    run = ACTS["succeed"](ACTS["checkpoint"](running()))
    assert (run.result, run.checkpoint, run.ended, run.token) == ("2", None, LATER, None)
    assert run.progress.fraction == 1.0


def test_a_lease_is_lost_when_server_time_has_passed_it_and_not_before():
    run = running()
    assert not t.is_lost(run, now=NOON + LEASE - timedelta(microseconds=1))
    assert t.is_lost(run, now=NOON + LEASE)
    assert not t.is_lost(replace(run, state=State.PENDING), now=LATER)


def test_a_run_lost_again_and_again_waits_ever_longer_if_its_rescuer_is_patient():
    run, waits = pending(max_attempts=9), []
    for number in range(4):
        run = running(run, f"t{number}", run.due)
        run = t.rescue(run, token=f"t{number}", now=run.due, reason="gone", patient=True)
        waits.append((run.due - run.attempts[-1].ended).total_seconds())
    assert waits[0] == 0
    assert 2.5 <= waits[1] <= 5 <= waits[2] <= 10 <= waits[3] <= 20


def test_a_run_ripens_when_it_is_due_and_keeps_its_place_by_age():
    run = pending(due=LATER, ready=False)
    assert t.ripen(run, now=LATER - timedelta(microseconds=1)) is run
    ripe = t.ripen(run, now=LATER)
    assert (ripe.ready, ripe.due, ripe.state) == (True, LATER, State.PENDING)
    assert t.ripen(ripe, now=LATER) is ripe


def test_what_is_released_keeps_its_place_unless_it_is_put_off():
    kept, put_off = ACTS["release"](starting()), ACTS["put off"](starting())
    assert (kept.due, kept.ready, kept.execution, kept.reserved) == (NOON, True, None, None)
    assert (put_off.due, put_off.ready, put_off.execution) == (NOON + LEASE, False, None)
    assert kept.unclaimed == put_off.unclaimed == 0


@pytest.mark.parametrize("act", ["fail", "unclaimed", "put off"])
def test_what_waits_for_later_is_not_ready_before(act):
    run = ACTS[act](running() if act == "fail" else starting())
    assert not run.ready
    assert t.ripen(run, now=run.due).ready


@pytest.mark.parametrize("act", ["give_back", "rescue"])
def test_what_is_due_again_at_once_is_ready(act):
    assert ACTS[act](running()).ready


def test_a_run_that_ended_well_or_was_cancelled_expires_and_a_dead_letter_does_not():
    kept = t.claim(pending(keep=9.0), token="t1", worker=MINE, now=NOON, lease=LEASE)
    ends = {act: ACTS[act](kept) for act in ("succeed", "stop")}
    assert ends["succeed"].expires == LATER + timedelta(seconds=9)
    assert ends["stop"].expires == NOON + timedelta(seconds=9)
    dead = t.fail(kept, token="t1", now=NOON, error=LASTING, retry_in=None)
    assert (dead.state, dead.expires) == (State.FAILED, None)
    assert RUNS[State.SUCCEEDED]().expires is None
