"""A message as the tree that messages.get gives of it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from typing import Any, Literal

Forwards = Literal["opened", "closed", "bare"]
"""An attached message: with the parts in it, and an id; with an id only; with nothing at all."""


@dataclass(frozen=True, kw_only=True)
class _Options:
    inline: int
    forwards: Forwards


class Tree:
    """Makes trees of one message; what is a file is lent under an id."""

    def __init__(
        self, id: str, *, inline: int, forwards: Forwards, lend: Callable[[str, bytes], str]
    ) -> None:
        self._id, self._lend = id, lend
        self._options = _Options(inline=inline, forwards=forwards)

    def of(self, raw: bytes, *, metadata: bool, headers: list[str]) -> dict[str, Any]:
        root = self._node(message_from_bytes(raw), "")
        if metadata:
            wanted = {name.lower() for name in headers}
            kept = [h for h in root["headers"] if not wanted or h["name"].lower() in wanted]
            return {"mimeType": root["mimeType"], "headers": kept}
        return root

    def _node(self, part: Message, id: str) -> dict[str, Any]:
        filename = part.get_filename() or ""
        node: dict[str, Any] = {
            "partId": id,
            "mimeType": part.get_content_type(),
            "filename": filename,
            "headers": [{"name": n, "value": _text(v)} for n, v in part.raw_items()],
            "body": {"size": 0},
        }
        if part.get_content_type() == "message/rfc822":
            return node | self._message(part, id)
        if part.is_multipart():
            return node | {"parts": self._parts(part, id)}
        return node | {"body": self._body(part.get_payload(decode=True), filename)}

    def _parts(self, part: Message, id: str) -> list[dict[str, Any]]:
        prefix = f"{id}." if id else ""
        return [self._node(each, f"{prefix}{n}") for n, each in enumerate(part.get_payload())]

    def _message(self, part: Message, id: str) -> dict[str, Any]:
        (inner,) = part.get_payload()
        if self._options.forwards == "bare":
            return {}
        content = inner.as_bytes()
        body = {"size": len(content), "attachmentId": self._lend(self._id, content)}
        if self._options.forwards == "closed":
            return {"body": body}
        return {"body": body, "parts": self._parts(part, id)}

    def _body(self, content: bytes, filename: str) -> dict[str, Any]:
        if filename and len(content) > self._options.inline:
            return {"size": len(content), "attachmentId": self._lend(self._id, content)}
        return {"size": len(content), "data": base64.urlsafe_b64encode(content).decode()}


def _text(value: object) -> str:
    unfolded = "".join(str(value).splitlines())
    return unfolded.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
