"""The MIME tree of a message, as a list of the parts that have content."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from common.google.gmail.encoding import BadMessage
from common.google.gmail.headers import Headers

__all__ = ["MESSAGE", "Part", "parts_of"]

MESSAGE = "message/rfc822"
_DEEPEST, _MOST = 50, 1_000
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A text, a file, or a whole message that was attached."""

    position: str
    """Such as `1.2`; `0` for a message that is a single part. Gmail's ids of attachments change
    from call to call, this never does."""
    content_type: str
    """MIME type, in lower case, without parameters."""
    filename: str
    """What the sender called it; empty if nothing."""
    disposition: str
    content_id: str
    charset: str
    """Of a text, as it says itself; empty where it does not."""
    size: int
    """Bytes, as Gmail says."""
    within: tuple[str, ...]
    """The types of all that it is in, from the root down."""
    attachment: str | None = None
    """The id under which its content can be had, for a while."""
    data: str | None = field(default=None, repr=False)
    """Or its content, in base64url."""
    is_open: bool = False
    """Whether it is a message whose own parts follow in the list."""


def parts_of(payload: Mapping[str, Any], *, position: str = "") -> list[Part]:
    """All parts with content, in order, of a tree that stands at a position of a larger one.

    Raises BadMessage for one out of all proportion.
    """
    found: list[Part] = []
    for part in _walk(payload, position, ()):
        found.append(part)
        if len(found) > _MOST:
            raise BadMessage(f"it has more than {_MOST:,} parts")
    return found


def _walk(node: Mapping[str, Any], position: str, within: tuple[str, ...]) -> Iterator[Part]:
    if len(within) > _DEEPEST:
        raise BadMessage(f"its parts are nested more than {_DEEPEST} deep")
    kind = _kind(node.get("mimeType"))
    children = _children(node)
    if not kind.startswith("multipart/"):
        position = position or "0"
        yield _part(node, kind, position, within, is_open=bool(children))
    for number, child in enumerate(children):
        place = f"{position}.{number}" if position else str(number)
        yield from _walk(child, place, (*within, kind))


def _children(node: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    parts = node.get("parts")
    return [each for each in parts if isinstance(each, Mapping)] if isinstance(parts, list) else []


def _part(
    node: Mapping[str, Any], kind: str, position: str, within: tuple[str, ...], *, is_open: bool
) -> Part:
    headers, body = Headers(node.get("headers")), node.get("body")
    body = body if isinstance(body, Mapping) else {}
    size = body.get("size")
    return Part(
        position=position,
        content_type=kind,
        filename=_text(node.get("filename")) or headers.filename,
        disposition=headers.disposition,
        content_id=headers.content_id,
        charset=headers.charset,
        size=size if isinstance(size, int) and size > 0 else 0,
        within=within,
        attachment=_text(body.get("attachmentId")) or None,
        data=_text(body.get("data")) or None,
        is_open=is_open,
    )


def _kind(said: object) -> str:
    kind = _text(said).lower().partition(";")[0].strip()
    return kind if _TYPE.fullmatch(kind) else "application/octet-stream"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
