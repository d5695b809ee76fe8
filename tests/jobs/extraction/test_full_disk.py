"""Row 15: a disk that is full while a document is fetched, or tables are written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from common.documents import open_documents
from common.runs import State
from tests.jobs.extraction.ledger import Ledger
from tests.jobs.extraction.test_table import batch, result
from tests.services.small_disk import on_small_disk

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("size", "argv"),
    [
        ("1m", ["extraction", "--source", "large.txt", "--schema", "invoice"]),
        ("16k", ["extraction-table", "--batch", "b1"]),
        ("200k", ["extraction-table", "--batch", "b1", "--formats", "xlsx"]),
    ],
)
def test_a_full_disk_is_said_by_its_name_and_left_as_it_was(tmp_path, size, argv):
    documents = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3")
    ledger = Ledger(documents, f"file://{tmp_path}/blobs")
    ledger.blobs.write("large.txt", b"x" * 2_000_000)
    items = [f"thing {number} {os.urandom(40).hex()}" for number in range(30)]
    batch(ledger, {f"{number}.pdf": result(f"{number}.pdf", items=items) for number in range(100)})
    disk = tmp_path / "disk"
    disk.mkdir()
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(disk),
        "CLOUD_RUN_EXECUTION": "x",
        "RUNJOBS_EXECUTOR": "local",
        "RUNJOBS_DOCUMENTS": documents.url,
        "RUNJOBS_BLOBS": f"file://{tmp_path}/blobs",
    }
    command = on_small_disk([sys.executable, "-m", "jobs", *argv], folder=disk, size=size)
    done = subprocess.run(
        command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert "left:" not in done.stdout, done.stdout
    (run,) = [run for run in ledger.runs.list() if run.batch is None]
    assert run.state is State.PENDING, run
    assert run.attempts[-1].error.type in {"DiskFull", "StorageFull"}, done.stderr
    documents.close()
