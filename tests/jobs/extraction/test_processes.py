"""The job as Cloud Run runs it, in processes that are told to end, killed, and started again."""

from __future__ import annotations

import signal
import time

import pytest

from common.blobs import open_blobs
from common.runs import State
from common.runtime.jsontext import from_json
from tests.jobs.extraction.papers import invoice
from tests.jobs.extraction.test_gemini import GOOD
from tests.jobs.task import SECONDS, Task
from tests.services.gemini import HANGING, said

SCHEMA = '[{"name": "number", "type": "id"}, {"name": "total", "type": "money"}]'
ARGV = ["extraction", "--source", "a.pdf", "--schema", SCHEMA]


@pytest.fixture
def task(tmp_path, gemini) -> Task:
    env = {"GEMINI_API_KEY": "canary-key", "GEMINI_BASE_URL": gemini.url}
    found = Task(tmp_path, ARGV, env)
    open_blobs(found.env["RUNJOBS_BLOBS"]).write("a.pdf", invoice())
    return found


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
    code, output = task.finish()
    assert code == 0, output
    assert task.run.state is State.SUCCEEDED
    assert from_json(task.run.result)["values"]["number"] == "INV-2026-001"
    assert len(gemini.questions) == 2
    assert task.left == []
