"""A monitor's world: a site, a ledger on each documents store or on one, and a quick reader."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial

import pytest

from common.documents import Query
from common.reading.context import Reading
from common.reading.document import Document
from common.reading.formats import content_type_of, pages_of
from common.reading.limits import Limits
from jobs.monitor_check.state import CHANGES, MONITORS
from tests.jobs.extraction.ledger import Ledger
from tests.jobs.monitor.site import Site
from tests.services.certificate import Tls, certificate

SECRET = "master-secret-of-the-tests-canary-5512"  # noqa: S105


@pytest.fixture(scope="session")
def tls(tmp_path_factory) -> Tls:
    return certificate("files.example", tmp_path_factory.mktemp("tls"))


@pytest.fixture
def site(tls, monkeypatch) -> Iterator[Site]:
    with Site(tls.server).public(monkeypatch, tls.client) as site:
        site.page("Blue widget: 10 EUR", "We ship on Mondays.", "Call us.")
        yield site


@pytest.fixture(autouse=True)
def _settings(monkeypatch, tmp_path) -> None:
    for name in [*os.environ]:
        if name.startswith(("GEMINI_", "GOOGLE_", "MONITOR_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("MONITOR_WEBHOOK_SECRET", SECRET)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.fixture
def read_here(monkeypatch) -> None:
    """In this process: how reading fares in one of its own is tried elsewhere, and takes time."""

    def read(file, *, name, selector="", **_):
        warn: list[str] = []

        def tell(kind, *what):
            warn.extend(what if kind == "warning" else ())

        data = file.read_bytes()
        kind = content_type_of(data, name)
        reading = Reading(name, Limits(), (), tell, selector=selector)
        pages = tuple(reading.fitted(page) for page in pages_of(data, kind, reading))
        return Document(name, kind, pages, tuple(warn))

    monkeypatch.setattr("common.reading.read", read)


@pytest.fixture
def check(ledger, site):
    """Checks the site's page once; returns the result."""
    return partial(checked, ledger, site)


def checked(ledger: Ledger, site: Site, *, tenant: str = "", **params):
    return ledger.result(attempted(ledger, site, tenant=tenant, **params))


def attempted(ledger: Ledger, site: Site, *, tenant: str = "", **params):
    """One attempt at a check; the run."""
    usual = {"monitor": "shop", "source": site.url("/page?key=canary-of-url"), "summary": "local"}
    return ledger.perform("monitor-check", {**usual, **params}, tenant=tenant)


def changes(ledger: Ledger) -> list[dict]:
    found = [document.data for document in ledger.documents.query(Query(CHANGES))]
    return sorted(found, key=lambda change: change["number"])


def monitors(ledger: Ledger) -> list[dict]:
    return [document.data for document in ledger.documents.query(Query(MONITORS))]
