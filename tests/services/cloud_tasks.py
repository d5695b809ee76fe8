"""A stand-in for the Cloud Tasks API v2: queues and tasks over HTTP, and the calls that tasks make.

It calls what is due when told to (`deliver`), by the clock it is given, or in a thread of its own
(`calling`). Its next answers go wrong as `faults` says.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from common.clock import SYSTEM, Clock
from tests.services.api import Platform, Refused

LOCATION = "projects/test/locations/us-central1"
QUEUE = f"{LOCATION}/queues/runjobs-wakeups"
_TAKEN = timedelta(hours=24)
"""How long a name stays taken when its task is gone."""
_FARTHEST = timedelta(days=30)
_NAME = re.compile(r"[\w-]{1,500}", re.ASCII)


@dataclass
class Task:
    """One task of a queue."""

    name: str
    at: datetime
    request: dict
    deadline: float
    dispatched: int = 0
    answered: int = 0

    def as_json(self) -> dict:
        """Without the request's body and headers, which the API shows only to who asks for them."""
        return {
            "name": self.name,
            "scheduleTime": _written(self.at),
            "dispatchDeadline": f"{self.deadline}s",
            "dispatchCount": self.dispatched,
            "responseCount": self.answered,
            "view": "BASIC",
            "httpRequest": {"url": self.request["url"], "httpMethod": "POST"},
        }


@dataclass
class Queue:
    """One queue."""

    paused: bool = False
    tasks: dict[str, Task] = field(default_factory=dict)
    taken: dict[str, datetime] = field(default_factory=dict)
    """Names of tasks that are gone, until when no other may have them."""


class CloudTasks(Platform):
    """The platform."""

    def __init__(self, clock: Clock = SYSTEM) -> None:
        super().__init__()
        self.clock = clock
        self.queues = {QUEUE: Queue()}
        self.forbidden: set[str] = set()
        """What the caller has no right to: `create`, `get`, …"""
        self.changed = threading.Event()
        self._made = 0
        self._lock = threading.Lock()

    # --- what is asked of it

    def answer(self, verb: str, path: str, query: dict[str, str], body: str) -> dict:
        name, _, action = path.removeprefix("/v2/").partition(":")
        name, of_tasks = name.removesuffix("/tasks"), name.endswith("/tasks")
        act = {"GET": "get", "POST": action or "create", "DELETE": "delete"}[verb]
        if act == "get" and "/tasks/" not in name:
            act = "list" if of_tasks else "describe"
        if act in self.forbidden:
            raise Refused(403, f"The principal lacks the permission to {act}.")
        if act == "create":
            return self.create(name, json.loads(body)["task"])
        if act == "list":
            return self.list(name, int(query.get("pageSize", 1000)), query.get("pageToken", ""))
        return getattr(self, act)(name)

    def create(self, queue: str, asked: dict) -> dict:
        found, task = self._find(queue), self._task(queue, asked)
        with self._lock:
            until = found.taken.get(task.name)
            if task.name in found.tasks or (until and until > self.clock.now()):
                raise Refused(409, f"The task {task.name} exists already, or did a while ago.")
            found.tasks[task.name] = task
        self.changed.set()
        return task.as_json()

    def get(self, name: str) -> dict:
        return self._find_task(name).as_json()

    def delete(self, name: str) -> dict:
        self._forget(self._find_task(name))
        return {}

    def list(self, queue: str, size: int, token: str) -> dict:
        tasks, begin = [*self._find(queue).tasks.values()], int(token or 0)
        page = [task.as_json() for task in tasks[begin : begin + size]]
        more = begin + size < len(tasks)
        return {"tasks": page, "nextPageToken": str(begin + size) if more else ""}

    def describe(self, queue: str) -> dict:
        return {"name": queue, "state": "PAUSED" if self._find(queue).paused else "RUNNING"}

    def pause(self, queue: str) -> dict:
        self._find(queue).paused = True
        return self.describe(queue)

    def resume(self, queue: str) -> dict:
        self._find(queue).paused = False
        self.changed.set()
        return self.describe(queue)

    def purge(self, queue: str) -> dict:
        for task in [*self._find(queue).tasks.values()]:
            self._forget(task)
        return self.describe(queue)

    # --- what it does by itself

    def next(self) -> datetime | None:
        """When the next task is due that is not held back."""
        times = [
            task.at for queue in self.queues.values() if not queue.paused for task in _all(queue)
        ]
        return min(times, default=None)

    def deliver(self) -> int:
        """Call for each task that is due, once; returns how many were answered with success."""
        now = self.clock.now()
        due = [task for queue in self.queues.values() if not queue.paused for task in _all(queue)]
        return sum(self._call(task) for task in due if task.at <= now)

    def _call(self, task: Task) -> bool:
        task.dispatched += 1
        well = _post(task)
        task.answered += 1
        if well:
            self._forget(task)
        else:
            wait = min(0.1 * 2 ** (task.answered - 1), 3600.0)
            task.at = self.clock.now() + timedelta(seconds=wait)
        return well

    def _forget(self, task: Task) -> None:
        queue = self.queues[task.name.partition("/tasks/")[0]]
        with self._lock:
            if queue.tasks.pop(task.name, None):
                queue.taken[task.name] = self.clock.now() + _TAKEN

    def _task(self, queue: str, asked: dict) -> Task:
        self._made += 1
        name = asked.get("name") or f"{queue}/tasks/{self._made:019}"
        at = datetime.fromisoformat(asked["scheduleTime"]) if "scheduleTime" in asked else None
        now = self.clock.now()
        task = Task(
            name=name,
            at=max(at or now, now),
            request=asked["httpRequest"],
            deadline=float(asked.get("dispatchDeadline", "600s").removesuffix("s")),
        )
        _check(task, queue, now)
        return task

    def _find(self, queue: str) -> Queue:
        if queue not in self.queues:
            raise Refused(404, "Queue does not exist.")
        return self.queues[queue]

    def _find_task(self, name: str) -> Task:
        found = self._find(name.partition("/tasks/")[0]).tasks.get(name)
        if found is None:
            raise Refused(404, "The task does not exist.")
        return found


def token(account: str, audience: str) -> str:
    """An identity token that says who calls whom, signed by nobody."""
    claims = {"email": account, "email_verified": True, "aud": audience}
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256"}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (*parts, b"x"))


def _all(queue: Queue) -> list[Task]:
    return sorted(queue.tasks.values(), key=lambda task: task.at)


def _written(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _check(task: Task, queue: str, now: datetime) -> None:
    """What the real API refuses."""
    parent, _, id = task.name.partition("/tasks/")
    if parent != queue or not _NAME.fullmatch(id):
        raise Refused(400, f"{task.name} cannot name a task of {queue}.")
    if task.at > now + _FARTHEST:
        raise Refused(400, "The schedule_time is too far in the future.")
    if not 15 <= task.deadline <= 1800:
        raise Refused(400, "The dispatch_deadline must be between 15 s and 30 min.")
    if not task.request["url"].startswith(("http://", "https://")):
        raise Refused(400, "HttpRequest.url must begin with http:// or https://.")


def _post(task: Task) -> bool:
    """Call the task's target; returns whether it answered with success."""
    queue, _, id = task.name.partition("/tasks/")
    headers = {
        **task.request.get("headers", {}),
        "User-Agent": "Google-Cloud-Tasks",
        "X-CloudTasks-QueueName": queue.rpartition("/")[2],
        "X-CloudTasks-TaskName": id,
        "X-CloudTasks-TaskRetryCount": str(task.answered),
        "X-CloudTasks-TaskExecutionCount": str(task.answered),
        "X-CloudTasks-TaskETA": str(task.at.timestamp()),
    }
    if oidc := task.request.get("oidcToken"):
        claimed = token(oidc["serviceAccountEmail"], oidc.get("audience", task.request["url"]))
        headers["Authorization"] = f"Bearer {claimed}"
    body = base64.b64decode(task.request.get("body", ""))
    target = urlsplit(task.request["url"])
    kind = HTTPSConnection if target.scheme == "https" else HTTPConnection
    with closing(kind(target.netloc, timeout=task.deadline)) as connection:
        try:
            connection.request("POST", target.path, body, headers)
            return 200 <= connection.getresponse().status < 300
        except (OSError, HTTPException):
            return False


@contextmanager
def calling(platform: CloudTasks) -> Iterator[None]:
    """Call what is due, by itself, while the block does."""
    over = threading.Event()

    def call() -> None:
        while True:
            platform.changed.clear()
            if over.is_set():
                return
            platform.deliver()
            due = platform.next()
            wait = None if due is None else (due - platform.clock.now()).total_seconds()
            platform.changed.wait(None if wait is None else max(wait, 0.0))

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        platform.changed.set()
        thread.join()
