"""What must hold of a run at every moment, and from one moment to the next."""

from __future__ import annotations

from common.runs import Run, State

__all__ = ["STATUS", "check_alone", "check_step"]

STATUS = {
    State.PENDING: "pending",
    State.STARTING: "pending",
    State.RUNNING: "processing",
    State.SUCCEEDED: "completed",
    State.FAILED: "failed",
    State.CANCELLED: "failed",
}

ALLOWED = {
    State.PENDING: {State.STARTING, State.RUNNING, State.CANCELLED},
    State.STARTING: {State.PENDING, State.RUNNING, State.CANCELLED, State.FAILED},
    State.RUNNING: {State.PENDING, State.SUCCEEDED, State.FAILED, State.CANCELLED},
    State.FAILED: {State.PENDING},
    State.SUCCEEDED: set(),
    State.CANCELLED: set(),
}
"""The ways out of each state, as docs/architecture.md draws them."""


def check_alone(run: Run, most: int) -> None:
    """It agrees with itself, and has been tried so often at the most."""
    opened = [attempt for attempt in run.attempts if attempt.outcome is None]
    assert [a.number for a in run.attempts] == list(range(1, len(run.attempts) + 1))
    assert len({a.token for a in run.attempts}) == len(run.attempts)
    if run.state is State.RUNNING:
        assert opened == [run.attempts[-1]]
        assert run.token == opened[0].token
        assert run.lease_until is not None
    else:
        assert opened == []
        assert run.token is None
    assert (run.execution is not None) == (run.state is State.STARTING)
    assert (run.ended is not None) == run.state.ended
    assert (run.result is not None) == (run.state is State.SUCCEEDED)
    assert run.failures <= most


def check_step(old: Run, new: Run, *, replayed: bool) -> None:
    """Acts may follow each other between two looks, but each leaves a legal trace."""
    ended = [a for a in old.attempts if a.outcome is not None]
    assert list(new.attempts[: len(ended)]) == ended, "history was rewritten"
    assert len(new.attempts) >= len(old.attempts), "history was lost"
    if old.state in {State.SUCCEEDED, State.CANCELLED}:
        assert new.version == old.version, "there is no way out of a terminal state"
    if old.state is State.FAILED and new.version != old.version:
        assert replayed, "only a replay leads out of failed"
    if new.state is not old.state and new.version != old.version:
        assert reachable(old.state, new.state)


def reachable(start: State, end: State) -> bool:
    found, todo = set(), [start]
    while todo:
        for state in ALLOWED[todo.pop()] - found:
            found.add(state)
            todo.append(state)
    return end in found
