"""Upkeep on each documents store: python -m benchmarks cleanup

usage-counter-cleanup removes so many counters, all of which are too old; "whole" is the job from
its claim to its end, in this process: guard, reading, judging, deleting, checkpoints. "deleting" is
the same deletion of documents that were read before, by the same code: conditional deletions by
batches from several threads, each counted in a tally. "bare" are batches of the client library
alone, without conditions and tallies, from as many threads; in SQLite one statement for each
document, and a transaction for each batch.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest

from benchmarks.table import at_least, heading, plain, show, skipped
from common.data.usage import USAGE_COUNTERS, counter_data
from common.documents import MAX_WRITES, Create, Document, Documents, Query, open_documents
from common.ids import random_id
from common.maintenance import removal
from common.maintenance.crew import THREADS
from common.maintenance.tallies import Tallies
from common.maintenance.writing import BATCH, Writer
from tests.jobs.extraction.ledger import Ledger
from tests.services.firestore import emulator

__all__ = ["measure"]

_MANY = 20_000
_OLD = datetime(2020, 1, 1, tzinfo=UTC)
_TARGET = 5_000

Ways = dict[str, Callable[[Documents], float]]


def measure(rounds: int) -> None:
    heading(f"Removing {_MANY:,} usage counters, documents a second")
    _store("SQLite", _sqlite, {**_WAYS, "bare sqlite3": _bare_sqlite}, rounds)
    try:
        with emulator() as host, mock.patch.dict(os.environ, FIRESTORE_EMULATOR_HOST=host):
            ways = {**_WAYS, "bare client": _bare_firestore}
            _store("Firestore emulator", _firestore, ways, (rounds + 1) // 2)
    except (pytest.skip.Exception, pytest.fail.Exception) as error:
        skipped(error)


def _store(title: str, fresh: Callable[[Path], str], ways: Ways, rounds: int) -> None:
    taken: dict[str, list[float]] = {name: [] for name in ways}
    cpu: list[float] = []
    for _ in range(rounds):
        for name, way in ways.items():
            with _filled(fresh) as documents:
                used = time.process_time()
                taken[name].append(_MANY / way(documents))
                if name == "whole":
                    cpu.append((time.process_time() - used) / _MANY * 1e6)
    lines = [plain(f"{title}: {name}", rates, "/s") for name, rates in taken.items()]
    lines.append(at_least(f"{title}: deleting, best round", max(taken["deleting"]), _TARGET, "/s"))
    lines.append(plain(f"{title}: whole, own CPU a document", cpu, "us"))
    show(lines)


@contextmanager
def _filled(fresh: Callable[[Path], str]) -> Iterator[Documents]:
    """A new store with the counters in it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cleanup-")))
        documents = stack.enter_context(closing(open_documents(fresh(folder), patience=60.0)))
        creates = [Create(USAGE_COUNTERS, random_id(), _counter(n)) for n in range(_MANY)]
        for at in range(0, _MANY, MAX_WRITES):
            documents.commit(creates[at : at + MAX_WRITES])
        yield documents


def _counter(number: int) -> dict[str, object]:
    end = _OLD + timedelta(seconds=number)
    return counter_data(
        tenant="acme", user=f"u{number}", metric="pages", period="2019-12-01", period_end=end
    )


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{folder}/documents.sqlite3"


def _firestore(_folder: Path) -> str:
    return f"firestore://bench-{uuid.uuid4().hex[:12]}/(default)"


# --- ways, each of which takes so many seconds


def _whole(documents: Documents) -> float:
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(documents, f"file://{folder}/blobs")
        began = time.perf_counter()
        run = ledger.perform("usage-counter-cleanup", {"force": True})
        took = time.perf_counter() - began
        assert ledger.result(run)["removed_count"] == _MANY
        return took


def _deleting(documents: Documents) -> float:
    chunks = _chunks(documents)
    tallies = Tallies(documents, random_id(), many=THREADS, as_of=_OLD)
    writer = Writer(documents, tallies, stopping=lambda: False, malformed=lambda _: None)
    took = _in_threads(lambda it: writer.write(it, lambda each: removal(each, "old")), chunks)
    assert tallies.counts == {"removed_count": _MANY}
    return took


def _bare_firestore(documents: Documents) -> float:
    from google.cloud.firestore import Client

    chunks, client = _chunks(documents), Client(project=documents.project)  # type: ignore[attr-defined]

    def delete(chunk: list[Document]) -> None:
        batch, counters = client.batch(), client.collection(USAGE_COUNTERS)
        for each in chunk:
            batch.delete(counters.document(each.id))
        batch.commit()

    return _in_threads(delete, chunks)


def _bare_sqlite(documents: Documents) -> float:
    chunks = _chunks(documents)
    with closing(sqlite3.connect(documents.path, isolation_level=None)) as bare:  # type: ignore[attr-defined]
        began = time.perf_counter()
        for chunk in chunks:
            ids = [(each.id,) for each in chunk]
            bare.execute("BEGIN IMMEDIATE")
            bare.executemany(f"DELETE FROM {USAGE_COUNTERS} WHERE _id = ?", ids)  # noqa: S608
            bare.execute("COMMIT")
        return time.perf_counter() - began


_WAYS: Ways = {"whole": _whole, "deleting": _deleting}


def _chunks(documents: Documents) -> list[list[Document]]:
    query = Query(USAGE_COUNTERS, order=("period_end",), limit=BATCH)
    chunks = [documents.query(query)]
    while len(chunks[-1]) == BATCH:
        chunks.append(documents.query(replace(query, after=chunks[-1][-1])))
    return chunks


def _in_threads(act: Callable[[list[Document]], None], chunks: list[list[Document]]) -> float:
    with ThreadPoolExecutor(THREADS) as pool:
        began = time.perf_counter()
        list(pool.map(act, chunks))
        return time.perf_counter() - began
