"""What is submitted is started once, by as few executions as can be."""

from __future__ import annotations

from datetime import timedelta

from common.dispatch import Dispatcher
from common.runs import (
    QueueLimits,
    Queues,
    State,
)
from tests.dispatch.dispatcher.noop import noop
from tests.dispatch.stub import START, Stub


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
