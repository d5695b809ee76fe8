"""A full disk is said by its name, and nothing is left on it (row 15)."""

from __future__ import annotations

import subprocess
import sys

from common.runs import State
from tests.runtime.tasks import ROOT
from tests.services.small_disk import on_small_disk


def test_a_job_that_fills_the_disk_says_so_and_leaves_nothing(tasks):
    disk = tasks.folder / "disk"
    disk.mkdir()
    command = on_small_disk([sys.executable, "-m", "jobs", "trial-fills"], folder=disk)
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=tasks.env(TMPDIR=str(disk)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "left:" not in done.stdout
    (run,) = tasks.runs.list()
    assert run.state is State.FAILED or run.state is State.PENDING
    (error,) = {attempt.error for attempt in run.attempts}
    assert error.type == "DiskFull"
    assert "No space is left for " in error.message
    assert "TMPDIR" in error.message
    assert "Traceback" not in done.stdout + done.stderr
