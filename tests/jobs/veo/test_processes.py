"""The job as Cloud Run runs it, in a process that is killed and started again."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path

import pytest

from common.blobs import open_blobs
from tests.jobs.task import SECONDS, Task
from tests.services.vertex import HANGING, made

ARGV = ["video-generation", "--provider", "veo", "--duration", "4", "--prompt", "Cats"]


class VeoTask(Task):
    """One that makes a video."""

    def __init__(self, folder: Path, vertex: str) -> None:
        super().__init__(folder, ARGV, {"GOOGLE_CLOUD_PROJECT": "p", "VEO_BASE_URL": vertex})

    def interrupt(self, number: signal.Signals, vertex, **seen: int) -> int:
        """Its next attempt, to which the signal comes once Vertex has seen so many calls."""
        with self.start() as process:
            # Read all along, since a pipe that is full would stop it; it ends with the process.
            drain = threading.Thread(
                target=lambda: vertex.expect_no_more(process.stdout.read()), daemon=True
            )
            drain.start()
            try:
                vertex.wait_for(seconds=SECONDS, **seen)
                process.send_signal(number)
                code = process.wait(SECONDS)
            finally:
                process.kill()
            drain.join(SECONDS)
        return code


@pytest.fixture
def task(tmp_path, vertex) -> VeoTask:
    return VeoTask(tmp_path, vertex.url)


def test_killed_while_polling_and_started_again_it_resumes_and_creates_nothing(vertex, task, film):
    assert task.interrupt(signal.SIGKILL, vertex, looks=1) == -signal.SIGKILL
    vertex.always = made(film)
    code, said = task.finish()
    assert code == 0, said
    assert len(vertex.creates) == 1
    assert len(set(vertex.looks)) == 1
    assert [attempt.outcome for attempt in task.run.attempts] == ["lost", "succeeded"]
    result = json.loads(task.run.result)
    blobs = open_blobs(task.env["RUNJOBS_BLOBS"])
    assert blobs.read(blobs.path(result["video"]["uri"])) == film
    assert result["provider"] == "veo"


def test_told_to_end_while_polling_it_gives_the_run_back_and_resumes(vertex, task, film):
    vertex.on_look.append(HANGING)
    assert task.interrupt(signal.SIGTERM, vertex, looks=1) == 143
    assert task.run.failures == 0
    vertex.always = made(film)
    code, said = task.finish()
    assert code == 0, said
    assert len(vertex.creates) == 1
    assert [attempt.outcome for attempt in task.run.attempts] == ["interrupted", "succeeded"]


def test_killed_between_create_and_persist_the_run_says_ambiguous(vertex, task):
    vertex.on_create.append(HANGING)
    assert task.interrupt(signal.SIGKILL, vertex, creates=1) == -signal.SIGKILL
    code, said = task.finish()
    assert code == 1
    assert "AmbiguousCreate" in said
    assert task.run.state == "failed"
    assert task.run.error.type == "AmbiguousCreate"
    assert "runjobs dead-letters replay" in task.run.error.message
    assert len(vertex.creates) == 1
    assert vertex.looks == []


def test_what_is_asked_of_veo_reaches_it_and_its_video_is_the_result(vertex, task, film):
    vertex.always = made(film)
    code, said = task.finish()
    assert code == 0, said
    result = json.loads(task.run.result)
    assert (result["width"], result["height"], result["duration"]) == (128, 72, 1.0)
