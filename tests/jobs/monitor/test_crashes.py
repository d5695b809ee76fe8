"""Killed at each step, and tried again: the change is recorded once, and announced by one id."""

from __future__ import annotations

import itertools
from contextlib import suppress

import pytest

import common.fetch
from common.blobs import open_blobs
from jobs.monitor_check import monitor_check
from tests.chaos.counts import trials
from tests.faults import FAULTS, Faulty
from tests.jobs.drive.attempts import Attempts, Killed
from tests.jobs.drive.knife import Knife
from tests.jobs.monitor.conftest import changes

pytestmark = pytest.mark.usefixtures("read_here")
ROUNDS = trials(1, 50)


@pytest.fixture
def documents_url(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/documents.sqlite3"


@pytest.fixture
def attempts(documents, tmp_path) -> Attempts:
    return Attempts(monitor_check, documents, open_blobs(f"file://{tmp_path}/blobs"), usual={})


def killed(patched, attempts, at, id, params) -> bool:
    """Whether the run was, at its step of that number."""
    knife = Knife(patched, at)
    for name in ("fetch", "send"):
        patched.setattr(common.fetch, name, knife._beside(getattr(common.fetch, name)))
    with suppress(Killed):
        attempts.run(id, **params)
    return knife.fell


def test_a_check_killed_at_any_step_finds_its_change_once(attempts, site, monkeypatch):
    for at in itertools.count(1):
        for turn in range(ROUNDS):
            name = f"{at}x{turn}"
            params = {
                "monitor": name,
                "source": site.url("/page"),
                "summary": "local",
                "webhook": site.url("/hook"),
            }
            site.page("Old.", "Same.")
            attempts.run(f"begin{name}", **params)
            site.page("New.", "Same.")
            site.posted.clear()
            with monkeypatch.context() as patched:
                fell = killed(patched, attempts, at, f"r{name}", params)
            if not fell:
                assert at > 12
                return
            result = attempts.finish(f"r{name}", **params)
            assert (result.changed, result.announced, result.number) == (True, True, 1)
            mine = [change for change in changes(attempts) if change["monitor"] == name]
            assert len(mine) == 1
            assert mine[0]["announced"] is not None
            assert {headers["webhook-id"] for headers, _ in site.posted} == {result.change}
            # Twice only where it was heard, and that it was could not be noted any more.
            assert len(site.posted) in {1, 2}


def test_a_store_that_fails_costs_nothing(attempts, site):
    for number, fault in enumerate(FAULTS * 3):
        site.page("Old.")
        params = {"monitor": f"m{number}", "source": site.url("/page"), "summary": "local"}
        attempts.run(**params)
        site.page("New.")
        inner = attempts.documents
        attempts.documents = Faulty(inner, [None, None, fault, None, fault][number % 3 :])
        assert attempts.run(**params).changed
        attempts.documents = inner
    assert len(changes(attempts)) == 3 * len(FAULTS)


def test_what_an_attempt_given_up_for_dead_records_is_announced(
    attempts, site, monkeypatch, tmp_path
):
    """It records while the next attempt looks at the page, and dies before it announces."""
    params = {"monitor": "m", "source": site.url("/page"), "webhook": site.url("/hook")}
    site.page("Old.")
    attempts.run("begin", **params)
    site.page("New.")
    (tmp_path / "elsewhere").mkdir()
    fetch = common.fetch.fetch

    def dies(*_, **__):
        raise Killed

    def meanwhile(*args, **options):
        monkeypatch.setattr(common.fetch, "fetch", fetch)
        with monkeypatch.context() as elsewhere, suppress(Killed):
            elsewhere.setattr(common.fetch, "send", dies)
            elsewhere.setattr("tempfile.tempdir", str(tmp_path / "elsewhere"))
            monitor_check(monitor_check.validate(params), dead)
        return fetch(*args, **options)

    with attempts.context("r", params) as dead:
        monkeypatch.setattr(common.fetch, "fetch", meanwhile)
        result = attempts.run("r", **params)
    assert (result.changed, result.announced, len(site.posted)) == (True, True, 1)
    assert len(changes(attempts)) == 1
