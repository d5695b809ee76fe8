"""No-op runs from submitting to the last result, and submitting alone, beside Celery and arq.

All are taken in turn, round after round, because machines are noisy and only ratios carry over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from statistics import median

from benchmarks.children import home, tell
from benchmarks.peers.place import NotToBeHad, installed
from benchmarks.peers.redis_server import redis_server
from benchmarks.table import Line, at_least, heading, plain, show, skipped

__all__ = ["ENQUEUED", "RUNS", "Figures", "measure", "ours"]

RUNS, ENQUEUED = 2_000, 10_000

Figures = Mapping[str, float]
Side = Callable[[], Figures]
Taken = dict[str, list[Figures]]


def measure(rounds: int) -> None:
    """Print what each side does, and the ratios."""
    heading(f"Throughput: {RUNS:,} no-op runs, two tasks or workers; {ENQUEUED:,} submitted")
    with sides() as found:
        taken: Taken = {name: [] for name in found}
        for _ in range(rounds):
            for name, side in found.items():
                taken[name].append(side())
    show([*figures(taken), *ratios(taken)])


@contextmanager
def sides() -> Iterator[dict[str, Side]]:
    """Those that can be had here; of the others it is said why not."""
    try:
        pythons = {peer: installed(peer) for peer in ("celery", "arq")}
        with redis_server() as url:
            yield {peer: _peer(peer, pythons[peer], url) for peer in pythons} | {"runjobs": ours}
    except NotToBeHad as error:
        skipped(error)
        yield {"runjobs": ours}


def ours(emulator: str = "") -> Figures:
    """Ours, each part with an empty ledger."""
    figures: dict[str, float] = {}
    for part, count in (("whole", RUNS), ("enqueue", ENQUEUED)):
        with home(emulator) as empty:
            figures |= tell("benchmarks.ours", part, count, environment=empty)
    return figures


def figures(taken: Taken) -> Iterator[Line]:
    """What each side reached."""
    for name in taken:
        yield plain(f"{name}, whole", _of(taken, name, "runs"), "runs/s")
    for name in taken:
        yield plain(f"{name}, submitting", _of(taken, name, "enqueue"), "runs/s")
    if "celery" in taken:
        yield plain("celery, submitting a group", _of(taken, "celery", "enqueue_group"), "runs/s")


def ratios(taken: Taken) -> Iterator[Line]:
    """Ours to each peer's, of the medians."""
    targets = (("celery", "runs", 8), ("arq", "runs", 4), ("celery", "enqueue", 25))
    for peer, figure, target in targets:
        if peer in taken:
            ratio = median(_of(taken, "runjobs", figure)) / median(_of(taken, peer, figure))
            word = "whole" if figure == "runs" else "submitting"
            yield at_least(f"runjobs to {peer}, {word}", ratio, target)


def _peer(peer: str, python: object, url: str) -> Side:
    return lambda: tell(
        f"benchmarks.peers.{peer}_side",
        RUNS,
        ENQUEUED,
        environment={"BENCH_REDIS": url},
        python=str(python),
    )


def _of(taken: Taken, name: str, figure: str) -> list[float]:
    return [figures[figure] for figures in taken[name]]
