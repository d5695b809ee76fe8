"""Celery's figures as JSON: python -m benchmarks.peers.celery_side RUNS ENQUEUED

Runs in Celery's own venv, against the Redis at BENCH_REDIS, which it empties.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial

from celery import group
from redis import Redis

from benchmarks.peers.celery_app import REDIS, keep, noop
from benchmarks.peers.processes import running
from benchmarks.peers.timing import rate, until

_WORKER = "-m celery -A benchmarks.peers.celery_app worker -c 2 --loglevel=ERROR"
_QUIET = "--without-gossip --without-mingle --without-heartbeat"

Enqueue = Callable[[int], None]


def main() -> None:
    runs, enqueued = map(int, sys.argv[1:])
    figures = {
        "enqueue": alone(one_by_one_with_params, enqueued),
        "enqueue_group": alone(as_group_with_params, enqueued),
    }
    with running(f"{_WORKER} {_QUIET}"):
        whole(one_by_one, 200)  # until it is warm
        figures["runs"] = max(
            rate(runs, partial(whole, enqueue)) for enqueue in (one_by_one, as_group)
        )
    print(json.dumps(figures))


def one_by_one(count: int) -> None:
    for _ in range(count):
        noop.apply_async()


def as_group(count: int) -> None:
    group(noop.s() for _ in range(count)).apply_async()


def one_by_one_with_params(count: int) -> None:
    for number in range(count):
        keep.apply_async(("bench", number))


def as_group_with_params(count: int) -> None:
    group(keep.s("bench", number) for number in range(count)).apply_async()


def alone(enqueue: Enqueue, count: int) -> float:
    """How many it enqueues a second with no worker to compete with."""
    taken = rate(count, enqueue)
    with Redis.from_url(REDIS) as redis:
        redis.flushall()
    return taken


def whole(enqueue: Enqueue, count: int) -> None:
    """From the first enqueued to the last result: each is a key of a database of its own."""
    with Redis.from_url(f"{REDIS}/1") as results:
        results.flushdb()
        enqueue(count)
        until(lambda: results.dbsize() >= count)


if __name__ == "__main__":
    main()
