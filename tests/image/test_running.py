"""The image's own entrypoint: a job, told to end, out of memory; and the dispatcher."""

from __future__ import annotations

import re
import signal
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from common.deploy.deployment import DISPATCHER
from common.documents import open_documents
from common.runs import Runs
from tests.image.memory import limited
from tests.services.process import free_port

TRIALS = {
    "PYTHONPATH": "/mnt/runtime/plugin:/mnt/image/plugin",
    "CLOUD_RUN_EXECUTION": "x-1",
}
ENOUGH = 96
"""Megabytes for a job that does nothing, with room to spare."""


@pytest.fixture
def only(tmp_path):
    """The one run in the ledger of the container's home."""

    def only():
        documents = open_documents(f"sqlite:///{tmp_path}/.runjobs/documents.sqlite3")
        try:
            (run,) = Runs(documents).list()
        finally:
            documents.close()
        return run

    return only


def test_a_job_runs_by_the_images_own_entrypoint(image, start, only):
    assert start(image, "noop").wait() == 0
    assert only().state == "succeeded"


def test_cloud_run_says_by_the_jobs_name_which_one_it_is(light, start, only):
    env = {"CLOUD_RUN_JOB": "noop", "CLOUD_RUN_EXECUTION": "noop-x1", "CLOUD_RUN_TASK_INDEX": "0"}
    local = {"RUNJOBS_EXECUTOR": "local", "RUNJOBS_WAKEUPS": "local"}
    home = "sqlite:////home/runjobs/.runjobs/documents.sqlite3"
    done = start(light, env={**env, **local, "RUNJOBS_DOCUMENTS": home})
    assert done.wait() == 0, done.text
    assert only().job == "noop"


VIDEO = ("video-generation", "--prompt", "a cat", "--duration", "1", "--resolution", "360p")


def test_the_media_image_makes_a_video(media, start, only, tmp_path):
    done = start(media, *VIDEO)
    assert done.wait() == 0, done.text
    assert only().state == "succeeded"
    (video,) = tmp_path.rglob("video.mp4")
    assert video.read_bytes()[4:8] == b"ftyp"


def test_the_light_image_says_what_it_has_not(light, start, tmp_path):
    done = start(light, *VIDEO)
    assert done.wait() not in {0, 137}
    assert "imageio_ffmpeg" in done.text
    assert "media" in done.text
    assert not [*tmp_path.rglob("*.mp4")]


def test_no_start_compiles_anything(light, start):
    """`-v` tells of each module whether it came from source or from bytecode."""
    done = start(light, "noop", entrypoint=["python", "-P", "-v", "-m", "jobs"])
    assert done.wait() == 0
    loaded = re.findall(r"code object from '([^']+)'", done.text)
    assert len(loaded) > 100
    assert [path for path in loaded if not path.endswith(".pyc")] == []


def test_the_job_is_the_first_process_and_gives_its_run_back_when_told_to_end(light, start, only):
    """The kernel keeps a signal without a handler from a first process: ours must have one."""
    container = start(light, "trial-counts", env=TRIALS)
    container.await_line("ready")
    assert _numbers(container.first)[-1] == "1"
    code, seconds = container.end(signal.SIGTERM)
    assert seconds < 8
    run = only()
    assert (run.state, run.attempts[-1].outcome) == ("pending", "interrupted"), container.text
    assert run.checkpoint == '{"n":7}'
    assert code != 137


def _numbers(process: int) -> list[str]:
    """Of a process, in each namespace that sees it, the innermost last."""
    (line,) = re.findall(r"^NSpid:(.*)$", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    return line.split()


def test_a_child_that_does_not_listen_ends_with_its_job(light, start):
    container = start(light, "trial-stubborn", "--how", "child", env=TRIALS)
    container.await_line("ready")
    _, seconds = container.end(signal.SIGTERM)
    assert seconds < 8


def test_the_kernel_ends_what_needs_too_much_memory_and_the_task_tried_again_takes_over(
    light, start, only, tmp_path
):
    with limited(tmp_path.name, ENOUGH) as procs:
        first = start(light, "trial-hungry", env=TRIALS, memory=procs)
        assert first.wait() == 137, first.text
        assert only().state == "running"  # nobody was left to say otherwise
        again = start(
            light, "trial-hungry", env={**TRIALS, "CLOUD_RUN_TASK_ATTEMPT": "1"}, memory=procs
        )
        assert again.wait() == 0, again.text
    assert only().state == "succeeded"
    assert [attempt.outcome for attempt in only().attempts][-1] == "succeeded"


def test_a_job_that_does_nothing_needs_little_memory(light, start, tmp_path):
    with limited(tmp_path.name, ENOUGH) as procs:
        assert start(light, "noop", memory=procs).wait() == 0


def test_the_dispatcher_runs_as_it_is_deployed_and_ends_when_told_to(light, start, firestore_host):
    port = free_port()
    env = {
        "K_SERVICE": DISPATCHER,
        "PORT": str(port),
        "GOOGLE_CLOUD_PROJECT": f"test-{port}",
        "FIRESTORE_EMULATOR_HOST": firestore_host,
        "RUNJOBS_DISPATCHER_URL": "https://dispatcher.example",
        "RUNJOBS_WAKEUP_ACCOUNT": "wakeups@example.com",
        # Nobody is there, and nobody is asked.
        **{f"RUNJOBS_{api}_ENDPOINT": "http://127.0.0.1:1" for api in ("RUN", "TASKS")},
    }
    container = start(light, "serve", entrypoint=["runjobs"], env=env)
    container.await_line("{")
    assert status(f"http://127.0.0.1:{port}/healthz") == 200
    assert status(f"http://127.0.0.1:{port}/internal/sweep", b"{}") == 401
    code, seconds = container.end(signal.SIGTERM)
    assert (code, seconds < 8) == (0, True), container.text


def status(url, body=None):
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
