"""A stand-in for the Cloud Run Admin API v2: jobs.run and what one asks of executions, over HTTP.

Its tasks run nothing; they end when the test says so. Its next answers go wrong as `faults` says.
"""

from __future__ import annotations

import json
import queue
import re
import socket
import threading
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

JOBS = "/v2/projects/test/locations/us-central1/jobs"
_TIME = "2026-11-22T12:00:00Z"
_NO_PAGES = 1_000_000
_STATUS = {
    400: "FAILED_PRECONDITION",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class Refused(Exception):
    """What the API answers instead of what was asked for."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Task:
    """One task of an execution."""

    environment: dict[str, str]
    execution: Execution
    result: str | None = None

    def end(self, code: int) -> None:
        self.result = self.result or ("failed" if code else "succeeded")

    @property
    def is_running(self) -> bool:
        return self.result is None


@dataclass
class Execution:
    """One execution, as the API tells of it."""

    name: str
    request: dict
    created: datetime
    tasks: list[Task] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        results = [task.result for task in self.tasks]
        return {
            "runningCount": results.count(None),
            "succeededCount": results.count("succeeded"),
            "failedCount": results.count("failed"),
            "cancelledCount": results.count("cancelled"),
        }

    def as_json(self) -> dict:
        counts = self.counts()
        ended = counts["runningCount"] == 0
        failed = counts["failedCount"] + counts["cancelledCount"] > 0
        message = "The container exited with an error." if failed else ""
        state = f"CONDITION_{'FAILED' if failed else 'SUCCEEDED'}" if ended else "CONDITION_PENDING"
        return {
            "name": self.name.removeprefix("/v2/"),
            "job": self.name.split("/")[-3],
            "createTime": self.created.isoformat(),
            "taskCount": len(self.tasks),
            "template": {"containers": [{"image": "noop", "env": self._variables()}]},
            **counts,
            "conditions": [{"type": "Completed", "state": state, "message": message}],
            **({"completionTime": _TIME} if ended else {}),
        }

    def _variables(self) -> list[dict]:
        """Those of the job, with those of the start over them."""
        own = [{"name": "LOG_LEVEL", "value": "info"}]
        return own + [{"name": name, "value": value} for name, value in given(self).items()]


class CloudRun:
    """The platform: jobs that are deployed, and executions that were started."""

    def __init__(self) -> None:
        self.jobs = {"noop"}
        self.executions: dict[str, Execution] = {}
        self.begun: queue.Queue[Task] = queue.Queue()
        self.faults: deque[int | str | None] = deque()
        """An HTTP status; `lost` and `slow` are applied, but their answer does not come or comes
        late; `dropped` is not applied; `malformed`, `empty`, `nameless` are the answers' faults."""
        self.headers: dict[str, str] = {}
        """Sent with each answer that a fault with a status makes."""
        self.most = _NO_PAGES
        """Executions in one answer, at most."""
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.requests: list[str] = []
        self.late = threading.Event()
        """Set, it lets slow answers go."""

    def run(self, job: str, request: dict) -> dict:
        if job not in self.jobs:
            raise Refused(404, f"Resource '{job}' of kind 'JOB' does not exist.")
        overrides = request.get("overrides", {})
        name = f"{JOBS}/{job}/executions/{job}-{uuid.uuid4().hex[:5]}"
        self.executions[name] = execution = Execution(name, request, self.now())
        for index in range(overrides.get("taskCount", 1)):
            execution.tasks.append(Task(_environment(job, execution, index), execution))
        for task in execution.tasks:
            self.begun.put(task)
        metadata = {"@type": "type.googleapis.com/google.cloud.run.v2.Execution"}
        return {
            "name": f"projects/test/locations/us-central1/operations/{uuid.uuid4()}",
            "metadata": metadata | execution.as_json(),
        }

    def get(self, name: str) -> dict:
        return self._find(name).as_json()

    def cancel(self, name: str) -> dict:
        execution = self._find(name)
        if not execution.counts()["runningCount"]:
            raise Refused(400, "The execution has ended and cannot be cancelled.")
        for task in execution.tasks:
            task.result = task.result or "cancelled"
        return {"name": f"projects/test/locations/us-central1/operations/{uuid.uuid4()}"}

    def list_executions(self, job: str, asked: dict[str, str]) -> dict:
        """A page of them, the newest first. Our tokens are numbers; Google's are not."""
        if job not in self.jobs:
            raise Refused(404, f"Resource '{job}' of kind 'JOB' does not exist.")
        prefix = f"{JOBS}/{job}/executions/"
        known = [it for it in self.executions.values() if it.name.startswith(prefix)]
        known.sort(key=lambda it: it.created, reverse=True)
        first = int(asked.get("pageToken") or 0)
        end = first + min(self.most, int(asked.get("pageSize") or 100))
        more = {"nextPageToken": str(end)} if end < len(known) else {}
        return {"executions": [it.as_json() for it in known[first:end]], **more}

    def list(self) -> dict:
        return {"jobs": [{"name": f"{JOBS}/{job}".removeprefix("/v2/")} for job in self.jobs]}

    def _find(self, name: str) -> Execution:
        if name not in self.executions:
            raise Refused(404, f"Resource '{name}' of kind 'EXECUTION' does not exist.")
        return self.executions[name]


def given(execution: Execution) -> dict[str, str]:
    """The variables that its start has set."""
    overrides = execution.request.get("overrides", {})
    (container,) = overrides.get("containerOverrides", [{}])
    return {each["name"]: each["value"] for each in container.get("env", [])}


def _environment(job: str, execution: Execution, index: int) -> dict[str, str]:
    overrides = execution.request.get("overrides", {})
    return {
        **given(execution),
        "CLOUD_RUN_JOB": job,
        "CLOUD_RUN_EXECUTION": execution.name.rpartition("/")[2],
        "CLOUD_RUN_TASK_INDEX": str(index),
        "CLOUD_RUN_TASK_COUNT": str(overrides.get("taskCount", 1)),
        "CLOUD_RUN_TASK_ATTEMPT": "0",
    }


def _error(code: int, message: str) -> dict:
    return {"error": {"code": code, "message": message, "status": _STATUS[code]}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    platform: CloudRun

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._answer(self.rfile.read(length).decode())

    def log_message(self, *_: object) -> None: ...

    def _answer(self, body: str) -> None:
        path, asked = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        self.platform.requests.append(f"{self.command} {path}")
        fault = self.platform.faults.popleft() if self.platform.faults else None
        if fault == "dropped":
            self._hang_up()
            return
        status, answer = self._outcome(fault, path, {it: asked[it][0] for it in asked}, body)
        if fault == "slow":
            self.platform.late.wait(20)
        if fault == "lost":
            self._hang_up()
            return
        if fault == "nameless":
            del answer["metadata"]
        content = {"malformed": b'{"name": "proj', "empty": b"{}"}.get(str(fault))
        headers = self.platform.headers if isinstance(fault, int) else {}
        self._send(status, content or json.dumps(answer).encode(), headers)

    def _outcome(
        self, fault: int | str | None, path: str, asked: dict[str, str], body: str
    ) -> tuple[int, dict]:
        if isinstance(fault, int):
            return fault, _error(fault, f"{fault} on command.")
        try:
            return 200, self._do(path, asked, body)
        except Refused as error:
            return error.code, _error(error.code, str(error))

    def _do(self, path: str, asked: dict[str, str], body: str) -> dict:
        if self.command == "GET" and path == JOBS:
            return self.platform.list()
        if self.command == "GET" and (found := re.fullmatch(rf"{JOBS}/([^/]+)/executions", path)):
            return self.platform.list_executions(found[1], asked)
        if self.command == "GET" and "/executions/" in path:
            return self.platform.get(path)
        if self.command == "POST" and path.endswith(":cancel"):
            return self.platform.cancel(path.removesuffix(":cancel"))
        if self.command == "POST" and (found := re.fullmatch(rf"{JOBS}/([^/:]+):run", path)):
            return self.platform.run(found[1], json.loads(body))
        raise Refused(404, f"{self.command} {path} is not known here.")

    def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        for name, value in {"Date": self.date_time_string(), **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None: ...  # the client has gone away, as some tests do


@contextmanager
def serving(platform: CloudRun) -> Iterator[str]:
    """Serve while the block does; yields the endpoint."""
    handler = type("Handler", (_Handler,), {"platform": platform})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            platform.late.set()
            server.shutdown()
            thread.join()
