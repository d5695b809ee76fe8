"""E-mails: their heads, what is written in them, and what is attached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from typing import Any

from common.reading.context import Reading
from common.reading.document import Page
from common.reading.errors import DocumentError, EncryptedDocument
from common.reading.flow import Flow
from common.reading.texts import decoded

__all__ = ["pages"]

_HEAD = ("From", "To", "Cc", "Date", "Subject")
_DECORATION = 30_000
"""Bytes of a picture: what is smaller is a logo, and no scan."""
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp")
_SEALED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")


def pages(data: bytes, reading: Reading) -> Iterator[Page]:
    """The e-mail itself is the first page; then come those of what is attached."""
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
    if message.get_content_type() in _SEALED and "signed-data" not in str(message["content-type"]):
        raise EncryptedDocument(reading.name, "is encrypted: forward it decrypted.")
    parts = [*_parts(message)]
    body = _body(parts)
    yield _first(message, body, reading)
    for part in parts:
        if part is not body and not _is_alternative(part, body):
            yield from _attached(part, reading)


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """All that is no container; an e-mail within is one part."""
    stack: list[Any] = [message]
    while stack:
        part = stack.pop()
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            stack += reversed(payload)
        else:
            yield part


def _body(parts: list[EmailMessage]) -> EmailMessage | None:
    """HTML rather than text, since it has tables."""
    written = [part for part in parts if not part.get_filename() and not part.is_attachment()]
    for kind in ("text/html", "text/plain"):
        for part in written:
            if part.get_content_type() == kind:
                return part
    return None


def _is_alternative(part: EmailMessage, body: EmailMessage | None) -> bool:
    """Whether it says in plain text what the body says."""
    is_plain = part.get_content_type() == "text/plain" and not part.get_filename()
    return body is not None and is_plain and not part.is_attachment()


def _first(message: EmailMessage, body: EmailMessage | None, reading: Reading) -> Page:
    flow = Flow(most=reading.words_left)
    for key in _HEAD:
        if value := _header(message, key):
            flow.text(f"{key}:  {value}")
    if body is not None:
        flow.text("\n\n")
        _set_body(body, flow, reading)
    return flow.page()


def _set_body(body: EmailMessage, flow: Flow, reading: Reading) -> None:
    text = _content(body, reading.name)
    if body.get_content_type() == "text/html":
        from common.reading.web import set_html

        set_html(text, flow)
    else:
        flow.text(text)


def _content(part: EmailMessage, name: str) -> str:
    data = _bytes(part)
    try:
        return data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decoded(data, name)


def _header(message: EmailMessage, key: str) -> str:
    try:
        return " ".join(str(message.get(key, "")).split())
    except Exception:  # noqa: BLE001 - the parser of headers trips over more than it documents
        return ""


def _attached(part: EmailMessage, reading: Reading) -> Iterator[Page]:
    kind, data = part.get_content_type(), _bytes(part)
    if kind.startswith(_SIGNATURES) or kind == "text/calendar" or not data.strip():
        return
    if part.get_content_maintype() == "image" and len(data) < _DECORATION:
        return
    name = _name(part, reading)
    reading.spent.attachments += 1
    if reading.spent.attachments > reading.limits.attachments:
        most = reading.limits.attachments
        reading.warn(f"{reading.name} has more than {most} attachments; the rest is left out.")
        return
    try:
        yield from _pages(data, name, reading)
    except DocumentError as error:
        reading.warn(f"The attachment {error}")
    except Exception as error:  # noqa: BLE001 - as in child.py
        reading.warn(f"The attachment {name} cannot be read; it seems damaged ({error!r:.200}).")


def _pages(data: bytes, name: str, reading: Reading) -> Iterator[Page]:
    from common.reading.formats import content_type_of, pages_of

    content_type = content_type_of(data, name)
    for page in pages_of(data, content_type, reading.of(name)):
        yield replace(page, name=page.name or name)


def _name(part: EmailMessage, reading: Reading) -> str:
    try:
        name = part.get_filename()
    except Exception:  # noqa: BLE001 - as for other headers
        name = None
    if name:
        return name
    ending = ".eml" if part.get_content_type() == "message/rfc822" else ""
    return f"attachment {reading.spent.attachments + 1} of {reading.name}{ending}"


def _bytes(part: EmailMessage) -> bytes:
    payload = part.get_payload()
    if isinstance(payload, list):  # an e-mail within
        return b"".join(inner.as_bytes() for inner in payload if isinstance(inner, Message))
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
