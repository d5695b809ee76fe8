"""Our figures as JSON: python -m benchmarks.ours PART COUNT

Runs in an environment whose ledger is empty; see `benchmarks.children.home`.
"""

from __future__ import annotations

import json
import sys
from functools import cached_property, partial

from benchmarks.peers.timing import rate, until
from common.dispatch import Client
from common.dispatch.executors import Launch
from common.dispatch.executors.local import LocalExecutor
from common.documents import Query
from common.runs import Outcome, State
from common.settings import Settings

__all__ = ["Still", "await_end", "starts"]

SUCCEEDED = Query("runs", where=(("state", "==", State.SUCCEEDED),))


class Still(LocalExecutor):
    """Accepts executions of any size and starts nothing."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.capacity = None
        self.starts = self.tasks = 0

    def start(self, launch: Launch) -> str:
        self.starts += 1
        self.tasks += launch.tasks
        return f"{launch.job}-{launch.execution[:8]}"


class StillClient(Client):
    """Submits to nobody's hands: it is measured with no task to compete with, as the peers are."""

    @cached_property
    def executor(self) -> Still:
        return Still(self.settings)


def whole(count: int) -> dict[str, float]:
    """From submitting, all of them at once, to the last result."""
    with Client() as client:
        client.documents.get("runs", "none")  # the file is made, as Redis is there
        client.dispatcher.queues.choose("bench", {"max_concurrent": 2})
        taken = rate(count, partial(_whole, client))
        await_end(client)
        _verify(client, count)
        return {"runs": taken, "starts": len(starts(client))}


def enqueue(count: int) -> dict[str, float]:
    """All of them at once, each with params that are validated."""
    with StillClient() as client:
        client.documents.get("runs", "none")
        client.submit_many("bench-keep", [{"name": "warm", "number": 0}])
        params = [{"name": "bench", "number": number} for number in range(count)]
        return {"enqueue": rate(count, lambda _: client.submit_many("bench-keep", params))}


def unlimited(count: int) -> dict[str, float]:
    """How often something is started where all of them may run at once, and none has ended yet."""
    with StillClient() as client:
        client.dispatcher.queues.choose("bench", {"max_concurrent": count})
        client.submit_many("bench-noop", [{}] * count)
        if client.executor.tasks != count:
            raise RuntimeError(f"{count} could be started, but {client.executor.tasks} were.")
        return {"starts": client.executor.starts}


def starts(client: Client) -> list[str]:
    """Every execution that was started for this ledger, by whomever."""
    return [folder.name for folder in (client.settings.home / "executions").glob("*")]


def await_end(client: Client) -> None:
    """Until no process is left, that would still write into a folder that is about to go."""
    for name in starts(client):
        until(lambda name=name: client.executor.describe("", name).ended)


def _whole(client: Client, count: int) -> None:
    client.submit_many("bench-noop", [{}] * count)
    every = 0.005 if client.settings.documents.startswith("sqlite") else 0.1
    until(lambda: client.documents.count(SUCCEEDED) >= count, every=every)


def _verify(client: Client, count: int) -> None:
    """Each run is in the ledger, with its history."""
    kept = client.runs.list()
    outcomes = [[attempt.outcome for attempt in run.attempts] for run in kept]
    if outcomes != [[Outcome.SUCCEEDED]] * count:
        raise RuntimeError(f"{count} runs were submitted, but the ledger tells otherwise.")


PARTS = {"whole": whole, "enqueue": enqueue, "unlimited": unlimited}

if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](int(sys.argv[2]))))
