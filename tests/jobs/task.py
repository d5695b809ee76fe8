"""A job as Cloud Run runs it: a process, which is started again when it has ended badly."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from common.documents import open_documents
from common.runs import Run, Runs

__all__ = ["SECONDS", "Task"]

ROOT = Path(__file__).parents[2]
SECONDS = 30
"""In which everything is over."""


class Task:
    """One task of an execution, whose ledger is in a folder."""

    def __init__(self, folder: Path, argv: Sequence[str], env: Mapping[str, str]) -> None:
        self.folder, self.argv = folder, argv
        self.attempts = 0
        self.env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(folder),
            "CLOUD_RUN_EXECUTION": "x",
            "CLOUD_RUN_TASK_INDEX": "0",
            "RUNJOBS_EXECUTOR": "local",
            "RUNJOBS_DOCUMENTS": f"sqlite:///{folder}/documents.sqlite3",
            "RUNJOBS_BLOBS": f"file://{folder}/blobs",
            **env,
        }

    def start(self) -> subprocess.Popen[str]:
        """Its next attempt."""
        env = self.env | {"CLOUD_RUN_TASK_ATTEMPT": str(self.attempts)}
        self.attempts += 1
        return subprocess.Popen(
            [sys.executable, "-m", "jobs", *self.argv],
            cwd=self.folder,
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def finish(self) -> tuple[int, str]:
        """Its next attempt, to the end; returns exit code and output."""
        with self.start() as process:
            try:
                said, _ = process.communicate(timeout=SECONDS)
            finally:
                process.kill()
        return process.returncode, said

    @property
    def run(self) -> Run:
        """What the ledger has."""
        documents = open_documents(self.env["RUNJOBS_DOCUMENTS"])
        try:
            (run,) = Runs(documents).list()
        finally:
            documents.close()
        return run

    @property
    def left(self) -> list[Path]:
        """Temporary files."""
        return [path for path in self.folder.glob("runjobs-*/**/*") if path.is_file()]
