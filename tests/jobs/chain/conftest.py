"""Chains, performed in this process one run after the other, and the files that they are fed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping

import pytest

from common.runs import Batches, Run, State
from tests.jobs.extraction.ledger import Ledger

TEXT = """{seller}
12 Mill Lane, Bristol BS1 4XE

Invoice number: {number}
Invoice date: 2026-02-09
Due date: 2026-03-11

Description      Qty   Unit price   Amount
Survey             1       100.00   100.00

Subtotal: 100.00 GBP
VAT 20 %: 20.00 GBP
Total due: 120.00 GBP
"""


def invoice(number: str, seller: str = "Harbour & Webb Ltd") -> bytes:
    """A small one, as text."""
    return TEXT.format(number=number, seller=seller).encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as there:
        for name, data in files.items():
            there.writestr(name, data)
    return stream.getvalue()


class Chains(Ledger):
    """A ledger, and what is asked of chains in it."""

    def put(self, path: str, data: bytes) -> str:
        self.blobs.write(path, data)
        return path

    def begin(self, *, tenant: str = "", **params) -> str:
        """The batch of a chain that is begun."""
        started = self.perform("run-initializer", params, tenant=tenant)
        return self.result(started)["batch"]

    def end(self, batch: str) -> Run:
        """The last stage of a chain, all runs of which are performed."""
        self.work()
        assert Batches(self.runs).begun_within(batch, going_on=True) == 0
        return self.stages(batch)[-1]

    def stages(self, batch: str) -> list[Run]:
        found = self.runs.list({"batch": batch, "job": "run-initializer"})
        return sorted(found, key=lambda run: run.created)

    def of(self, batch: str, job: str) -> list[Run]:
        return self.runs.list({"batch": batch, "job": job})

    def jobs(self, batch: str) -> dict[str, int]:
        """How many runs of each job a chain has."""
        found: dict[str, int] = {}
        for run in self.runs.list({"batch": batch}):
            found[run.job] = found.get(run.job, 0) + 1
        return found

    def work_on(self, only: Callable[[Run], bool]) -> None:
        """Perform what is pending, but for what is left to the test."""
        while found := [run for run in self.runs.list({"state": State.PENDING}) if only(run)]:
            self.attempt(found[0].id)


@pytest.fixture
def chains(documents, tmp_path) -> Iterator[Chains]:
    """On each store."""
    yield from _chains(documents, tmp_path)


@pytest.fixture
def here(tmp_path) -> Iterator[Chains]:
    """On a laptop's."""
    from common.documents import open_documents

    with_sqlite = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3")
    yield from _chains(with_sqlite, tmp_path)
    with_sqlite.close()


def _chains(documents, tmp_path) -> Iterator[Chains]:
    (tmp_path / "blobs").mkdir()
    chains = Chains(documents, f"file://{tmp_path}/blobs")
    yield chains
    chains.__dict__.pop("documents")
    chains.close()
