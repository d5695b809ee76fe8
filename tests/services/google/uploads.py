"""Resumable uploads, as Drive's guide has them: sessions, chunks, what has come so far."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.services.google.answers import Answer, refused
from tests.services.google.discovery import Unknown

if TYPE_CHECKING:
    from tests.services.google.server import Asked, Google

STEP = 256 << 10
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+)")


@dataclass
class Session:
    """One upload."""

    asked: Asked
    size: int
    content_type: str
    content: bytearray = field(default_factory=bytearray)
    answer: Answer | None = None


class Uploads:
    """All sessions."""

    def __init__(self, google: Google) -> None:
        self._google = google
        self.sessions: dict[str, Session] = {}
        self.keep: int | None = None
        """Bytes of the next chunk that are kept, of which the rest is forgotten."""

    def forget(self) -> None:
        """Have all sessions be gone, as after a week."""
        self.sessions.clear()

    def method(self, id: str) -> str:
        session = self.sessions.get(id)
        return session.asked.method if session else "upload"

    def begin(self, asked: Asked, call: BaseHTTPRequestHandler) -> Answer:
        size = call.headers.get("X-Upload-Content-Length")
        if size is None:
            raise Unknown(f"{asked.method}: the size of the upload is not said")
        id = secrets.token_hex(16)
        kind = call.headers.get("X-Upload-Content-Type", "application/octet-stream")
        self.sessions[id] = Session(asked, int(size), kind)
        path = urlsplit(call.path).path
        uri = f"{self._google.url}{path}?uploadType=resumable&upload_id={id}"
        return Answer(headers={"Location": uri})

    def put(self, id: str, content_range: str, body: bytes) -> Answer:
        session = self.sessions.get(id)
        if session is None:
            return refused(404, "notFound")
        found = _RANGE.fullmatch(content_range)
        if found is None or int(found[3]) != session.size:
            raise Unknown(f"a part of an upload has Content-Range {content_range!r}")
        if session.answer is not None:
            return session.answer
        if found[1] is not None:
            self._take(session, int(found[1]), int(found[2]), body)
        elif body:
            raise Unknown("a question for an upload's standing has a body")
        if len(session.content) == session.size:
            return self._finish(session)
        return _so_far(session)

    def _take(self, session: Session, begin: int, end: int, body: bytes) -> None:
        if len(body) != end - begin + 1 or begin != len(session.content):
            raise Unknown(f"bytes {begin}-{end} do not follow {len(session.content)}")
        if len(body) % STEP and end + 1 < session.size:
            raise Unknown(f"a chunk of {len(body)} bytes is no multiple of {STEP}")
        keep, self.keep = self.keep, None
        session.content += body[: len(body) if keep is None else keep]

    def _finish(self, session: Session) -> Answer:
        asked = replace(
            session.asked, media=bytes(session.content), content_type=session.content_type
        )
        session.answer = self._google.handle(asked)
        return session.answer


def _so_far(session: Session) -> Answer:
    headers = {"Range": f"bytes=0-{len(session.content) - 1}"} if session.content else {}
    return Answer(status=308, headers=headers)
