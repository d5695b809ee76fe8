"""runjobs gcloud: the real gcloud where what it does counts, a script in its place where what is
passed on to it does."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
from contextlib import contextmanager

import pytest

from tests.cli.conftest import COMMAND
from tests.services.missing import missing
from tests.services.process import free_port

VIDEO = "--args=^;;^--prompt=a cat, asleep;;--duration=1;;--resolution=360p"


@pytest.fixture
def gcloud():
    if shutil.which("gcloud") is None:
        missing("gcloud", "see https://cloud.google.com/sdk/docs/install")


@pytest.fixture
def script(tmp_path, environment):
    """Puts a shell script in gcloud's place; returns the environment in which it is."""

    def put(text: str) -> dict[str, str]:
        folder = tmp_path / "bin"
        folder.mkdir()
        file = folder / "gcloud"
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)
        return {**environment, "PATH": f"{folder}{os.pathsep}{environment['PATH']}"}

    return put


@contextmanager
def running(env, tmp_path):
    """runjobs gcloud in a session of its own, once the script has said that it is ready."""
    process = subprocess.Popen(
        [COMMAND, "gcloud", "--", "anything"],
        env=env,
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout.readline() == "ready\n"
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.usefixtures("gcloud")
def test_a_user_types_what_production_will_run(runjobs, inside):
    done = runjobs("gcloud", "--", "run", "jobs", "execute", "video-generation", VIDEO, "--wait")
    assert done.code == 0, done.err
    assert "has successfully completed" in done.err
    (run,) = inside("list", "--json").json
    assert (run["job"], run["state"]) == ("video-generation", "succeeded")
    assert "a cat, asleep" in inside("show", run["id"]).out


@pytest.mark.usefixtures("gcloud")
def test_an_execution_outlives_it(runjobs, inside, home):
    done = runjobs("gcloud", "--", "run", "jobs", "execute", "video-generation", VIDEO, "--async")
    assert done.code == 0, done.err
    id = re.search(r"video-generation-\w+", done.err)[0]
    with (home / "executions" / id / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)  # until no one lives there any more
    (run,) = inside("list", "--json").json
    assert run["state"] == "succeeded"


@pytest.mark.usefixtures("gcloud")
def test_what_gcloud_refuses_is_refused(runjobs):
    refused = runjobs("gcloud", "run", "jobs", "describe", "none", "--format=json")
    assert (refused.code, refused.out) == (1, "")
    assert "Cannot find job [none]" in refused.err


def test_words_input_and_exit_code_are_passed_on(runjobs, script):
    env = script('echo "$#" "$@"; cat; exit 7')
    said = runjobs("gcloud", "--", "a b", "--help", "--", "-c", env=env, stdin="in")
    assert said.code == 7
    assert said.out == "4 a b --help -- -c\nin"


def test_only_gcloud_is_told_of_the_local_cloud(runjobs, script):
    """And of the user's own account and configuration it is told nothing."""
    env = script("env") | {
        "CLOUDSDK_ACTIVE_CONFIG_NAME": "mine",
        "CLOUDSDK_PYTHON": "python3",
        "NO_PROXY": "*",
        "GOOGLE_CLOUD_PROJECT": "acme",
        "CLOUD_RUN_REGION": "europe-west1",
    }
    told = dict(line.split("=", 1) for line in runjobs("gcloud", env=env).out.splitlines())
    assert told["CLOUDSDK_CORE_PROJECT"] == "acme"
    assert told["CLOUDSDK_RUN_REGION"] == "europe-west1"
    assert told["CLOUDSDK_PYTHON"] == "python3"
    assert told["http_proxy"].startswith("http://127.0.0.1:")
    assert {"CLOUDSDK_ACTIVE_CONFIG_NAME", "NO_PROXY"} & set(told) == set()


def test_without_gcloud_one_sentence_says_so(runjobs, tmp_path):
    said = runjobs("gcloud", "--", "version", env={"PATH": str(tmp_path)})
    assert said.code == 1
    assert said.err.startswith("Error: gcloud is not installed")
    assert said.err.count("\n") == 1


@contextmanager
def serving(env, tmp_path):
    process = subprocess.Popen(
        [COMMAND, "serve"], env=env, cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    assert "Serving" in process.stderr.readline()
    try:
        yield
    finally:
        process.kill()
        process.communicate()


def test_a_server_of_the_same_ledger_is_used(runjobs, script, tmp_path):
    env = script('echo "$http_proxy"') | {"RUNJOBS_PORT": str(free_port())}
    url = f"http://127.0.0.1:{env['RUNJOBS_PORT']}\n"
    with serving(env, tmp_path):
        assert runjobs("gcloud", env=env).out == url
        other = {**env, "RUNJOBS_HOME": str(tmp_path / "other")}
        assert runjobs("gcloud", env=other).out not in {url, ""}
    assert runjobs("gcloud", env=env).out not in {url, ""}


def test_a_ctrl_c_is_gclouds_to_answer(script, tmp_path):
    env = script("trap 'echo caught; exit 9' INT; echo ready; read line")
    with running(env, tmp_path) as process:
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout.read() == "caught\n"
        assert process.wait(20) == 9


def test_a_request_to_end_is_handed_on(script, tmp_path):
    env = script("trap 'echo caught; exit 9' TERM; echo ready; read line")
    with running(env, tmp_path) as process:
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "caught\n"
        assert process.wait(20) == 9


def test_a_gcloud_that_was_killed_is_told_as_a_shell_tells_it(script, tmp_path):
    with running(script("echo ready; kill -KILL $$"), tmp_path) as process:
        assert process.wait(20) == 137
