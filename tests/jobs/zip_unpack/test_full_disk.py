"""A full disk is said by its name, and nothing is left on it (row 15)."""

from __future__ import annotations

import subprocess
import sys

from tests.jobs.zip_unpack.crafted import DEFLATED, Item, crafted
from tests.runtime.tasks import ROOT, Tasks
from tests.services.small_disk import on_small_disk


def test_an_archive_that_fills_the_disk_ends_with_its_reason_and_leaves_nothing(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    small = [Item(name=f"{n}", content=b"x" * 5_000, method=DEFLATED) for n in range(100)]
    large = Item(name="large", content=b"abc" * 30_000_000, method=DEFLATED)
    (tmp_path / "a.zip").write_bytes(crafted(*small, large))
    tasks = Tasks(tmp_path)
    job = [sys.executable, "-m", "jobs", "zip-unpack", "--max-ratio", "5000"]
    places = ["--source", str(tmp_path / "a.zip"), "--destination", disk.as_uri()]
    command = on_small_disk([*job, *places], folder=disk)
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=tasks.env(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    (run,) = tasks.runs.list()
    tasks.close()
    (error,) = {attempt.error for attempt in run.attempts}
    assert error.type == "StorageFull", error
    assert error.retryable
    assert "No space is left on the disk" in error.message
    assert "Traceback" not in done.stdout + done.stderr
    assert "left:" not in done.stdout
