"""What holds of reading logs: the real client, over HTTP, against the local cloud."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from google.auth.exceptions import DefaultCredentialsError

from common.dispatch.executors.cloud_logs import log_filter, read_logs
from common.errors import Misconfigured, Unavailable
from tests.dispatch.backends import Cloud, launch
from tests.runs.making import attempted
from tests.services.process import free_port

RUN = replace(attempted(), id="z3f6rwqr0g0c42mf", created=datetime(2020, 2, 2, 12, tzinfo=UTC))
OTHER = "another0another0"


def line(**fields) -> str:
    """As jobs print on Cloud Run."""
    return json.dumps({"time": "2020-02-02T12:00:01.5Z", **fields})


@pytest.fixture
def printed(run_api) -> Callable[..., Cloud]:
    """Has a task of the run print lines, after one that is of another run."""

    def print_all(*lines: str) -> Cloud:
        name = run_api.executor.start(launch())
        task = run_api.task()
        for run, said in ((OTHER, [line(message="not ours")]), (RUN.id, lines)):
            task.do(begins=run)
            task.do(print="\n".join(said))
        task.end(0)
        run_api.settle(name)
        run_api.faults.requests.clear()
        return run_api

    return print_all


def read(platform: Cloud) -> list[str]:
    return list(platform.executor.logs(RUN))


def test_only_entries_of_the_run_are_read_oldest_first(printed):
    later, earlier = line(message="later"), line(message="earlier", time="2020-02-02T12:00:00.9Z")
    assert read(printed(later, earlier)) == ["12:00:00 DEFAULT earlier", "12:00:01 DEFAULT later"]


def test_what_is_older_than_the_run_is_not_read(printed):
    assert read(printed(line(message="old", time="2020-02-02T11:59:59Z"))) == []


def test_many_are_asked_for_at_once(printed):
    platform = printed(*(line(message=str(number)) for number in range(1_500)))
    assert [said.split()[-1] for said in read(platform)] == [str(it) for it in range(1_500)]
    assert platform.faults.requests == ["POST /v2/entries:list"] * 2


def test_the_filter_names_the_run_and_since_when_it_is_there():
    assert log_filter(RUN) == (
        'resource.type="cloud_run_job" AND labels.run="z3f6rwqr0g0c42mf" '
        'AND timestamp>="2020-02-02T12:00:00+00:00"'
    )


@pytest.mark.parametrize("id", ['a" OR true', "", "A", 'x" AND labels.tenant="b'])
def test_an_id_that_could_widen_the_filter_is_refused(id):
    with pytest.raises(Misconfigured):
        log_filter(replace(RUN, id=id))


def test_entries_of_all_kinds_are_a_line_each(printed):
    platform = printed(
        line(message="plain", severity="INFO"),
        line(message="structured", frames=3, severity="WARNING"),
        line(frames=3),
        line(message="undated"),
    )
    platform.faults.next.append(lambda answer: answer["entries"][3].pop("timestamp"))
    assert read(platform) == [
        "12:00:01 INFO    plain",
        "12:00:01 WARNING structured",
        "12:00:01 DEFAULT {'frames': 3}",
        "--:--:-- DEFAULT undated",
    ]


@pytest.mark.parametrize("code", [400, 403, 404])
def test_a_refusal_names_the_role_that_is_needed(run_api, code):
    run_api.faults.next.append(code)
    with pytest.raises(Misconfigured, match=r"roles/logging\.viewer"):
        read(run_api)


@pytest.mark.parametrize("fault", [429, 500, 503, "dropped", "malformed"])
def test_a_platform_that_does_not_answer_is_no_fault_of_the_account(run_api, fault):
    run_api.faults.next.extend([fault] * 20)
    with pytest.raises(Unavailable, match="did not answer"):
        read(run_api)


def test_nobody_at_the_endpoint_is_unavailable():
    with pytest.raises(Unavailable, match="refused"):
        list(read_logs("test", RUN, endpoint=f"http://127.0.0.1:{free_port()}"))


def test_no_credentials_are_named_with_the_command_that_gets_them(monkeypatch):
    def none(*_, **__):
        raise DefaultCredentialsError("none were found")

    monkeypatch.setattr("google.auth.default", none)
    with pytest.raises(Misconfigured, match="gcloud auth application-default login"):
        list(read_logs("test", RUN))


def test_a_missing_package_is_named_with_the_extra_that_has_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.cloud.logging", None)
    with pytest.raises(Misconfigured, match=r"runjobs\[gcp\]"):
        list(read_logs("test", RUN))
