"""What tasks have printed, as Google's own clients read it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from common.dispatch.executors.cloud_logs import read_logs
from common.dispatch.executors.folder import Folder
from common.documents import open_documents
from common.localcloud.cloud import LocalCloud
from common.localcloud.logging.entries import Entries
from common.localcloud.logging.query import ALL
from common.runs import Run
from common.settings import Settings

BEGAN = datetime(2026, 11, 22, 10, tzinfo=UTC)
JOB = "projects/p/locations/europe-west1/jobs/j"


@pytest.fixture
def cloud(tmp_path):
    settings = Settings.load({"RUNJOBS_HOME": str(tmp_path), "GOOGLE_CLOUD_PROJECT": "p"})
    documents = open_documents(settings.documents)
    yield LocalCloud(settings, documents)
    documents.close()


@pytest.fixture
def url(cloud):
    with cloud.serving() as url:
        yield url


@pytest.fixture
def printed(tmp_path):
    """Makes the folder of an execution that has ended, as its supervisor leaves it."""

    def make(execution: str, *tasks: str, resource: str | None = JOB, **known) -> Folder:
        folder = Folder(tmp_path / "executions" / execution)
        asked = {"job": "j", "tasks": len(tasks), "runs": known.pop("runs", [])}
        if resource:
            asked["resource"] = f"{resource}/executions/{execution}"
        with folder.made(asked):
            for task, text in enumerate(tasks):
                folder.log(task).write_text(text)
        state = {"pid": 1, "started": BEGAN.timestamp(), "result": "succeeded", **known}
        told = {str(task): state for task, _ in enumerate(tasks)}
        (folder.path / "state.json").write_text(json.dumps({"tasks": told}))
        return folder

    return make


@pytest.fixture
def entries(url):
    """Asks for entries; returns the whole answer."""

    def ask(filter_: str = "", **more) -> dict:
        asked = {"resourceNames": ["projects/p"], "filter": filter_, **more}
        return httpx.post(f"{url}/v2/entries:list", json=asked).json()

    return ask


def test_a_line_is_an_entry(printed, entries):
    printed("j-1", "one\n\ntwo")
    first, second = entries()["entries"]
    assert first == {
        "insertId": "j-1-00000-000000000000",
        "logName": "projects/p/logs/run.googleapis.com%2Fstdout",
        "resource": {
            "type": "cloud_run_job",
            "labels": {"project_id": "p", "location": "europe-west1", "job_name": "j"},
        },
        "timestamp": "2026-11-22T10:00:00.000000Z",
        "receiveTimestamp": "2026-11-22T10:00:00.000000Z",
        "labels": {
            "run.googleapis.com/execution_name": "j-1",
            "run.googleapis.com/task_index": "0",
            "run.googleapis.com/task_attempt": "0",
        },
        "textPayload": "one",
    }
    assert second["textPayload"] == "two"


def test_a_json_line_says_what_its_entry_is(printed, entries):
    line = {
        "severity": "error",
        "message": "It broke.",
        "time": "2026-11-22T12:00:00+01:00",
        "logging.googleapis.com/labels": {"run": "abc", "try": 2},
        "logging.googleapis.com/trace": "projects/p/traces/1",
        "part": [1],
    }
    printed("j-1", f"{json.dumps(line)}\nafter\n")
    broke, after = entries()["entries"]
    assert (broke["severity"], broke["trace"]) == ("ERROR", "projects/p/traces/1")
    assert broke["labels"].items() >= {"run": "abc", "try": "2"}.items()
    assert broke["jsonPayload"] == {"message": "It broke.", "part": [1]}
    assert broke["timestamp"] == after["timestamp"] == "2026-11-22T11:00:00.000000Z"


def test_a_line_for_people_says_its_severity_and_its_time(printed, entries):
    """On Cloud Run the same line would be JSON, and say both."""
    local = BEGAN.astimezone()
    later, earlier = local + timedelta(minutes=5), local - timedelta(hours=1)
    text = f"{later:%H:%M:%S} WARNING Slow.\nmore\n{earlier:%H:%M:%S} ERROR   The next day."
    printed("j-1", f"{text}\n25:00:00 INFO    Not a time.\n")
    found = entries()["entries"]
    assert [(each.get("severity"), each["timestamp"][:16]) for each in found] == [
        ("WARNING", "2026-11-22T10:05"),
        (None, "2026-11-22T10:05"),
        ("ERROR", "2026-11-23T09:00"),
        (None, "2026-11-23T09:00"),
    ]
    assert found[0]["textPayload"] == f"{later:%H:%M:%S} WARNING Slow."


@pytest.mark.parametrize(
    ("line", "payload"),
    [
        ('{"message": "alone", "severity": "INFO"}', {"textPayload": "alone"}),
        ('{"message": {"a": 1}}', {"jsonPayload": {"message": {"a": 1}}}),
        ('{"severity": "LOUD", "time": "noon"}', None),
        ('{"cut', {"textPayload": '{"cut'}),
        ("[1, 2]", {"textPayload": "[1, 2]"}),
        ('{"a":' * 100_000, None),
    ],
)
def test_what_a_payload_is(printed, entries, line, payload):
    printed("j-1", line)
    first = entries()["entries"][0]
    found = {name: first[name] for name in ("textPayload", "jsonPayload") if name in first}
    expected = payload or (
        {"jsonPayload": json.loads(line)} if line.endswith("}") else {"textPayload": line[:262_144]}
    )
    assert found == expected


def test_each_attempt_has_its_lines_and_its_time(printed, entries):
    later = BEGAN.timestamp() + 60
    failures = [{"offset": 0, "started": BEGAN.timestamp()}]
    printed("j-1", "first\nsecond\n", started=later, offset=6, failures=failures)
    first, second = entries()["entries"]
    assert [each["labels"]["run.googleapis.com/task_attempt"] for each in (first, second)] == [
        "0",
        "1",
    ]
    assert second["timestamp"] == "2026-11-22T10:01:00.000000Z"


def test_pages_go_on_where_they_ended_in_either_order(printed, entries):
    printed("j-1", "a\nb\n", "c\n")
    printed("j-2", "d\n", started=BEGAN.timestamp() + 1)
    for order, expected in (("timestamp asc", "abcd"), ("timestamp desc", "dcba")):
        found, token = "", ""
        while not found or token:
            page = entries(orderBy=order, pageSize=3, pageToken=token)
            found += "".join(each["textPayload"] for each in page["entries"])
            token = page.get("nextPageToken", "")
        assert found == expected


def test_entries_are_of_the_projects_that_are_named(printed, entries):
    printed("j-1", "theirs", resource="projects/other/locations/r/jobs/j")
    printed("j-2", "ours", resource=None)
    assert [each["textPayload"] for each in entries()["entries"]] == ["ours"]
    other = entries(resourceNames=["projects/other"])["entries"]
    assert [each["resource"]["labels"]["location"] for each in other] == ["r"]


def test_only_what_may_have_wanted_entries_is_read(cloud, printed, entries):
    """A log that cannot be opened would be an error."""
    printed("j-1", "a")
    closed = printed("k-1", "b", resource="projects/p/locations/r/jobs/k")
    closed.log(0).unlink()
    closed.log(0).mkdir()
    by_name = 'labels."run.googleapis.com/execution_name"="j-1"'
    assert [each["textPayload"] for each in entries(by_name)["entries"]] == ["a"]
    with pytest.raises(IsADirectoryError):
        list(Entries(cloud.settings).wanted(ALL, {"p"}))


@pytest.mark.parametrize(
    ("asked", "culprit"),
    [
        ({"filter_": 'sample("x", 0.1)'}, "sample"),
        ({"orderBy": "severity"}, "orderBy"),
        ({"resourceNames": []}, "resourceNames"),
        ({"pageToken": "none"}, "pageToken"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(entries, asked, culprit):
    error = entries(**asked)["error"]
    assert error["status"] == "INVALID_ARGUMENT"
    assert culprit in error["message"]


def test_runjobs_reads_a_runs_output_by_googles_client(url, printed):
    """As it does in production: by the run's label, which a local task notes beside its log."""
    folder = printed("j-1", "start\nof a\nof b\n", runs=["a"])
    folder.index(0).write_text("0 a\n11 b\n")
    run = Run(id="a", job="j", params="{}", created=BEGAN, due=BEGAN, queue="default")
    found = [*read_logs("p", run, endpoint=url)]
    assert [line.split()[-1] for line in found] == ["start", "a"]
