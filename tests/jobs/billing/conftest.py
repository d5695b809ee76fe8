from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from common.documents import open_documents
from common.runtime import Context
from tests.jobs.billing.billing import Billing
from tests.services.stripe import KEY, Stripe


@pytest.fixture(autouse=True)
def _temporary(tmp_path, monkeypatch) -> None:
    """Temporary files go with the test, and nothing of the machine's own settings comes in."""
    for name in [*os.environ]:
        if name.startswith("STRIPE_"):
            monkeypatch.delenv(name)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.fixture(autouse=True)
def _waiting_moves_the_time(time, monkeypatch) -> None:
    """Of all runs: none of them waits in truth."""

    def sleep(run: Context, seconds: float) -> None:
        run.check()
        time.sleep(seconds)

    monkeypatch.setattr(Context, "sleep", sleep)


@pytest.fixture
def stripe(time, monkeypatch) -> Iterator[Stripe]:
    """Stripe with a meter for pages, by the same time as the ledger."""
    with Stripe(now=time.now) as running:
        running.meter("pages")
        monkeypatch.setenv("STRIPE_SECRET_KEY", KEY)
        monkeypatch.setenv("STRIPE_BASE_URL", running.url)
        monkeypatch.setenv("STRIPE_PER_SECOND", "200")
        monkeypatch.setenv("STRIPE_READS_PER_SECOND", "200")
        monkeypatch.setenv("STRIPE_CONCURRENT", "4")
        yield running


@pytest.fixture
def ledger(time, tmp_path) -> Iterator[Billing]:
    """On SQLite."""
    documents = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3")
    yield Billing(documents, f"file://{tmp_path}/blobs", time)
    documents.close()


@pytest.fixture
def each_ledger(documents, tmp_path, time) -> Billing:
    """On each documents store in turn."""
    return Billing(documents, f"file://{tmp_path}/blobs", time)
