"""A message as it came (RFC 5322), as the tree in which Gmail's API would give it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from email import message_from_bytes
from email.message import Message
from typing import Any

from common.google.gmail.encoding import BadMessage
from common.google.gmail.parts import MESSAGE

__all__ = ["message_at", "opened"]

_DEEPEST = 50


def opened(content: bytes) -> dict[str, Any]:
    """The tree of a message's parts, each with its content in it. Raises BadMessage."""
    return _node(_parsed(content), 0)


def message_at(content: bytes, position: str) -> bytes:
    """The message that is attached to another one, at a position. Raises BadMessage."""
    found: Any = _parsed(content)
    for number in () if position == "0" else map(int, position.split(".")):
        children = found.get_payload() if isinstance(found, Message) else None
        if not isinstance(children, list) or number >= len(children):
            raise BadMessage(f"it has no part {position}")
        found = children[number]
    inner = found.get_payload() if isinstance(found, Message) else None
    if not isinstance(inner, list) or not inner or not isinstance(inner[0], Message):
        raise BadMessage(f"its part {position} is no message")
    return inner[0].as_bytes()


def _parsed(content: bytes) -> Message:
    try:
        return message_from_bytes(content)
    except Exception as error:  # noqa: BLE001 - the library's parser fails in many ways on nonsense
        raise BadMessage(f"a message in it cannot be read ({type(error).__name__})") from None


def _node(part: Message, depth: int) -> dict[str, Any]:
    if depth > _DEEPEST:
        raise BadMessage(f"its parts are nested more than {_DEEPEST} deep")
    headers = [{"name": name, "value": _text(value)} for name, value in part.raw_items()]
    node: dict[str, Any] = {"mimeType": part.get_content_type(), "headers": headers}
    if part.is_multipart():
        node["parts"] = [
            _node(child, depth + 1) for child in part.get_payload() if isinstance(child, Message)
        ]
        if part.get_content_type() == MESSAGE:
            node["body"] = _body(_inner(part))
        return node
    content = part.get_payload(decode=True)
    return {**node, "body": _body(content if isinstance(content, bytes) else b"")}


def _inner(part: Message) -> bytes:
    inner = part.get_payload()
    first = inner[0] if isinstance(inner, list) and inner else None
    return first.as_bytes() if isinstance(first, Message) else b""


def _body(content: bytes) -> Mapping[str, Any]:
    return {"size": len(content), "data": base64.urlsafe_b64encode(content).decode()}


def _text(value: object) -> str:
    return str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
