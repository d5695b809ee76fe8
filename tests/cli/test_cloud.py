"""Commands whose executions are on the local cloud: their tasks are processes of the test's."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from common.documents import open_documents
from common.runs import Runs, Worker, transitions
from common.settings import Settings
from tests.cli.conftest import COMMAND
from tests.dispatch.puppets import Puppets, stage
from tests.services.local_cloud import JOBS, Platform, serving_home


@pytest.fixture
def puppets() -> Iterator[Puppets]:
    with stage() as puppets:
        yield puppets


@pytest.fixture
def platform(tmp_path, puppets) -> Iterator[Platform]:
    with serving_home(tmp_path / "cloud") as platform:
        platform.deploy("noop", puppets.command)
        yield platform


@pytest.fixture
def cloud(platform, environment) -> dict[str, str]:
    """The environment of a laptop that starts executions there."""
    return {
        **environment,
        "RUNJOBS_EXECUTOR": "cloud-run",
        "RUNJOBS_RUN_ENDPOINT": platform.url,
        "GOOGLE_CLOUD_PROJECT": "test",
    }


@pytest.fixture
def ledger(cloud) -> Iterator[Runs]:
    documents = open_documents(Settings.load(cloud).documents)
    yield Runs(documents)
    documents.close()


def claimed(ledger, task):
    """What the container would claim that has this environment."""
    execution = ledger.execution(task.environment["RUNJOBS_EXECUTION"])
    worker = Worker(execution=execution.id, name=task.environment["CLOUD_RUN_EXECUTION"])
    return ledger.claim(execution.runs[0], worker)


def work(ledger, task) -> None:
    now = ledger.documents.now()
    ledger.apply(
        claimed(ledger, task),
        lambda run: transitions.succeed(run, token=run.token, now=now, result="1"),
    )


def test_whoever_waits_outlasts_a_start_that_is_refused_for_now(
    cloud, platform, puppets, ledger, tmp_path
):
    platform.faults.next.append(429)
    waiting = subprocess.Popen(
        [COMMAND, "submit", "noop", "--wait", "--json"],
        env=cloud,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    work(ledger, puppets.next())
    out, _ = waiting.communicate(timeout=30)
    assert (waiting.returncode, json.loads(out)["state"]) == (0, "succeeded")
    assert len([line for line in platform.faults.requests if line.endswith(":run")]) == 2


def test_a_program_gets_the_id_of_what_was_accepted_and_not_started(inside, cloud, platform):
    platform.faults.next.append(429)
    said = inside("submit", "noop", "--json", env=cloud)
    assert (said.code, said.json["state"]) == (1, "pending")
    assert f"Run {said.json['id']} is accepted, but could not be started" in said.err
    assert "429" in said.err


def test_people_are_told_the_id_in_the_error_alone(inside, cloud, platform):
    platform.faults.next.append(429)
    said = inside("submit", "noop", env=cloud)
    assert (said.code, said.out) == (1, "")
    assert "is accepted" in said.err


@pytest.mark.parametrize("arguments", [["--wait", "--json"], ["--json"]])
def test_what_will_never_be_started_is_not_waited_for(inside, cloud, platform, arguments):
    platform.store.delete(f"{JOBS}/noop")
    said = inside("submit", "noop", *arguments, env=cloud)
    assert (said.code, said.json["state"]) == (1, "pending")
    assert "Is noop deployed" in said.err


def test_cancelling_what_is_starting_ends_what_was_started_for_it(inside, cloud, puppets):
    id = inside("submit", "noop", "--json", env=cloud).json["id"]
    task = puppets.next()
    assert "is cancelled" in inside("cancel", id, env=cloud).out
    task.wait()


def test_what_is_starting_is_cancelled_even_if_the_platform_is_away(inside, cloud, platform):
    id = inside("submit", "noop", "--json", env=cloud).json["id"]
    platform.faults.next += [403] * 10
    said = inside("cancel", id, "--json", env=cloud)
    assert (said.code, said.json["state"]) == (0, "cancelled")


def test_what_is_running_is_asked_to_stop_and_not_ended(inside, cloud, puppets, ledger):
    id = inside("submit", "noop", "--json", env=cloud).json["id"]
    task = puppets.next()
    claimed(ledger, task)
    assert "is asked to stop" in inside("cancel", id, env=cloud).out
    task.do(print="I go on.")


def test_show_tells_of_starts_that_came_to_nothing(inside, cloud, ledger):
    id = inside("submit", "noop", "--json", env=cloud).json["id"]
    starting = inside("show", id, "--json", env=cloud).json
    assert (starting["state"], starting["unclaimed"]) == ("starting", 0)
    assert starting["start_by"].endswith("Z")
    assert "to be claimed by" in inside("show", id, env=cloud).out
    ledger.unclaimed(ledger.get(id), "No task came for it in time.")
    assert inside("show", id, "--json", env=cloud).json["unclaimed"] == 1
    (line,) = [line for line in inside("show", id, env=cloud).out.splitlines() if "nothing" in line]
    assert line.split() == ["starts", "that", "came", "to", "nothing", "1"]
