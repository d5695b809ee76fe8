"""The metrics and alerts of docs/alerts: gcloud takes them, and they find what jobs really log."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from common.deploy.deployment import DISPATCHER
from common.localcloud.logging.entry import Origin, entry
from common.localcloud.logging.output import Line
from common.localcloud.logging.parsing import parsed
from tests.image.heard import hearing
from tests.runtime.tasks import Tasks

ROOT = Path(__file__).parents[1]
ALERTS = ROOT / "docs" / "alerts"
METRICS = {path.stem: path for path in sorted(ALERTS.glob("metrics/*.json"))}
POLICIES = {path.stem: path for path in sorted(ALERTS.glob("policies/*.json"))}
ORIGIN = Origin(project="p", region="r", job="trial-ends", execution="x-1")
START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def heard(tmp_path_factory):
    with hearing(tmp_path_factory.mktemp("gcloud")) as heard:
        yield heard


@pytest.fixture
def logged(tmp_path):
    """The entries that Cloud Logging makes of what an attempt with that ending prints."""
    tasks = Tasks(tmp_path)

    def logged(how):
        cloud = {"CLOUD_RUN_JOB": "trial-ends", "RUNJOBS_WAKEUPS": "local"}
        local = {"RUNJOBS_BLOBS": f"file://{tmp_path}/blobs", "GOOGLE_CLOUD_PROJECT": "p"}
        task = tasks.run(f"--how={how}", **cloud, **local, RUNJOBS_EXECUTOR="cloud-run")
        return [entry(ORIGIN, line(at, text), START) for at, text in enumerate(task.lines)]

    yield logged
    tasks.close()


def line(number, text):
    return Line(text=text.rstrip(), offset=number, task=0, attempt=0, run="", started=START)


def metric(name):
    return json.loads(METRICS[name].read_text())


def found(name, entries):
    """The values of the metric's labels, for each entry that it counts."""
    wanted = [each for each in entries if parsed(metric(name)["filter"]).matches(each)]
    fields = metric(name).get("labelExtractors", {}).values()
    labels = [re.fullmatch(r"EXTRACT\(labels\.(\w+)\)", field)[1] for field in fields]
    return [[each["labels"][label] for label in labels] for each in wanted]


@pytest.mark.parametrize("name", METRICS)
def test_gcloud_takes_each_metric_whole(heard, name):
    file = f"--config-from-file={METRICS[name]}"
    assert heard.of("logging", "metrics", "create", name, file) == {"name": name, **metric(name)}


@pytest.mark.parametrize("name", POLICIES)
def test_gcloud_takes_each_policy_whole(heard, name):
    file = f"--policy-from-file={POLICIES[name]}"
    sent = heard.of("alpha", "monitoring", "policies", "create", file)
    assert sent == json.loads(POLICIES[name].read_text())


def test_each_policy_watches_a_metric_that_is_there():
    text = "\n".join(path.read_text() for path in POLICIES.values())
    watched = {*re.findall(r"logging\.googleapis\.com/user/([\w-]+)", text)}
    assert watched
    assert watched <= {*METRICS}
    assert f'service_name=\\"{DISPATCHER}\\"' in text


@pytest.mark.parametrize(
    ("how", "dead", "failures"),
    [
        ("nothing", [], []),
        ("retryable", [], [["trial-ends"]]),
        ("permanent", [["trial-ends"]], [["trial-ends"]]),
    ],
)
def test_they_count_what_a_job_logs(logged, how, dead, failures):
    entries = logged(how)
    assert [each for each in entries if "jsonPayload" in each], entries
    assert found("runjobs-dead-letters", entries) == dead
    assert found("runjobs-attempt-failures", entries) == failures


def test_each_action_that_they_look_for_is_one_that_is_logged():
    source = "\n".join(path.read_text() for path in (ROOT / "common").rglob("*.py"))
    filters = " ".join(metric(name)["filter"] for name in METRICS)
    actions = {*re.findall(r'"([a-z]+(?:-[a-z]+)*)"', filters)} - {"run-failed"}  # see above
    assert len(actions) == 5
    assert {action for action in actions if f'action="{action}"' not in source} == set()
