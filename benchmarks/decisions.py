"""What dispatching costs: decisions with many pending runs beside few, and starts for a batch."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks.children import home, tell
from benchmarks.ours import StillClient
from benchmarks.table import at_most, heading, plain, show
from common.settings import Settings

__all__ = ["measure"]

FEW, MANY, BATCH = 1_000, 100_000, 1_000
TAKEN = 10
"""Runs that each decision takes."""


def measure(rounds: int) -> None:
    """Print both: the most starts of any round, and eight decisions a round."""
    heading("Dispatching")
    starts = {part: max(_starts(part) for _ in range(rounds)) for part in ("whole", "unlimited")}
    with home() as empty:
        taken = tell("benchmarks.decisions", 8 * rounds, FEW, MANY, environment=empty)
    few, many = (taken[str(count)] for count in (FEW, MANY))
    show(
        [
            at_most(f"{BATCH:,} runs at once, two tasks drain", starts["whole"], 3, "starts"),
            at_most(f"{BATCH:,} runs at once, a task each", starts["unlimited"], 3, "starts"),
            plain(f"a decision, {FEW:,} runs pending", few, "ms"),
            plain(f"a decision, {MANY:,} runs pending", many, "ms"),
            at_most("the one to the other", median(many) / median(few), 1.5),
        ]
    )


def _starts(part: str) -> int:
    with home() as empty:
        return int(tell("benchmarks.ours", part, BATCH, environment=empty)["starts"])


def decisions(number: int, counts: list[int]) -> dict[int, list[float]]:
    """Milliseconds of each, taken in turn; the first of each warms up and is not counted."""
    with ExitStack() as stack:
        clients = {count: stack.enter_context(pending(count)) for count in counts}
        taken: dict[int, list[float]] = {count: [] for count in counts}
        for room in range(TAKEN, TAKEN * (number + 2), TAKEN):
            for count, client in clients.items():
                taken[count].append(1000 * decision(client, room))
    return {count: times[1:] for count, times in taken.items()}


@contextmanager
def pending(count: int) -> Iterator[StillClient]:
    """A ledger with so many runs that are ready, in a queue that is paused."""
    settings = Settings.load()
    path = Path(settings.home) / f"{count}.sqlite3"
    with StillClient(replace(settings, documents=f"sqlite:///{path}")) as client:
        client.dispatcher.queues.pause("bench")
        for _ in range(0, count, 10_000):
            client.submit_many("bench-noop", [{}] * min(count, 10_000))
        client.dispatcher.queues.pause("bench", paused=False)
        yield client


def decision(client: StillClient, room: int) -> float:
    """Seconds that it takes to find and take the next ten, once there is room for them."""
    client.dispatcher.queues.choose("bench", {"max_concurrent": room})
    before, begin = client.executor.tasks, time.perf_counter()
    client.dispatcher.dispatch("bench")
    taken = time.perf_counter() - begin
    if client.executor.tasks - before != TAKEN:
        raise RuntimeError(f"It took {client.executor.tasks - before} runs, not {TAKEN}.")
    return taken


if __name__ == "__main__":
    asked, *sizes = map(int, sys.argv[1:])
    print(json.dumps(decisions(asked, sizes)))
