"""One run on an idle system: from submitting it to the first line of its job.

Beside it the cold start, the whole process of the same job, as benchmarks/cold_start.py takes it.
Both are taken in turn.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from statistics import median

from benchmarks.children import home, tell
from benchmarks.ours import await_end
from benchmarks.table import at_most, heading, plain, show
from common.dispatch import Client

__all__ = ["measure"]

COLD = [sys.executable, "-P", "-m", "jobs", "bench-clock"]


def measure(rounds: int) -> None:
    """Print both, four times a round, and by how much the one is longer."""
    heading("Latency of one run on an idle system")
    with home() as empty:
        taken = tell("benchmarks.latency", 4 * rounds, environment=empty)
    latency, cold = median(taken["latency"]), median(taken["cold"])
    show(
        [
            plain("submit to the job's first line", taken["latency"], "ms"),
            plain("cold start, the whole process", taken["cold"], "ms"),
            at_most("the one beyond the other", latency - cold, 100, "ms"),
        ]
    )


def both(rounds: int) -> dict[str, list[float]]:
    """Milliseconds; the first round warms up and is not counted."""
    taken: dict[str, list[float]] = {"latency": [], "cold": []}
    with Client() as client:
        for _ in range(rounds + 1):
            taken["latency"].append(1000 * latency(client))
            taken["cold"].append(1000 * cold())
    return {name: times[1:] for name, times in taken.items()}


def latency(client: Client) -> float:
    """Seconds, by the clock that the job tells."""
    begin = time.monotonic()
    run = client.submit("bench-clock")
    await_end(client)
    return float(json.loads(client.runs.get(run.id).result or "")) - begin


def cold() -> float:
    begin = time.monotonic()
    subprocess.run(COLD, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begin


if __name__ == "__main__":
    print(json.dumps(both(int(sys.argv[1]))))
