"""Rows 4 and 16: on a laptop, with its real supervisors, tasks that are killed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import pytest

from common.backoff import tries
from common.clock import SYSTEM
from common.runs import Outcome, State
from tests.chaos.counts import trials
from tests.chaos.laptop import Laptop, environment
from tests.chaos.trial import how


@pytest.fixture
def laptop(tmp_path, monkeypatch, plugin) -> Iterator[Laptop]:  # noqa: ARG001
    for name in [name for name in os.environ if name.startswith(("RUNJOBS_", "CLOUD_RUN_"))]:
        monkeypatch.delenv(name)
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    found = Laptop(tmp_path, grace=0.4)
    yield found
    found.close()


def test_a_task_whose_child_ignores_sigterm_is_killed_and_its_run_goes_on(laptop, reached):
    """Row 4: SIGKILL comes after 0.4 s here, while the task still waits for its child."""
    count, found = trials(2, 50), Counter()
    for number in range(count):
        id = f"deaf{number}"
        laptop.submit([id], "chaos-deaf")
        laptop.dispatcher.dispatch("chaos")
        child = await_child(laptop, number)
        laptop.executor.cancel("chaos-deaf", laptop.runs.get(id).attempts[0].worker.name)
        (run,) = laptop.see_through([id])
        assert run.state is State.SUCCEEDED
        assert run.attempts[-1].outcome is Outcome.SUCCEEDED
        found[str(run.attempts[0].outcome)] += 1
        assert is_gone(child)
    assert found.total() == found[str(Outcome.LOST)] + found[str(Outcome.INTERRUPTED)]
    assert found[str(Outcome.LOST)]
    reached("4", count, f"killed after SIGTERM was ignored: 0 lost, 0 orphans; {how(found)}")


def await_child(laptop: Laptop, number: int) -> int:
    for _ in tries(SYSTEM, patience=30, base=0.02, cap=0.05):
        with suppress(FileNotFoundError):
            if len(found := laptop.effects("child")) > number:
                return int(found[number][1])
    raise AssertionError("It does not begin.")


def is_gone(pid: int) -> bool:
    """Whether there is no such process, or only what is left of one until it is reaped."""
    for _ in tries(SYSTEM, patience=5, base=0.02, cap=0.05):
        try:
            os.kill(pid, 0)
            with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
                if stat.read().rpartition(") ")[2].startswith("Z"):
                    return True
        except (ProcessLookupError, FileNotFoundError):
            return True
    return False


def test_a_run_that_exhausts_its_memory_ends_in_dead_letters_and_harms_no_other(laptop, reached):
    """Row 16: its container is killed by SIGKILL each time, as the kernel does, and with it
    nobody else's run."""
    count, others = trials(1, 25), 8
    laptop.queues.choose("chaos", {"max_concurrent": 2})
    greedy = [f"g{number}" for number in range(count)]
    good = [f"o{number}" for number in range(count * others)]
    for number, id in enumerate(greedy):
        laptop.submit(good[number * others :][:4], "chaos-greedy", max_attempts=4)
        laptop.submit([id], "chaos-greedy", params='{"fails": 1}', max_attempts=4)
        laptop.submit(good[number * others + 4 :][:4], "chaos-greedy", max_attempts=4)
    ended = laptop.see_through([*greedy, *good])
    for run in ended[:count]:
        assert (run.state, run.error.type, run.failures) == (State.FAILED, "Lost", 4)
        assert [attempt.outcome for attempt in run.attempts] == [Outcome.LOST] * 4
        assert "signal 9" in run.error.message
    for run in ended[count:]:
        assert (run.state, len(run.attempts)) == (State.SUCCEEDED, 1)
    assert len(laptop.effects("hoard")) == 4 * count
    what = f"runs killed 4 times each: dead letters; {others * count} others unharmed"
    reached("16", count, what)
