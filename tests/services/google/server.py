"""The stand-in itself: every request is checked against the discovery documents, then answered by
what is registered for its method."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from tests.services.google.answers import Answer, refused
from tests.services.google.discovery import Method, Unknown, check_body, check_query, find
from tests.services.google.faults import Fault, Faults
from tests.services.google.oauth import CLIENT_ID, OAuth
from tests.services.google.uploads import Uploads

_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request of a method, which has been found to be well-formed."""

    method: str
    """Its discovery id, such as drive.files.list."""
    path: Mapping[str, str]
    query: Mapping[str, Any]
    """A list where the parameter may be repeated, a text otherwise."""
    body: Any
    account: str
    """Whose access token it came with."""
    scopes: tuple[str, ...]
    media: bytes | None = None
    """What was uploaded, when all of it has come."""
    content_type: str = ""
    """That of the media."""
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter of the path or the query."""
        return self.path.get(name, self.query.get(name, default))


Handler = Callable[[Asked], Any]
"""Returns the JSON of a good answer, or an Answer."""


class Service(Protocol):
    """What a service brings along."""

    def methods(self) -> Mapping[str, Handler]:
        """By discovery id. They are called one at a time."""


class Google:
    """Runs while the block does; what was asked wrongly fails the block at its end."""

    def __init__(self, *services: Service) -> None:
        self.oauth = OAuth()
        self.faults = Faults()
        self.uploads = Uploads(self)
        self.problems: list[str] = []
        self.asked: list[Asked] = []
        """All requests that were well-formed and authorized, also those that failed."""
        self.seen: list[str] = []
        """The ids of all methods that were asked, in order, whatever came of it; token for
        renewals, METHOD.put for parts of uploads."""
        self.connections = 0
        self._handlers: dict[str, Handler] = {"oauth2.userinfo.get": _userinfo}
        self._lock = threading.RLock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        for service in services:
            self.register(service)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to speak to it."""
        return {
            "RUNJOBS_GOOGLE_ENDPOINT": self.url,
            "GOOGLE_CLIENT_ID": CLIENT_ID,
            "GOOGLE_CLIENT_SECRET": self.oauth.client_secret,
        }

    def register(self, service: Service) -> None:
        """Answer the methods of a service as it does."""
        self._handlers.update(service.methods())

    def fail(self, method: str, fault: Fault | int, *, times: int = 1, **headers: str) -> None:
        """Have the next answers to a method go wrong; a number is a status. `token` is the renewal
        of access tokens, METHOD.put a part of an upload."""
        if isinstance(fault, int):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            fault = Fault(status=fault, headers=named)
        self.faults.add(method, fault, times)

    def __enter__(self) -> Google:
        serve = {"poll_interval": 0.01}
        threading.Thread(target=self._server.serve_forever, kwargs=serve, daemon=True).start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.faults.closed.set()
        self._server.shutdown()
        self._server.server_close()
        if kind is None and self.problems:
            raise AssertionError("The stand-in was asked wrongly: " + "; ".join(self.problems))

    def answer(self, call: BaseHTTPRequestHandler, body: bytes) -> tuple[Answer, Fault]:
        """What to answer, and how. Nothing is done where a fault stands for it."""
        url = urlsplit(call.path)
        try:
            if (call.command, url.path) == ("POST", "/token"):
                return self._token(body)
            if (call.command, url.path) == ("POST", "/revoke"):
                return self._revoke(body)
            if call.command == "PUT" and "upload_id" in parse_qs(url.query):
                return self._put(call, parse_qs(url.query)["upload_id"][0], body)
            return self._method(call, body)
        except Unknown as problem:
            return self._problem(str(problem)), Fault()
        except Exception as error:  # noqa: BLE001 - a fault of the stand-in fails the test
            return self._problem(f"{call.command} {url.path}: {error!r}"), Fault()

    def handle(self, asked: Asked) -> Answer:
        """Have the method's handler answer, as the documents have it."""
        handler = self._handlers.get(asked.method)
        if handler is None:
            raise Unknown(f"nothing here answers {asked.method}")
        with self._lock:
            said = handler(asked)
        return said if isinstance(said, Answer) else Answer(json=said)

    def _token(self, body: bytes) -> tuple[Answer, Fault]:
        self.seen.append("token")
        fault = self.faults.take("token")
        if (early := _early(fault)) is not None:
            return early, fault
        return self.oauth.answer(parse_qs(body.decode())), fault

    def _revoke(self, body: bytes) -> tuple[Answer, Fault]:
        self.seen.append("revoke")
        fault = self.faults.take("revoke")
        if (early := _early(fault)) is not None:
            return early, fault
        return self.oauth.give_back(parse_qs(body.decode())), fault

    def _put(self, call: BaseHTTPRequestHandler, id: str, body: bytes) -> tuple[Answer, Fault]:
        method = self.uploads.method(id)
        self.seen.append(f"{method}.put")
        fault = self.faults.take(f"{method}.put")
        if (early := _early(fault)) is not None:
            return early, fault
        with self._lock:
            return self.uploads.put(id, call.headers.get("Content-Range", ""), body), fault

    def _method(self, call: BaseHTTPRequestHandler, body: bytes) -> tuple[Answer, Fault]:
        url = urlsplit(call.path)
        method, path, upload = find(call.command, url.path)
        self.seen.append(method.id)
        query = parse_qs(url.query, keep_blank_values=True, strict_parsing=bool(url.query))
        check_query(method, query, upload=upload)
        said = json.loads(body) if body else None
        check_body(method, method.request, said)
        fault = self.faults.take(method.id)
        if (early := _early(fault)) is not None:
            return early, fault
        consent = self.oauth.whose(call.headers.get("Authorization", ""))
        if consent is None:
            return refused(401, "authError", "Invalid Credentials"), fault
        asked = Asked(
            method=method.id,
            path=path,
            query=_plain(method, query),
            body=said,
            account=consent.account,
            scopes=consent.scopes,
            headers=dict(call.headers.items()),
        )
        self.asked.append(asked)
        if upload:
            return self.uploads.begin(asked, call), fault
        answer = self.handle(asked)
        _check(method, answer)
        return _part(answer, call.headers.get("Range", "")), fault

    def _problem(self, text: str) -> Answer:
        self.problems.append(text)
        return refused(400, "badRequest", text)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """The other side went away, or was killed."""


def _handler(google: Google) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            google.connections += 1

        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer, fault = google.answer(self, body)
            google.faults.send(self, answer, fault)

        do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _early(fault: Fault) -> Answer | None:
    """The answer of a fault by which nothing is done."""
    if fault.status:
        found = refused(fault.status, fault.reason, fault.message)
        return Answer(status=fault.status, json=found.json, headers=fault.headers)
    if fault.manner == "unauthorized":
        return refused(401, "authError", "Invalid Credentials")
    return Answer() if fault.manner in {"reset", "hang", "drip-headers"} else None


def _plain(method: Method, query: dict[str, list[str]]) -> dict[str, Any]:
    repeated = {name for name in query if method.parameters[name].get("repeated")}
    return {name: v if name in repeated else unquote(v[0]) for name, v in query.items()}


def _check(method: Method, answer: Answer) -> None:
    """The stand-in, too, says only what the documents have."""
    if answer.status < 300 and answer.content is None and answer.json is not None:
        check_body(method, method.response, answer.json)


def _part(answer: Answer, wanted: str) -> Answer:
    """The range of a download that is wanted."""
    found = _RANGE.fullmatch(wanted)
    if answer.content is None or answer.status != 200 or not found:
        return answer
    size = len(answer.content)
    begin, end = int(found[1]), min(int(found[2] or size - 1), size - 1)
    if begin >= size:
        return refused(416, "requestedRangeNotSatisfiable")
    headers = {**answer.headers, "Content-Range": f"bytes {begin}-{end}/{size}"}
    return Answer(status=206, content=answer.content[begin : end + 1], headers=headers)


def _userinfo(asked: Asked) -> Any:
    return {"email": asked.account, "verified_email": True, "id": "1"}
