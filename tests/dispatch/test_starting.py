"""Starting what is reserved: asked once, given back where it was refused, else found out about."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest

from common.dispatch.executors import StartRefused
from common.dispatch.governor import FREE, Governor
from common.dispatch.starting import Starting
from common.errors import Misconfigured, RunjobsError, Unavailable
from common.runs import State, Worker
from common.runs.places import LOOK
from tests.dispatch.stub import LOST, Stub
from tests.runs.making import claimed, given, made


def reserved(runs, time, *ids):
    """An execution for new runs."""
    given(runs, [made(time.now(), id, age=5) for id in ids])
    return runs.reserve([runs.get(id) for id in ids])[0]


def starting(runs, stub, governor=FREE):
    return Starting(runs, stub, governor, rng=lambda: 0.5)


def test_a_start_is_asked_for_once_and_its_name_noted(runs, time):
    stub, execution = Stub(), reserved(runs, time, "a", "b")
    starting(runs, stub).start(execution)
    (launch,) = stub.launches
    assert (launch.execution, launch.tasks, launch.runs) == (execution.id, 2, ("a", "b"))
    known = runs.execution(execution.id)
    assert (known.name, known.look_at) == ("noop-1", None)


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (StartRefused("Too many.", retryable=True), None),
        (StartRefused("Not deployed.", retryable=False), 33.0),
        (Misconfigured("No project."), 33.0),
    ],
)
def test_what_was_refused_is_pending_again_and_later_if_that_will_last(runs, time, error, wait):
    execution = reserved(runs, time, "a", "b")
    with pytest.raises(RunjobsError) as raised:
        starting(runs, Stub(error)).start(execution)
    assert raised.value is error
    for id in "ab":
        run = runs.get(id)
        due = timedelta(seconds=-5 if wait is None else wait)
        assert (run.state, run.due - time.now()) == (State.PENDING, due)
        assert (run.ready, run.unclaimed) == (wait is None, 0)
    assert runs.execution(execution.id).look_at is None


def test_a_start_that_gets_no_turn_is_refused_for_now_and_not_asked_for(runs, time):
    class Full(Governor):
        @contextmanager
        def start(self):
            raise StartRefused("No turn.", retryable=True)
            yield

    stub, execution = Stub(), reserved(runs, time, "a")
    with pytest.raises(StartRefused):
        starting(runs, stub, Full()).start(execution)
    assert stub.launches == []
    assert runs.get("a").ready


@pytest.mark.parametrize("applied", [True, False])
def test_a_start_without_an_answer_is_not_repeated_but_looked_for(runs, time, applied):
    stub = Stub(LOST if applied else Unavailable("No answer."))
    execution = reserved(runs, time, "a")
    starting(runs, stub).start(execution)
    assert runs.get("a").state is State.STARTING
    assert runs.uncertain(time.now()) == []
    time.advance(LOOK)
    assert [found.id for found in runs.uncertain(time.now())] == [execution.id]
    assert starting(runs, stub).find_out(execution) == ("noop-1" if applied else None)
    assert runs.get("a").state is (State.STARTING if applied else State.PENDING)
    assert runs.uncertain(time.now()) == []
    assert len(stub.launches) == 1


def test_what_has_begun_goes_on_though_its_start_is_given_up(runs, time):
    execution = reserved(runs, time, "a", "b")
    run = claimed(runs, runs.get("a"), Worker(execution=execution.id, name="noop-1", task=0))
    starting(runs, Stub()).find_out(execution)
    assert runs.get("a") == run
    assert runs.get("b").state is State.PENDING


def test_a_dispatcher_that_dies_while_it_gives_back_has_the_rest_given_back_later(
    runs, time, monkeypatch
):
    execution = reserved(runs, time, "a", "b")
    change, left = runs._change, [1]

    def dying(id, step):
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return change(id, step)

    with monkeypatch.context() as patch:
        patch.setattr(runs, "_change", dying)
        with pytest.raises(KeyboardInterrupt):
            starting(runs, Stub(StartRefused("No.", retryable=True))).start(execution)
    assert [runs.get(id).state for id in "ab"] == [State.PENDING, State.STARTING]
    time.advance(LOOK)
    (found,) = runs.uncertain(time.now())
    starting(runs, Stub()).find_out(found)
    assert runs.get("b").state is State.PENDING
