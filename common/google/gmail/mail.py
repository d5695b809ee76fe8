"""One message: who wrote it, when, what about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from common.google.gmail.encoding import BadMessage
from common.google.gmail.headers import Headers, plain

__all__ = ["Mail", "read_mail"]

_TEXT = 500
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """A message's resource, read."""

    id: str
    thread: str
    labels: tuple[str, ...]
    """Their ids."""
    date: datetime
    """When Gmail received it, which no sender can choose."""
    sender: str
    """The From header as it came: never decoded, so that no encoded word becomes an address.
    Several headers stand with commas between, like several addresses."""
    subject: str
    snippet: str
    payload: Mapping[str, Any] = field(repr=False)
    """The root of its MIME tree; empty where it was not asked for."""

    @property
    def origin(self) -> dict[str, str]:
        """Where files of it come from, for a manifest."""
        return {
            "message": self.id,
            "thread": _kept(self.thread),
            "sender": _kept(plain(self.sender)),
            "subject": _kept(self.subject),
            "date": self.date.isoformat().replace("+00:00", "Z"),
        }


def read_mail(data: Mapping[str, Any]) -> Mail:
    """What a message's resource says. Raises BadMessage."""
    id = data.get("id")
    if not isinstance(id, str) or not _ID.fullmatch(id):
        raise BadMessage("Gmail gave a message without an id")
    payload = data.get("payload")
    payload = payload if isinstance(payload, Mapping) else {}
    headers = Headers(payload.get("headers"))
    return Mail(
        id=id,
        thread=_text(data.get("threadId")),
        labels=_texts(data.get("labelIds")),
        date=_date(data.get("internalDate")),
        sender=", ".join(headers.all("from")),
        subject=plain(headers.one("subject")),
        snippet=_text(data.get("snippet")),
        payload=payload,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _kept(text: str) -> str:
    """Text that every store can keep."""
    return text[:_TEXT].encode("utf-8", "replace").decode().replace("\0", "")


def _texts(value: object) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _date(milliseconds: object) -> datetime:
    try:
        return datetime.fromtimestamp(int(str(milliseconds)) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise BadMessage(f"its date is {milliseconds!r}, no time") from None
