"""Tasks as Cloud Run runs them, against the stand-ins of a world."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.jobs.gmail.world import World

ROOT = Path(__file__).parents[3]
SECONDS = 60


def start(
    world: World,
    execution: str,
    *,
    job: str = "automation-trigger",
    attempt: int = 0,
    **params: Any,
) -> subprocess.Popen[str]:
    """A task, by default the first try at it."""
    options = [part for name, value in params.items() for part in (f"--{name}", str(value))]
    names = ("PATH", "FIRESTORE_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST")
    env = {
        **{name: os.environ[name] for name in names if name in os.environ},
        **world.environment,
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(world.folder),
        "RUNJOBS_HOME": str(world.folder / "home"),
        "RUNJOBS_EXECUTOR": "local",
        "CLOUD_RUN_EXECUTION": execution,
        "CLOUD_RUN_TASK_INDEX": "0",
        "CLOUD_RUN_TASK_ATTEMPT": str(attempt),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "jobs", job, *options],
        cwd=world.folder,
        env=env,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def finish(task: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and output, once it has ended."""
    with task:
        try:
            said, _ = task.communicate(timeout=SECONDS)
        finally:
            task.kill()
    return task.returncode, said
