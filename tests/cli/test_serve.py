"""Serving and sweeping, as processes of their own."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from contextlib import contextmanager

import pytest

from common.documents import open_documents
from common.runs import Run, Runs, Worker
from common.settings import Settings
from tests.cli.conftest import COMMAND

NOBODY = "localhost:1"
"""Where no emulator answers."""


@contextmanager
def serving(environment, tmp_path, *options):
    """A process that serves, once it has said so; it is killed if the test did not end it."""
    process = subprocess.Popen(
        [COMMAND, "serve", *(options or ("--port", "0"))],
        env=environment,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    process.said = ""
    while "Serving at" not in process.said:  # what comes after it is for `communicate`
        line = process.stderr.readline()
        assert line, process.said
        process.said += line
    process.url = re.search(r"http://[^ ;\"]+", line)[0].replace("0.0.0.0", "127.0.0.1")  # noqa: S104
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ended(process, number=signal.SIGTERM) -> tuple[int, str, float]:
    """Its exit code, what it logged, and how long it took to end once it was told to."""
    began = time.monotonic()
    process.send_signal(number)
    _, log = process.communicate(timeout=20)
    return process.returncode, log, time.monotonic() - began


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_within_a_second(environment, tmp_path, number):
    with serving(environment, tmp_path) as process:
        code, log, took = ended(process, number)
    assert code == 0
    assert log.splitlines()[-1].endswith("Served.")
    assert took < 1


def test_two_that_serve_start_what_comes_due_once(inside, environment, tmp_path):
    with serving(environment, tmp_path) as one, serving(environment, tmp_path) as other:
        ids = [inside("submit", "noop", "--delay", "1s", "--json").json["id"] for _ in range(3)]
        for id in ids:
            until_ended(environment, id)
        logs = [ended(process)[1] for process in (one, other)]
    for id in ids:
        assert sum(log.count(id) for log in logs) <= 1  # a task may have drained it
        assert len(inside("show", id, "--json").json["attempts"]) == 1
    assert any("of maintenance-tasks. (" in log for log in logs)


def until_ended(environment, id) -> Run:
    """The run, as soon as it has ended; nobody but those who serve does anything for it."""
    documents = open_documents(Settings.load(environment).documents)
    end = time.monotonic() + 60
    try:
        while time.monotonic() < end:
            run = Runs(documents).get(id)
            if run.state.ended:
                return run
    finally:
        documents.close()
    raise AssertionError(f"{run} has not ended")


def test_cloud_tasks_needs_nobody_to_drive_it(runjobs):
    said = runjobs(
        "serve",
        env={
            "RUNJOBS_WAKEUPS": "cloud-tasks",
            "GOOGLE_CLOUD_PROJECT": "p",
            "RUNJOBS_DISPATCHER_URL": "http://localhost:1",
            "RUNJOBS_TASKS_ENDPOINT": "http://localhost:1",
        },
    )
    assert said.code == 1
    assert "RUNJOBS_WAKEUPS=local" in said.err


def test_a_sweep_says_what_it_did_and_when_the_next_is_needed(runjobs, inside, environment):
    assert runjobs("sweep").out == "Nothing was left undone.\n"
    documents = open_documents(Settings.load(environment).documents)
    runs, now = Runs(documents), documents.now()
    queue = "maintenance-tasks"
    runs.submit(Run(id="lost", job="noop", queue=queue, params="{}", created=now, due=now))
    swept = inside("sweep", "--json")
    assert (swept.code, swept.json["started"], swept.json["troubles"]) == (0, ["lost"], [])
    assert swept.json["next"].endswith("Z")
    until_ended(environment, "lost")
    runs.submit(Run(id="gone", job="gone", queue=queue, params="{}", created=now, due=now))
    runs.claim("gone", Worker(name="w"))
    assert "The next sweep is needed at" in inside("sweep").out
    documents.close()


def test_who_sweeps_while_another_does_leaves_it_to_that_one(inside, environment):
    documents = open_documents(Settings.load(environment).documents)
    until = documents.now().replace(year=2999)
    documents.update("leases", "sweep", lambda _: {"holder": "other", "until": until})
    said = inside("sweep")
    documents.close()
    assert (said.code, said.out) == (0, "Another is sweeping just now.\n")


def test_it_ends_within_a_second_also_while_its_store_does_not_answer(environment, tmp_path):
    nobody = {"RUNJOBS_DOCUMENTS": "firestore://p/(default)", "FIRESTORE_EMULATOR_HOST": NOBODY}
    with serving({**environment, **nobody}, tmp_path) as process:
        code, log, took = ended(process)
    assert code == 0
    assert "left to the next one" in log
    assert took < 1
