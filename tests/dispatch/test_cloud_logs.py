"""What holds of reading logs: the real client, over HTTP, against a stand-in."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import DefaultCredentialsError
from google.cloud.logging import Client

from common.dispatch.executors.cloud_logs import log_filter, read_logs
from common.errors import Misconfigured, Unavailable
from tests.dispatch.test_local import run_of

RUN = replace(run_of(), id="z3f6rwqr0g0c42mf")


def entry(**fields) -> dict:
    return {
        "logName": "projects/test/logs/stdout",
        "resource": {"type": "cloud_run_job", "labels": {}},
        "timestamp": "2026-11-22T12:00:01.5Z",
        "insertId": "1",
        **fields,
    }


class Logs:
    """entries:list of Cloud Logging, a page at a time."""

    def __init__(self) -> None:
        self.pages: list[list[dict]] = [[]]
        self.fault = 0
        self.asked: list[dict] = []

    def answer(self, asked: dict) -> tuple[int, dict]:
        self.asked.append(asked)
        if self.fault:
            return self.fault, {"error": {"code": self.fault, "message": "on command"}}
        page = int(asked.get("pageToken") or 0)
        more = {"nextPageToken": str(page + 1)} if page + 1 < len(self.pages) else {}
        return 200, {"entries": self.pages[page], **more}


@pytest.fixture
def logs() -> Logs:
    return Logs()


@pytest.fixture
def client(logs) -> Iterator[Client]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = logs.answer(json.loads(asked))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield Client(
            project="test",
            credentials=AnonymousCredentials(),
            client_options={"api_endpoint": f"http://127.0.0.1:{server.server_address[1]}"},
            _use_grpc=False,
        )
        server.shutdown()
        thread.join()


def test_only_entries_of_the_run_are_asked_for_oldest_first_and_many_at_once(logs, client):
    assert list(read_logs("test", RUN, client=client)) == []
    (asked,) = logs.asked
    assert asked["filter"] == log_filter(RUN)
    assert asked["orderBy"] == "timestamp asc"
    assert asked["resourceNames"] == ["projects/test"]
    assert asked["pageSize"] == 1000


def test_the_filter_names_the_run_and_since_when_it_is_there():
    assert log_filter(RUN) == (
        'resource.type="cloud_run_job" AND labels.run="z3f6rwqr0g0c42mf" '
        'AND timestamp>="2026-11-22T12:00:00+00:00"'
    )


@pytest.mark.parametrize("id", ['a" OR true', "", "A", 'x" AND labels.tenant="b'])
def test_an_id_that_could_widen_the_filter_is_refused(id):
    with pytest.raises(Misconfigured):
        log_filter(replace(RUN, id=id))


def test_entries_of_all_kinds_are_a_line_each_over_all_pages(logs, client):
    logs.pages = [
        [entry(textPayload="plain", severity="INFO")],
        [
            entry(jsonPayload={"message": "structured", "frames": 3}, severity="WARNING"),
            entry(jsonPayload={"frames": 3}),
            entry(textPayload="undated", timestamp=None),
        ],
    ]
    assert list(read_logs("test", RUN, client=client)) == [
        "12:00:01 INFO    plain",
        "12:00:01 WARNING structured",
        "12:00:01 DEFAULT {'frames': 3}",
        "--:--:-- DEFAULT undated",
    ]


@pytest.mark.parametrize("code", [400, 403, 404])
def test_a_refusal_names_the_role_that_is_needed(logs, client, code):
    logs.fault = code
    with pytest.raises(Misconfigured, match=r"roles/logging\.viewer"):
        list(read_logs("test", RUN, client=client))


def test_too_many_reads_are_no_fault_of_the_account(logs, client):
    logs.fault = 429
    with pytest.raises(Unavailable, match="did not answer"):
        list(read_logs("test", RUN, client=client))


def test_nobody_at_the_endpoint_is_unavailable(client, monkeypatch):
    def nobody(*_, **__):
        raise ConnectionError("refused")

    monkeypatch.setattr(client._connection, "api_request", nobody)
    with pytest.raises(Unavailable, match="refused"):
        list(read_logs("test", RUN, client=client))


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
