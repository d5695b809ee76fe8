"""Of every job there is: its page, what it declares, and that it works on both document stores."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet

from common.cli import cli
from common.media.ffmpeg import executable
from common.runs import State
from common.runtime.discover import all_jobs
from tests.jobs.extraction.ledger import Ledger

ROOT = Path(__file__).parents[2]
JOBS = {job.name: job for job in all_jobs()}

SAMPLES = {
    "abandoned-job-cleanup": {"dry_run": True},
    "analysis": {"question": "What is due?", "sources": ["bill.txt"], "provider": "local"},
    "artifact-cleanup": {"dry_run": True},
    "daily-plan": {},
    "extraction": {"source": "bill.txt", "schema": "invoice", "provider": "local"},
    "extraction-batch": {"sources": ["bill.txt"], "schema": "invoice", "provider": "local"},
    "free-user-period-reset": {"dry_run": True},
    "image-generation": {"prompt": "a kite", "size": "512", "provider": "local"},
    "monitor-check": {"monitor": "bill", "source": "bill.txt", "summary": "local"},
    "noop": {},
    "opt-out-data-cleanup": {"dry_run": True},
    "reel-stitching": {"clips": ["clip.mp4", "clip.mp4"]},
    "run-initializer": {"source": ["bills.zip"], "schema": "invoice", "provider": "local"},
    "usage-counter-cleanup": {"dry_run": True},
    "video-generation": {
        "prompt": "a kite",
        "duration": 1,
        "resolution": "360p",
        "provider": "local",
    },
    "zip-unpack": {"source": "bills.zip"},
}
"""Params that do, of what `ledger` has."""
SUBMITTED_BY = {"extraction-table": "extraction-batch"}
WITH_ACCOUNTS = {
    "automation-trigger": "tests/jobs/gmail/test_trigger.py",
    "drive-export": "tests/jobs/drive/test_stores.py",
    "drive-import": "tests/jobs/drive/test_stores.py",
    "gmail-import": "tests/jobs/gmail/test_import.py",
    "gmail-watch-renewal": "tests/jobs/privacy/test_renewal.py",
    "stripe-usage-reconciliation": "tests/jobs/billing/test_reconciliation.py",
}
"""They need an account at Google or Stripe, of which there are stand-ins: where they are tried."""


@pytest.fixture(scope="session")
def clip(request) -> bytes:
    request.getfixturevalue("ffmpeg")
    film = ["-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x64:r=10:d=0.5", "-c:v", "libx264"]
    form = ["-pix_fmt", "yuv420p", "-f", "mp4", "-movflags", "frag_keyframe+empty_moov", "-"]
    return subprocess.run([executable(), *film, *form], check=True, capture_output=True).stdout


@pytest.fixture
def ledger(documents, tmp_path, clip, monkeypatch) -> Ledger:
    monkeypatch.setenv("ENCRYPTION_KEY", Fernet.generate_key().decode())
    made = Ledger(documents, (tmp_path / "blobs").as_uri())
    bill = b"Invoice number: 1\nTotal due: 12.50 EUR\n"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr("bill.txt", bill)
    for name, data in (("bill.txt", bill), ("bills.zip", archive.getvalue()), ("clip.mp4", clip)):
        made.blobs.write(name, data)
    return made


def test_each_is_tried():
    assert {*SAMPLES, *SUBMITTED_BY, *WITH_ACCOUNTS} == JOBS.keys()


@pytest.mark.parametrize("name", SAMPLES)
def test_it_works_on_both_stores(ledger, name):
    ledger.submit(name, SAMPLES[name])
    done = ledger.work()
    assert {name, *(job for job, by in SUBMITTED_BY.items() if by == name)} <= {r.job for r in done}
    assert [(run.job, run.error) for run in done if run.state is not State.SUCCEEDED] == []


@pytest.mark.parametrize("path", sorted({*WITH_ACCOUNTS.values()}))
def test_what_needs_an_account_is_tried_elsewhere(path):
    assert "def test_" in (ROOT / path).read_text()


@pytest.mark.parametrize("name", JOBS)
def test_it_has_a_page_that_the_readme_leads_to(name):
    pages = [*(ROOT / "docs").glob("*.md")]
    heading = re.compile(rf"^#+ .*\b{name}\b", re.MULTILINE)
    headed = [page for page in pages if heading.search(page.read_text())]
    readme = (ROOT / "README.md").read_text()
    assert name in readme
    assert name == "noop" or [page for page in headed if f"docs/{page.name}" in readme]


def test_all_are_listed_with_what_they_declare(tmp_path):
    said = CliRunner().invoke(cli, ["jobs", "--json"], env={"RUNJOBS_HOME": str(tmp_path)})
    found = {job["name"]: job for job in json.loads(said.stdout)}
    assert found.keys() == JOBS.keys()
    for name, job in JOBS.items():
        told = found[name]
        assert [told["cpu"], told["memory"], told["queue"]] == [job.cpu, job.memory, job.queue]
        assert told["summary"]
