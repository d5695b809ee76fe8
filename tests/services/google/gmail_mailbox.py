"""One mailbox of the stand-in: messages as they came, and what happened to them."""

from __future__ import annotations

import base64
import itertools
import secrets
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Literal

from tests.services.google.gmail_query import matches
from tests.services.google.gmail_tree import Forwards, Tree


class Gone(Exception):
    """Raised where a history begins before what is kept of it."""


@dataclass
class Kept:
    """A message."""

    id: str
    thread: str
    raw: bytes
    date: int
    """Epoch milliseconds."""
    labels: list[str]
    history: int
    parsed: EmailMessage = field(repr=False)


class Mailbox:
    """Messages, newest last, and their history."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.messages: dict[str, Kept] = {}
        self.labels = {"Label_1": "Invoices"}
        """Names of the user's own labels, by their ids."""
        self.history_id = 1_000
        self.page = 500
        """Entries of a page at most, whatever is asked for."""
        self.watched: Any = None
        self.expiration = 0
        self.forwards: Forwards = "opened"
        """How attached messages are given."""
        self.inline = 0
        """Files of at most so many bytes come in the message itself, without an id."""
        self.clock = lambda: 1_700_000_000_000
        """When messages come, in milliseconds: from then on, one each second."""
        self._oldest = 0
        self._history: list[tuple[int, str, Kept]] = []
        self._attachments: dict[tuple[str, str], bytes] = {}
        self._numbers = itertools.count(1)
        self._padded = itertools.cycle([True, False])

    def add(
        self, message: EmailMessage | bytes, *labels: str, date: int = 0, silent: bool = False
    ) -> str:
        """Receive a message, into INBOX unless labels are given; returns its id. A silent one
        leaves no history, as those that came before it began."""
        raw = message if isinstance(message, bytes) else message.as_bytes()
        number = next(self._numbers)
        id = f"18c{number:013x}"
        parsed = message_from_bytes(raw, policy=policy.default)
        date = date or self.clock() + number * 1_000
        kept = Kept(id, id, raw, date, [*(labels or ("INBOX", "UNREAD"))], 0, parsed)
        self.messages[id] = kept
        if not silent:
            self._happened("messagesAdded", kept)
        return id

    def remove(self, id: str) -> None:
        """Delete a message for good."""
        self._happened("messagesDeleted", self.messages.pop(id))

    def label(self, id: str, label: str) -> None:
        """Put a label on a message."""
        self.messages[id].labels.append(label)
        self._happened("labelsAdded", self.messages[id])

    def forget(self) -> None:
        """Keep no history from before now."""
        self._oldest = self.history_id
        self._history.clear()

    def search(self, query: str, *, labels: Any = (), spam: bool = False) -> list[str]:
        """The ids of those that match, newest first."""
        hidden = set() if spam or "in:anywhere" in query else {"SPAM", "TRASH"}
        found = [
            kept
            for kept in self.messages.values()
            if set(labels) <= {*kept.labels}
            and not hidden & {*kept.labels}
            and matches(query, kept, self.labels)
        ]
        return [kept.id for kept in sorted(found, key=lambda kept: -kept.date)]

    def since(self, start: int, *, types: Any, label: str | None) -> list[dict[str, Any]]:
        """History records after one."""
        if start < self._oldest:
            raise Gone
        wanted = {f"{each[:7]}s{each[7:]}" for each in types if each.startswith("message")}
        return [
            _record(number, kind, kept)
            for number, kind, kept in self._history
            if number > start
            and (not types or kind in wanted)
            and (label is None or label in kept.labels)
        ]

    def resource(self, kept: Kept, form: str, headers: list[str]) -> dict[str, Any]:
        """A message as messages.get gives it."""
        found: dict[str, Any] = {
            "id": kept.id,
            "threadId": kept.thread,
            "labelIds": kept.labels,
            "snippet": _snippet(kept.parsed),
            "historyId": str(kept.history or 1),
            "internalDate": str(kept.date),
            "sizeEstimate": len(kept.raw),
        }
        if form == "raw":
            found["raw"] = self._spelt(kept.raw)
        elif form != "minimal":
            tree = Tree(kept.id, inline=self.inline, forwards=self.forwards, lend=self._lend)
            found["payload"] = tree.of(kept.raw, metadata=form == "metadata", headers=headers)
        return found

    def attachment(self, message: str, id: str) -> dict[str, Any]:
        """What was lent under an id. Raises KeyError."""
        content = self._attachments[message, id]
        return {"size": len(content), "data": self._spelt(content)}

    def _lend(self, message: str, content: bytes) -> str:
        id = f"ANGjdJ{secrets.token_urlsafe(40)}"
        self._attachments[message, id] = content
        return id

    def _spelt(self, content: bytes) -> str:
        text = base64.urlsafe_b64encode(content).decode()
        return text if next(self._padded) else text.rstrip("=")

    def _happened(
        self, kind: Literal["messagesAdded", "messagesDeleted", "labelsAdded"], kept: Kept
    ) -> None:
        self.history_id += 7
        kept.history = self.history_id
        self._history.append((self.history_id, kind, kept))


def _record(number: int, kind: str, kept: Kept) -> dict[str, Any]:
    brief = {"id": kept.id, "threadId": kept.thread}
    change: dict[str, Any] = {"message": {**brief, "labelIds": kept.labels}}
    return {"id": str(number), "messages": [brief], kind: [change]}


def _snippet(message: EmailMessage) -> str:
    try:
        body = message.get_body(("plain",))
        return " ".join(body.get_content().split())[:200] if body else ""
    except (LookupError, KeyError, ValueError, AttributeError):
        return ""
