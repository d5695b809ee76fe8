"""One process that is struck at one of its calls, and what comes of its runs in the end."""

from __future__ import annotations

import json
import signal
from collections import Counter
from collections.abc import Callable

from common.runs import Outcome, Run, State
from tests.chaos.points import MANY_CALLS, points
from tests.chaos.processes import Child
from tests.chaos.world import World
from tests.services.vertex import Vertex

__all__ = ["Trial", "at_each_point", "check_effects", "how"]


class Trial:
    """Two runs, of which one is started and the other waits to be drained by the same task."""

    def __init__(self, world: World, vertex: Vertex, program: str = "task") -> None:
        self.world, self.vertex, self.program = world, vertex, program
        vertex.creates.clear()
        self.ids = world.new_ids(2)
        self.execution: dict | None = None
        world.dispatcher.queues.choose("chaos", {"max_concurrent": 1})
        if program != "submit":
            world.submit(self.ids)
        if program == "task":
            world.dispatcher.dispatch("chaos")
            ((self.execution, _),) = world.platform.new()
        elif program == "sweep":
            self._leave_a_mess()

    def strike(self, **knife: object) -> Child:
        """Begin the program under the knife."""
        if self.execution is not None:
            return self.world.task(self.execution, knife=knife)
        order = {"runs": self.ids} if self.program == "submit" else {"queue": "chaos"}
        return self.world.start(self.program, knife=knife, **order)

    def ended(self) -> None:
        """Let it be known that the process has ended, if it was a task."""
        if self.execution is not None:
            self.world.platform.end(self.execution["name"])

    def accepted(self) -> list[str]:
        """The runs that are in the ledger: whoever submits is told of no others."""
        return [id for id in self.ids if self.world.runs.find(id)]

    def check(self) -> list[Run]:
        """A lease and a sweep later all are pending or have ended; and then each ends, once."""
        self.world.run_tasks()
        accepted = self.accepted()
        settled = self.world.settle(accepted)
        assert [run for run in settled if not (run.state.ended or run.state is State.PENDING)] == []
        return self.check_ends(accepted)

    def check_ends(self, ids: list[str]) -> list[Run]:
        """Each ends, with its effects made once."""
        ended = self.world.see_through(ids)
        for run in ended:
            check_effects(self.world, run)
        assert len(self.vertex.creates) <= len(ended)
        return ended

    def _leave_a_mess(self) -> None:
        """A start whose task died, and with it whoever would have noticed."""
        self.world.dispatcher.dispatch("chaos")
        ((execution, index),) = self.world.platform.new()
        killed = self.world.task(execution, knife={"at": 9, "when": "before", "signal": "KILL"})
        assert killed.wait() == -signal.SIGKILL
        self.world.platform.end(execution["name"], index)
        self.world.time.advance(61)


def check_effects(world: World, run: Run) -> None:
    """It ended once, and its blob, if it has one, is the only published one, and whole."""
    follower = world.documents.get("creations", run.id).data
    if run.state is not State.SUCCEEDED:
        assert run.state is State.CANCELLED or run.error.type == "AmbiguousCreate", run.error
        assert follower["media_url"] is None
        assert run.result is None
        return
    outcomes = Counter(attempt.outcome for attempt in run.attempts)
    assert outcomes[Outcome.SUCCEEDED] == 1
    assert set(outcomes) <= {Outcome.SUCCEEDED, Outcome.LOST, Outcome.INTERRUPTED}
    result = json.loads(run.result)
    assert result["attempt"] == len(run.attempts)
    assert follower["media_url"] == result["film"]
    path = world.blobs.path(result["film"])
    assert path.startswith(f"runs/{run.id}/{result['attempt']}/")
    assert world.blobs.read(path)


def at_each_point(met: Callable[[int], bool], times: int, *, stride: int = MANY_CALLS) -> int:
    """Try each point so many times; returns how many trials that were."""
    tried = 0

    def all_met(at: int) -> bool:
        nonlocal tried
        if not met(at):
            return False
        assert all(met(at) for _ in range(times - 1))
        tried += times
        return True

    assert list(points(all_met, stride))
    return tried


def how(runs: Counter[str]) -> str:
    """How they ended, in words."""
    return ", ".join(f"{count:,} {name}" for name, count in sorted(runs.items()))
