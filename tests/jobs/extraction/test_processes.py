"""The job as Cloud Run runs it, in processes that are told to end, killed, and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.blobs import open_blobs
from common.documents import open_documents
from common.runs import Run, Runs, State
from common.runtime.jsontext import from_json
from tests.jobs.extraction.papers import invoice
from tests.jobs.extraction.test_gemini import GOOD
from tests.services.gemini import HANGING, said

ROOT = Path(__file__).parents[3]
SCHEMA = '[{"name": "number", "type": "id"}, {"name": "total", "type": "money"}]'
ARGV = ["extraction", "--source", "a.pdf", "--schema", SCHEMA]
SECONDS = 30


class Task:
    """One task of an execution, which Cloud Run starts again when it has ended badly."""

    def __init__(self, folder: Path, gemini: str) -> None:
        self.attempts = 0
        self.folder = folder
        self.blobs = open_blobs(f"file://{folder}/blobs")
        self.documents = open_documents(f"sqlite:///{folder}/documents.sqlite3")
        self.env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(folder),
            "CLOUD_RUN_EXECUTION": "x",
            "CLOUD_RUN_TASK_INDEX": "0",
            "RUNJOBS_EXECUTOR": "local",
            "RUNJOBS_DOCUMENTS": f"sqlite:///{folder}/documents.sqlite3",
            "RUNJOBS_BLOBS": f"file://{folder}/blobs",
            "GEMINI_API_KEY": "canary-key",
            "GEMINI_BASE_URL": gemini,
        }

    def start(self) -> subprocess.Popen[str]:
        """Its next attempt."""
        env = self.env | {"CLOUD_RUN_TASK_ATTEMPT": str(self.attempts)}
        self.attempts += 1
        return subprocess.Popen(
            [sys.executable, "-m", "jobs", *ARGV],
            cwd=self.folder,
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    @property
    def run(self) -> Run:
        (run,) = Runs(self.documents).list()
        return run

    @property
    def left(self) -> list[Path]:
        """Temporary files."""
        return [path for path in self.folder.glob("runjobs-*/**/*") if path.is_file()]


@pytest.fixture
def task(tmp_path, gemini) -> Iterator[Task]:
    found = Task(tmp_path, gemini.url)
    found.blobs.write("a.pdf", invoice())
    yield found
    found.documents.close()


def test_told_to_end_while_gemini_thinks_it_gives_the_run_back_at_once(task, gemini):
    gemini.on_ask.append(HANGING)
    with task.start() as process:
        gemini.wait_for_questions(1)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=SECONDS)
    assert time.monotonic() - began < 8, output
    assert task.run.state is State.PENDING
    assert task.run.attempts[-1].error is None, output
    assert task.left == []
    assert "canary-key" not in output


def test_killed_while_gemini_thinks_the_next_attempt_ends_it(task, gemini):
    gemini.on_ask.append(HANGING)
    with task.start() as process:
        gemini.wait_for_questions(1)
        process.kill()
        process.communicate(timeout=SECONDS)
    assert task.run.state is State.RUNNING
    gemini.usual = said(GOOD)
    with task.start() as process:
        output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, output
    assert task.run.state is State.SUCCEEDED
    assert from_json(task.run.result)["values"]["number"] == "INV-2026-001"
    assert len(gemini.questions) == 2
    assert task.left == []
