"""A task that dies between two runs, or whose store fails there, loses and doubles none."""

from __future__ import annotations

import pytest

from common.errors import Unavailable
from common.runs import (
    Runs,
    State,
)
from tests.faults import FAULTS, Faulty
from tests.runs.draining import Task
from tests.runs.making import given, made


@pytest.mark.parametrize("fault", FAULTS)
def test_whichever_call_fails_each_run_is_worked_on_once(runs, time, fault, documents_url):
    """Each call of a hand-over in turn, the commit also after it was applied; one in Firestore."""
    for position in range(5) if documents_url.startswith("sqlite") else [3]:
        faulty = Faulty(runs.documents)
        task = Task(Runs(faulty), time)
        given(runs, [made(time.now(), f"{fault}-{position}-{n}") for n in range(2)])
        faulty.faults.extend([*[None] * position, fault])
        assert len(task.work()) == 3
    assert {(run.state, len(run.attempts)) for run in runs.list()} == {(State.SUCCEEDED, 1)}


@pytest.mark.parametrize("applied", [False, True])
def test_where_the_commits_outcome_stays_unknown_no_run_has_two_owners_and_none_is_lost(
    runs, time, applied
):
    faulty = Faulty(runs.documents)
    task = Task(Runs(faulty), time)
    first = task.run.id
    given(runs, [made(time.now(), "next")])
    commits = iter(["lost" if applied else "unavailable"])
    inner = faulty._commit

    def commit(writes, token):
        faulty.faults.extend([next(commits, "unavailable")])
        return inner(writes, token)

    faulty._commit = commit
    with pytest.raises(Unavailable):
        task.end()
    assert (runs.get(first).state is State.SUCCEEDED) is applied
    time.advance(runs.lease)
    for run in runs.overdue():
        runs.rescue(run, "Its process is gone.")
    states = {runs.get(id).state for id in (first, "next")}
    assert states <= {State.SUCCEEDED, State.PENDING}
    assert runs.get("next").state is State.PENDING


def test_the_end_of_a_process_costs_only_the_run_in_hand(runs, time):
    task = Task(runs, time)
    given(runs, [made(time.now(), f"r{number}", age=5 - number) for number in range(3)])
    task.end()
    task.end()
    in_hand, task = task.run.id, None
    time.advance(runs.lease)
    rescued = [runs.rescue(run, "It was killed.").id for run in runs.overdue()]
    assert rescued == [in_hand] == ["r1"]
    assert [len(runs.get(id).attempts) for id in ("r0", "r1", "r2")] == [1, 1, 0]
