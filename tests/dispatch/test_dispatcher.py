"""What holds of the dispatcher: what it starts, and what it does when starts and tasks go wrong."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

import pytest

from common.dispatch import Dispatcher, NotStarted
from common.dispatch.executors import Counts, StartRefused
from common.dispatch.wakeups.local import LocalWakeups
from common.documents import open_documents
from common.errors import Misconfigured, Unavailable
from common.runs import (
    NotClaimable,
    Outcome,
    QueueLimits,
    Queues,
    Run,
    Runs,
    State,
    transitions,
)
from tests.dispatch.stub import Stub, ended

START = timedelta(minutes=5)


@pytest.fixture
def documents(tmp_path, time):
    store = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3", clock=time.clock)
    yield store
    store.close()


@pytest.fixture
def runs(documents) -> Runs:
    return Runs(documents)


@pytest.fixture
def dispatch(runs, time):
    """Makes dispatchers."""
    return lambda executor: Dispatcher(runs, executor, clock=time.clock)


def noop(time, id="r1", *, due=0.0, job="noop", max_attempts=4) -> Run:
    now = time.now()
    return Run(
        id=id,
        job=job,
        queue="q",
        params="{}",
        created=now,
        due=now + timedelta(seconds=due),
        max_attempts=max_attempts,
    )


def later(time):
    return time.now() + START


# --- starting


def test_a_submitted_run_is_reserved_for_one_execution_that_is_told_its_id(dispatch, runs, time):
    stub = Stub()
    run = dispatch(stub).submit(noop(time))
    (launch,) = stub.launches
    assert (run.state, run.execution, run.task) == (State.STARTING, launch.execution, 0)
    assert (launch.job, launch.tasks) == ("noop", 1)
    assert launch.timeout == timedelta(minutes=10 + 10)  # of the last run that it may take
    assert launch.runs == ("r1",)
    execution = runs.execution(launch.execution)
    assert (execution.runs, execution.name) == (("r1",), "noop-1")
    assert run.start_by == execution.start_by == time.now() + START


def test_runs_of_one_job_share_an_execution_and_each_has_its_task(dispatch, runs, time):
    stub = Stub()
    for id in "abc":
        runs.submit(noop(time, id))
    done = dispatch(stub).dispatch("q")
    assert (done.started, done.refused, done.wait) == (["a", "b", "c"], {}, None)
    assert [launch.tasks for launch in stub.launches] == [3]
    assert [runs.get(id).task for id in "abc"] == [0, 1, 2]


def test_an_execution_has_at_most_so_many_tasks(runs, time):
    stub = Stub()
    for number in range(7):
        runs.submit(noop(time, f"r{number}"))
    Dispatcher(runs, stub, most_tasks=3, clock=time.clock).dispatch("q")
    assert [launch.tasks for launch in stub.launches] == [3, 3, 1]


def test_where_each_run_has_an_execution_many_are_started_in_several_commits(runs, time):
    """A run and its execution are two writes, of which a commit takes 450."""
    stub = Stub()
    list(runs.submit_many([noop(time, f"r{number}") for number in range(300)]))
    queues = Queues(runs.documents, otherwise=QueueLimits(max_concurrent=None))
    dispatcher = Dispatcher(runs, stub, queues=queues, most_tasks=1, clock=time.clock)
    assert len(dispatcher.dispatch("q").started) == len(stub.launches) == 300


def test_what_is_not_due_is_accepted_and_started_when_it_is(dispatch, time):
    stub = Stub()
    dispatcher = dispatch(stub)
    run = dispatcher.submit(noop(time, due=60))
    assert run.state is State.PENDING
    time.advance(59)
    assert dispatcher.advance(run).state is State.PENDING
    assert stub.launches == []
    time.advance(1)
    assert dispatcher.advance(run).state is State.STARTING
    assert len(stub.launches) == 1


def test_submitting_the_same_run_again_starts_nothing(dispatch, time):
    stub = Stub()
    first = dispatch(stub).submit(noop(time))
    assert dispatch(stub).submit(noop(time)) == first
    assert len(stub.launches) == 1


def test_a_run_that_another_dispatcher_has_reserved_is_left_alone(dispatch, runs, time):
    stub = Stub()
    seen = runs.submit(noop(time))
    (reserved,) = runs.reserve([seen])
    dispatch(stub).look(seen)  # as it was
    dispatch(stub).look(runs.get("r1"))  # as it is
    assert dispatch(stub).dispatch("q").started == []
    assert stub.launches == []
    assert runs.get("r1").execution == reserved.id


# --- starts that go wrong


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (StartRefused("Too many.", retryable=True), 0.0),
        (StartRefused("Not deployed.", retryable=False), 30.0),
        (Misconfigured("No project."), 30.0),
    ],
)
def test_a_refused_start_leaves_the_run_pending_and_says_why(dispatch, runs, time, error, wait):
    stub = Stub(error)
    with pytest.raises(NotStarted, match=f"r1 is accepted.*{error}") as raised:
        dispatch(stub).submit(noop(time))
    assert raised.value.__cause__ is error
    run = runs.get("r1")
    assert (run.state, run.execution, run.unclaimed) == (State.PENDING, None, 0)
    assert wait <= (run.due - time.now()).total_seconds() <= 1.2 * wait
    time.advance(run.due - time.now())
    assert dispatch(stub).advance(run).state is State.STARTING


def test_what_cannot_be_started_does_not_keep_others_of_its_queue_waiting(dispatch, runs, time):
    stub, limit = Stub(), QueueLimits(max_concurrent=1)
    dispatcher = dispatch(stub)
    dispatcher.queues.declare("q", limit)
    runs.submit(noop(time, "first", job="gone", due=-60))
    runs.submit(noop(time, "second"))
    assert set(dispatcher.dispatch("q").refused) == {"first"}
    assert dispatcher.dispatch("q").started == ["second"]


def test_a_wait_for_a_rates_next_permit_is_told_and_a_wake_up_set(runs, time):
    stub, wakeups = Stub(), LocalWakeups(runs.documents)
    dispatcher = Dispatcher(runs, stub, wakeups=wakeups, clock=time.clock)
    dispatcher.queues.declare("q", QueueLimits(max_per_second=2))
    for number in range(5):
        runs.submit(noop(time, f"r{number}"))
    assert [len(dispatcher.dispatch("q").started), len(stub.launches)] == [2, 1]
    due = {found.data["kind"]: found.data["at"] for (found,) in wakeups.timers.due(later(time))}
    time.advance(due["queue"] - time.now())
    assert len(dispatcher.dispatch("q").started) == 2


def test_a_refused_start_gives_back_all_its_runs(dispatch, runs, time):
    for id in "ab":
        runs.submit(noop(time, id))
    error = StartRefused("No.", retryable=True)
    assert dispatch(Stub(error)).dispatch("q").refused == {"a": error, "b": error}
    assert [runs.get(id).state for id in "ab"] == [State.PENDING] * 2


def test_a_job_that_is_not_here_is_not_started_and_named(dispatch, runs, time):
    stub = Stub()
    with pytest.raises(NotStarted, match="'gone'"):
        dispatch(stub).submit(noop(time, job="gone"))
    assert stub.launches == []
    assert runs.get("r1").state is State.PENDING


def test_a_start_of_unknown_outcome_is_not_repeated_and_its_task_may_come(dispatch, runs, time):
    stub = Stub(Unavailable("No answer."))
    dispatcher = dispatch(stub)
    run = dispatcher.submit(noop(time))
    assert run.state is State.STARTING
    time.advance(START - timedelta(seconds=1))
    assert dispatcher.advance(run).state is State.STARTING
    assert len(stub.launches) == 1
    assert runs.claim("r1", stub.worker()).state is State.RUNNING


def test_a_start_of_unknown_outcome_is_over_when_its_time_is(dispatch, runs, time):
    stub = Stub(Unavailable("No answer."))
    dispatcher = dispatch(stub)
    run = dispatcher.submit(noop(time))
    time.advance(START)
    run = dispatcher.advance(run)
    assert (run.state, run.unclaimed) == (State.PENDING, 1)
    time.advance(1)
    assert dispatcher.advance(run).state is State.STARTING
    assert len(stub.launches) == 2
    with pytest.raises(NotClaimable):  # should the first have been started after all
        runs.claim("r1", stub.worker(1))
    assert runs.claim("r1", stub.worker(2)).state is State.RUNNING


class Killed(BaseException):
    """Stands for the end of the process: nothing handles it."""


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_dispatcher_that_dies_around_the_start_loses_nothing(
    dispatch, runs, time, monkeypatch, point
):
    stub = Stub(*([Killed()] if point == "before" else []))
    with monkeypatch.context() as patch:
        if point == "after":
            patch.setattr(runs, "started", lambda *_: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            dispatch(stub).submit(noop(time))
    run, another = runs.get("r1"), dispatch(stub)
    assert run.state is State.STARTING
    time.advance(START - timedelta(seconds=1))
    assert another.advance(run).state is State.STARTING
    time.advance(1)
    run = another.advance(run)
    assert run.state is State.PENDING
    time.advance(run.due - time.now())
    assert another.advance(run).state is State.STARTING


def refusing(error):
    """What a broken store does when it is called."""

    def refuse(*_, **__):
        raise error

    return refuse


@pytest.mark.parametrize("error", [Unavailable("It is away."), Misconfigured("It may not.")])
def test_a_name_that_cannot_be_noted_does_not_undo_the_start(
    dispatch, runs, time, monkeypatch, error
):
    stub = Stub()
    monkeypatch.setattr(runs, "started", refusing(error))
    assert dispatch(stub).submit(noop(time)).state is State.STARTING
    assert runs.claim("r1", stub.worker()).state is State.RUNNING


@pytest.mark.parametrize("error", [Unavailable("It is away."), Misconfigured("It may not.")])
def test_a_store_that_fails_after_a_refusal_does_not_hide_the_refusal(
    dispatch, runs, time, monkeypatch, error
):
    monkeypatch.setattr(runs, "release", refusing(error))
    dispatcher = dispatch(Stub(StartRefused("Too many.", retryable=True)))
    with pytest.raises(NotStarted, match="Too many"):
        dispatcher.submit(noop(time))
    time.advance(START)
    assert dispatcher.advance(runs.get("r1")).state is State.PENDING


def test_a_store_that_is_away_after_the_start_does_not_hide_that_the_run_is_accepted(
    dispatch, runs, time, monkeypatch
):
    stub = Stub()
    with monkeypatch.context() as patch:
        patch.setattr(runs, "get", refusing(Unavailable("It is away.")))
        assert dispatch(stub).submit(noop(time)).id == "r1"
    assert runs.get("r1").state is State.STARTING


@pytest.mark.parametrize(
    ("error", "for_now"),
    [
        (StartRefused("Too many.", retryable=True), True),
        (Unavailable("The store is away."), True),
        (StartRefused("Not deployed.", retryable=False), False),
        (Misconfigured("No project."), False),
    ],
)
def test_what_was_not_started_says_whether_that_may_pass(runs, time, monkeypatch, error, for_now):
    monkeypatch.setattr(runs, "reserve", refusing(error))
    with pytest.raises(NotStarted) as raised:
        Dispatcher(runs, Stub()).submit(noop(time))
    assert raised.value.for_now is for_now


def test_starts_that_nobody_claims_back_off_and_end_with_the_last_words(dispatch, time):
    stub = Stub(watchable=True)
    for number in range(1, 6):
        stub.counts[f"noop-{number}"] = ended(f"Exit code {number}.")
    dispatcher, waits = dispatch(stub), []
    run = dispatcher.submit(noop(time))
    while not run.state.ended:
        run = dispatcher.advance(run)
        if run.state is State.PENDING:
            waits.append((run.due - time.now()).total_seconds())
            time.advance(waits[-1])
    assert len(stub.launches) == 5
    assert [0.5 * 2**n <= wait <= 2**n for n, wait in enumerate(waits)] == [True] * 4
    assert (run.state, run.error.type) == (State.FAILED, "NeverClaimed")
    assert run.error.message == "Its task ended without claiming it. Exit code 5."
    assert run.attempts == ()


def test_when_a_start_is_late_the_platform_is_asked_why_even_if_that_costs(dispatch, time):
    stub = Stub()
    dispatcher = dispatch(stub)
    run = dispatcher.submit(noop(time, max_attempts=1))
    dispatcher.advance(run)
    assert stub.asked == []
    for number in range(1, 6):
        stub.counts[f"noop-{number}"] = ended("The image was not found.")
    while not run.state.ended:
        time.advance(START)
        run = dispatcher.advance(run)
    assert run.error.message == "No task came for it in time. The image was not found."


# --- tasks that go wrong


def test_a_run_whose_heartbeat_stopped_is_rescued_and_tried_again(dispatch, runs, time):
    stub = Stub()
    dispatcher = dispatch(stub)
    dispatcher.submit(noop(time))
    run = runs.claim("r1", stub.worker())
    time.advance(runs.lease - timedelta(seconds=1))
    assert dispatcher.advance(run).state is State.RUNNING
    assert stub.asked == []
    time.advance(1)
    stub.counts["noop-1"] = ended("Memory limit exceeded.")
    run = dispatcher.advance(run)
    assert (run.state, run.failures) == (State.PENDING, 1)
    assert run.attempts[0].outcome is Outcome.LOST
    assert run.attempts[0].error.message.endswith("or cut off. Memory limit exceeded.")
    assert dispatcher.advance(run).state is State.STARTING


@pytest.mark.parametrize("error", [Unavailable("No answer."), Misconfigured("No right.")])
def test_a_platform_that_does_not_tell_keeps_no_run_from_being_rescued(dispatch, runs, time, error):
    stub = Stub()
    dispatch(stub).submit(noop(time))
    run = runs.claim("r1", stub.worker())
    time.advance(runs.lease)
    stub.counts["noop-1"] = error
    assert dispatch(stub).advance(run).state is State.PENDING


def test_where_looking_costs_nothing_a_lost_task_is_known_before_its_lease_ends(
    dispatch, runs, time
):
    stub = Stub(watchable=True)
    dispatch(stub).submit(noop(time))
    run = runs.claim("r1", stub.worker())
    stub.counts["noop-1"] = Counts(tasks=1, ended=False)
    assert dispatch(stub).advance(run) == run
    stub.counts["noop-1"] = ended("Terminated by signal 9.")
    run = dispatch(stub).advance(run)
    assert run.attempts[0].error.message == (
        "Its task ended without finishing it. Terminated by signal 9."
    )


def test_a_run_that_ended_while_it_was_looked_at_stays_as_it_is(dispatch, runs, time):
    stub = Stub(watchable=True)
    dispatch(stub).submit(noop(time))
    seen = runs.claim("r1", stub.worker())
    done = runs.apply(
        seen, lambda run: transitions.succeed(run, token=run.token, now=time.now(), result="1")
    )
    stub.counts["noop-1"] = ended(succeeded=1)
    assert dispatch(stub).advance(seen) == runs.get("r1")
    assert runs.get("r1").result == done.result == "1"


def test_a_run_that_a_foreground_process_works_on_is_left_to_its_lease(dispatch, runs, time):
    """The executor does not know of that process."""
    stub = Stub(watchable=True)
    dispatch(stub).submit(noop(time))
    run = runs.claim("r1", stub.worker())
    assert dispatch(stub).advance(run).state is State.RUNNING


# --- cancelling


@pytest.mark.parametrize("state", [State.PENDING, State.STARTING])
def test_what_is_cancelled_before_it_has_begun_never_begins(dispatch, runs, time, state):
    stub = Stub()
    dispatcher = dispatch(stub)
    dispatcher.submit(noop(time, due=60 if state is State.PENDING else 0))
    run = runs.cancel("r1")
    time.advance(START)
    assert dispatcher.advance(run) == run
    assert run.state is State.CANCELLED
    assert len(stub.launches) == (state is State.STARTING)
    if stub.launches:
        with pytest.raises(NotClaimable, match="cancelled"):
            runs.claim("r1", stub.worker())


def test_what_was_started_for_a_cancelled_run_alone_is_ended(dispatch, runs, time):
    stub = Stub()
    dispatcher = dispatch(stub)
    seen = dispatcher.submit(noop(time))
    runs.cancel("r1")
    dispatcher.abandon(seen)
    assert stub.cancelled == ["noop-1"]


def test_what_was_started_for_others_too_goes_on(dispatch, runs, time):
    stub = Stub()
    dispatcher = dispatch(stub)
    for id in "ab":
        runs.submit(noop(time, id))
    dispatcher.dispatch("q")
    dispatcher.abandon(runs.get("a"))
    assert stub.cancelled == []


def test_a_start_whose_name_is_not_known_cannot_be_ended(dispatch, time):
    stub = Stub(Unavailable("No answer."))
    dispatcher = dispatch(stub)
    dispatcher.abandon(dispatcher.submit(noop(time)))
    assert stub.cancelled == []


def test_a_running_run_that_is_cancelled_and_then_lost_is_not_tried_again(dispatch, runs, time):
    stub = Stub()
    dispatch(stub).submit(noop(time))
    runs.claim("r1", stub.worker())
    run = runs.cancel("r1")
    assert run.state is State.RUNNING
    time.advance(runs.lease)
    run = dispatch(stub).advance(run)
    assert (run.state, run.attempts[0].outcome) == (State.CANCELLED, Outcome.LOST)


# --- waiting


def test_waiting_yields_each_look_and_ends_with_the_run(dispatch, runs, time):
    stub = Stub()
    dispatcher = dispatch(stub)
    dispatcher.submit(noop(time, due=0.35))
    looks = dispatcher.wait("r1")
    assert [run.state for run in islice(looks, 4)] == [State.PENDING] * 4
    assert next(looks).state is State.STARTING
    run = runs.claim("r1", stub.worker())
    assert next(looks).state is State.RUNNING
    runs.apply(run, lambda it: transitions.stop(it, token=it.token, now=time.now()))
    assert [run.state for run in looks] == [State.CANCELLED]
    assert time.slept == [runs.documents.read_interval] * 6


def test_waiting_asks_ever_later_while_starts_are_refused_for_now(dispatch, runs, time):
    stub = Stub(*[StartRefused("Too many.", retryable=True)] * 8)
    runs.submit(noop(time))
    looks = [run.state for run in islice(dispatch(stub).wait("r1"), 10)]
    assert looks == [State.PENDING] * 8 + [State.STARTING] * 2
    assert time.slept.pop() == runs.documents.read_interval
    full = [min(60.0, 5.0 * 2**n) for n in range(8)]
    assert all(0.5 * most <= wait <= most for wait, most in zip(time.slept, full, strict=True))


def test_waiting_ends_with_what_will_never_be_started(dispatch, runs, time):
    runs.submit(noop(time))
    with pytest.raises(StartRefused, match="Not deployed"):
        list(dispatch(Stub(StartRefused("Not deployed.", retryable=False))).wait("r1"))
    assert runs.get("r1").state is State.PENDING


@pytest.mark.parametrize("call", ["get", "reserve"])
def test_waiting_outlasts_a_store_that_is_away(dispatch, runs, time, monkeypatch, call):
    runs.submit(noop(time))
    answers, inner = [Unavailable(f"Away {n}.") for n in range(5)], getattr(runs, call)

    def away(*arguments, **options):
        if answers:
            raise answers.pop(0)
        return inner(*arguments, **options)

    monkeypatch.setattr(runs, call, away)
    told = []
    looks = dispatch(Stub()).wait("r1", on_trouble=told.append)
    assert next(run for run in looks if run.state is not State.PENDING).state is State.STARTING
    assert [str(error) for error in told] == [f"Away {n}." for n in range(5)]
    full = [min(60.0, 5.0 * 2**n) for n in range(5)]
    assert all(0.5 * most <= wait <= most for wait, most in zip(time.slept, full, strict=True))
