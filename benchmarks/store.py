"""The SQLite store beside bare sqlite3 on the same file system: what the seam costs.

Bare is a table of id, version and JSON text made beforehand, with one index: no check, no encoding,
no decoding. Both are taken in turn, round after round, because machines are noisy and only ratios
carry over. CPU is what the seam's own processes used, which other load changes less.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from common.documents import MAX_WRITES, Create, Documents, Query, Update, open_documents
from common.ids import random_id
from common.runs.codec import run_data
from common.runs.records import Run

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WORKER = {"execution": "b7k2m9x4q1", "name": "noop-x7k2p", "task": 0, "task_attempt": 0}
ATTEMPT = {"number": 1, "token": "t4w8", "worker": WORKER, "due": NOW, "started": NOW}
CLAIM = {
    "state": "running",
    "place": "io-tasks active",
    "deadline": NOW + timedelta(minutes=1),
    "lease_until": NOW + timedelta(minutes=1),
    "token": "t4w8",
    "attempts": [ATTEMPT],
    "ready": True,
    "task": 0,
    "unclaimed": 0,
}
FINISH = {
    "state": "succeeded",
    "result": '{"n":1}',
    "ended": NOW,
    "expires": NOW + timedelta(days=1),
    "progress": {"fraction": 1.0, "message": "", "at": NOW},
    "attempts": [{**ATTEMPT, "ended": NOW, "outcome": "succeeded"}],
}
ENDED = ("place", "deadline", "lease_until", "token", "checkpoint", "start_by")
WINDOW = Query("runs", where=(("state", "==", "pending"),), order=("-created",), limit=32)
READS = 1_000
PATIENCE = 60.0
"""Seconds until a process whose fellow has failed gives up too."""

Rate = tuple[float, float]
"""A second, and microseconds of CPU for each."""
Bench = Callable[[Path, int], Rate]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--size", type=int, default=9_000)
    options = arguments.parse_args()
    print(f"{'a second':<44}{'seam':>9}{'bare':>9}{'seam/bare':>11}{'CPU us':>9}")
    for title, ours, bare in (
        ("(a) documents created, 450 a commit", created, bare_created),
        ("(b) commits of two updates, two processes", updated, bare_updated),
        ("(c) windows of 32 documents by an index", windows, bare_windows),
        ("(d) documents got", got, bare_got),
    ):
        taken = [
            (measure(ours, options.size), measure(bare, options.size))
            for _ in range(options.rounds)
        ]
        seam, plain = (statistics.median(pair[side][0] for pair in taken) for side in (0, 1))
        cpu = statistics.median(mine for (_, mine), _ in taken)
        print(f"{title:<44}{seam:>9,.0f}{plain:>9,.0f}{seam / plain:>11.2f}{cpu:>9.0f}", flush=True)


def measure(bench: Bench, size: int) -> Rate:
    with tempfile.TemporaryDirectory() as folder:
        return bench(Path(folder) / "x.sqlite3", size)


def rate(count: int, act: Callable[[], Any]) -> Rate:
    begin, used = time.perf_counter(), time.process_time()
    act()
    return count / (time.perf_counter() - begin), (time.process_time() - used) / count * 1e6


def both(act: Callable[..., Any], path: Path) -> Rate:
    """Act in two processes, on one half of the documents each, beginning together."""
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(2) as pool:
        barrier = manager.Barrier(2)
        found = pool.starmap(act, [(str(path), half, barrier) for half in (0, 1)])
    return sum(each for each, _ in found), statistics.mean(cpu for _, cpu in found)


def pairs(mine: list[Any]) -> list[tuple[Any, Any]]:
    return list(zip(mine[::2], mine[1::2], strict=False))


# --- the seam


def data(number: int) -> Any:
    time = NOW + timedelta(milliseconds=number)
    run = Run(
        id="",
        job="noop",
        queue="io-tasks",
        params=f'{{"source":"gs://bucket/archive.zip","n":{number}}}',
        created=time,
        due=time,
        tenant=f"tenant-{number % 10}",
        batch="b7k2m9x4q1",
    )
    return run_data(run)


def batches(count: int) -> list[list[Create]]:
    writes = [Create("runs", random_id(), data(number)) for number in range(count)]
    return [writes[i : i + MAX_WRITES] for i in range(0, count, MAX_WRITES)]


def opened(path: Path | str) -> Documents:
    return open_documents(f"sqlite:///{path}")


def created(path: Path, count: int) -> Rate:
    todo = batches(count)
    with closing(opened(path)) as store:
        store.get("runs", "warm-up")
        return rate(count, lambda: [store.commit(batch) for batch in todo])


def updated(path: Path, count: int) -> Rate:
    created(path, count)
    return both(update_some, path)


def update_some(path: str, half: int, barrier: Any) -> Rate:
    """Finish a run and claim the next, in one commit, as a task that drains does."""
    with closing(opened(path)) as store:
        todo = pairs(store.query(Query("runs", order=("created",)))[half::2])

        def act() -> None:
            for done, then in todo:
                finish = Update("runs", done.id, FINISH, done.version, ENDED)
                store.commit([finish, Update("runs", then.id, CLAIM, then.version)])

        barrier.wait(PATIENCE)
        return rate(len(todo), act)


def windows(path: Path, count: int) -> Rate:
    created(path, count)
    with closing(opened(path)) as store:
        return rate(READS, lambda: [store.query(WINDOW) for _ in range(READS)])


def got(path: Path, count: int) -> Rate:
    created(path, count)
    with closing(opened(path)) as store:
        ids = [found.id for found in store.query(WINDOW)] * (READS // 10)
        return rate(len(ids), lambda: [store.get("runs", id) for id in ids])


# --- bare


def connect(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA busy_timeout = 0")  # as begin() has a patience of its own
    return connection


def text(fields: Any) -> str:
    return json.dumps(fields, default=str, separators=(",", ":"))


def bare_created(path: Path, count: int) -> Rate:
    rows = [
        [(write.id, "v", "pending", text(write.data)) for write in batch]
        for batch in batches(count)
    ]
    with closing(connect(path)) as bare:
        bare.execute("CREATE TABLE runs (id TEXT PRIMARY KEY, version, state, data)")
        bare.execute("CREATE INDEX by_state ON runs (state)")

        def act() -> None:
            for batch in rows:
                bare.execute("BEGIN IMMEDIATE")
                bare.executemany("INSERT INTO runs VALUES (?, ?, ?, ?)", batch)
                bare.execute("COMMIT")

        return rate(count, act)


def bare_updated(path: Path, count: int) -> Rate:
    bare_created(path, count)
    return both(bare_update_some, path)


def bare_update_some(path: str, half: int, barrier: Any) -> Rate:
    with closing(connect(path)) as bare:
        todo = pairs(
            bare.execute("SELECT id, version FROM runs ORDER BY rowid").fetchall()[half::2]
        )
        texts = [
            ("succeeded", text({**data(0), **FINISH})),
            ("running", text({**data(0), **CLAIM})),
        ]
        change = "UPDATE runs SET version = 'w', state = ?, data = ? WHERE id = ? AND version = ?"

        def act() -> None:
            for pair in todo:
                begin(bare)
                for new, old in zip(texts, pair, strict=True):
                    bare.execute(change, new + old)
                bare.execute("COMMIT")

        barrier.wait(PATIENCE)
        return rate(len(todo), act)


def begin(bare: sqlite3.Connection) -> None:
    while True:
        try:
            bare.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            time.sleep(50e-6)
        else:
            return


def bare_windows(path: Path, count: int) -> Rate:
    bare_created(path, count)
    statement = "SELECT * FROM runs WHERE state = 'pending' ORDER BY rowid DESC LIMIT 32"
    with closing(connect(path)) as bare:
        return rate(READS, lambda: [bare.execute(statement).fetchall() for _ in range(READS)])


def bare_got(path: Path, count: int) -> Rate:
    bare_created(path, count)
    with closing(connect(path)) as bare:
        ids = [id for (id,) in bare.execute("SELECT id FROM runs LIMIT 32")] * (READS // 10)
        statement = "SELECT * FROM runs WHERE id = ?"
        return rate(len(ids), lambda: [bare.execute(statement, (id,)).fetchone() for id in ids])


if __name__ == "__main__":
    main()
