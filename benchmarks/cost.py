"""What five-second runs would cost on Cloud Run: an execution each, beside tasks that drain.

Nothing is run: tasks are laid out by what they would take, and billed by the ledger's accounting.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

from benchmarks.table import Line, at_least, heading, plain, show
from common.runs.billing import Resources, task_seconds

__all__ = ["measure"]

SECONDS, BEGIN, BETWEEN = 5.0, 1.0, 0.01
"""Of a run; until a container has claimed its first; and from one run to the next."""
CONTAINER = Resources(vcpu=1.0, gib=0.5)
TASKS, WHILE = 100, 600.0
"""That drain at once, and the seconds for which each claims: a queue's and a job's defaults."""


def measure(_rounds: int) -> None:
    """Print the cost of a thousand, and of a hundred thousand."""
    heading(
        f"Simulated cost of runs of {SECONDS:g} s, {CONTAINER.vcpu:g} vCPU, {CONTAINER.gib:g} GiB"
    )
    for count in (1_000, 100_000):
        show(list(compared(count)))


def compared(count: int) -> Iterator[Line]:
    each = dollars(repeat([BEGIN + SECONDS], count))
    drained = dollars(drain(count))
    yield plain(f"{count:,} runs, an execution each", [each], "dollars")
    yield plain(f"{count:,} runs, drained", [drained], "dollars")
    yield at_least("so many times cheaper", each / drained, 5)


def drain(count: int) -> Iterator[list[float]]:
    """Each task's seconds, run by run: as many begin as may at once, and each takes its share of
    the runs, or as many as it has time for; then others begin."""
    fit = int((WHILE - BEGIN) // (SECONDS + BETWEEN))
    while count > 0:
        tasks = min(TASKS, count)
        shares = [min(fit, count // tasks + (task < count % tasks)) for task in range(tasks)]
        yield from ([BEGIN] + [SECONDS + BETWEEN] * share for share in shares)
        count -= sum(shares)


def dollars(tasks: Iterator[list[float]]) -> float:
    """What the tasks cost, beyond what is free each month."""
    return CONTAINER.cost(sum(task_seconds(runs) for runs in tasks))
