"""arq's figures as JSON: python -m benchmarks.peers.arq_side RUNS ENQUEUED

Runs in arq's own venv, against the Redis at BENCH_REDIS, which it empties.
"""

from __future__ import annotations

import asyncio
import json
import sys

from arq import create_pool
from arq.connections import RedisSettings
from arq.constants import default_queue_name
from redis import Redis

from benchmarks.peers.arq_worker import REDIS
from benchmarks.peers.processes import running
from benchmarks.peers.timing import rate, until

_WORKER = "-m arq benchmarks.peers.arq_worker.WorkerSettings"


def main() -> None:
    runs, enqueued = map(int, sys.argv[1:])
    figures = {"enqueue": rate(enqueued, enqueue_with_params)}
    with running(_WORKER, count=2):
        for _ in range(3):
            whole(200)  # until both are warm
        figures["runs"] = rate(runs, whole)
    print(json.dumps(figures))


def enqueue(count: int) -> None:
    asyncio.run(_enqueue("noop", ((),) * count))


def enqueue_with_params(count: int) -> None:
    asyncio.run(_enqueue("keep", tuple(("bench", number) for number in range(count))))


async def _enqueue(job: str, params: tuple[tuple[object, ...], ...]) -> None:
    pool = await create_pool(RedisSettings.from_dsn(REDIS))
    for each in params:
        await pool.enqueue_job(job, *each)
    await pool.aclose()


def whole(count: int) -> None:
    """From the first enqueued to the last result, with which a job leaves the queue."""
    with Redis.from_url(REDIS) as redis:
        redis.flushdb()
        enqueue(count)
        until(lambda: not redis.zcard(default_queue_name))


if __name__ == "__main__":
    main()
