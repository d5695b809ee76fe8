"""Gmail v1: mailboxes of messages, with their history, as far as runjobs asks for them.

Ids of attachments are other ones at each call, as Gmail's are, and their content comes sometimes
with padding and sometimes without.
"""

from __future__ import annotations

from typing import Any

from tests.services.google.answers import Answer, refused
from tests.services.google.gmail_mailbox import Gone, Mailbox
from tests.services.google.server import Asked

__all__ = ["READ", "Gmail", "Mailbox"]

READ = "https://www.googleapis.com/auth/gmail.readonly"
_NOT_FOUND = "Requested entity was not found."


class Gmail:
    """All mailboxes, by their addresses."""

    def __init__(self) -> None:
        self.mailboxes: dict[str, Mailbox] = {}

    def mailbox(self, address: str) -> Mailbox:
        """That of an address, which is made when it is first asked for."""
        return self.mailboxes.setdefault(address, Mailbox(address))

    def methods(self) -> dict[str, Any]:
        return {
            "gmail.users.getProfile": self._mine(_profile),
            "gmail.users.watch": self._mine(_watch),
            "gmail.users.stop": self._mine(_stop),
            "gmail.users.labels.list": self._mine(_labels),
            "gmail.users.messages.list": self._mine(_list),
            "gmail.users.messages.get": self._mine(_get),
            "gmail.users.messages.attachments.get": self._mine(_attachment),
            "gmail.users.history.list": self._mine(_history),
        }

    def _mine(self, handler: Any) -> Any:
        def handle(asked: Asked) -> Any:
            if asked.path["userId"] not in {"me", asked.account}:
                return refused(403, "forbidden", f"Delegation denied for {asked.account}")
            if not any("gmail" in scope or "mail.google" in scope for scope in asked.scopes):
                return refused(403, "insufficientPermissions")
            return handler(self.mailbox(asked.account), asked)

        return handle


def _profile(mailbox: Mailbox, _: Asked) -> Any:
    return {
        "emailAddress": mailbox.address,
        "messagesTotal": len(mailbox.messages),
        "threadsTotal": len({kept.thread for kept in mailbox.messages.values()}),
        "historyId": str(mailbox.history_id),
    }


def _watch(mailbox: Mailbox, asked: Asked) -> Any:
    if not str(asked.body.get("topicName", "")).startswith("projects/"):
        return refused(400, "invalidArgument", "Invalid topicName")
    mailbox.watched = asked.body
    return {"historyId": str(mailbox.history_id), "expiration": str(mailbox.expiration)}


def _stop(mailbox: Mailbox, _: Asked) -> Answer:
    mailbox.watched = None
    return Answer(status=204)


def _labels(mailbox: Mailbox, _: Asked) -> Any:
    system = ("INBOX", "SENT", "SPAM", "TRASH", "UNREAD")
    found = [{"id": id, "name": id, "type": "system"} for id in system]
    own = [{"id": id, "name": name, "type": "user"} for id, name in mailbox.labels.items()]
    return {"labels": found + own}


def _list(mailbox: Mailbox, asked: Asked) -> Any:
    ids = mailbox.search(
        asked.get("q", ""),
        labels=asked.get("labelIds", ()),
        spam=asked.get("includeSpamTrash") == "true",
    )
    found = [{"id": id, "threadId": mailbox.messages[id].thread} for id in ids]
    page = _page(found, asked, "messages", mailbox.page)
    return {**page, "resultSizeEstimate": len(ids)}


def _get(mailbox: Mailbox, asked: Asked) -> Any:
    kept = mailbox.messages.get(asked.path["id"])
    if kept is None:
        return refused(404, "notFound", _NOT_FOUND)
    names = asked.get("metadataHeaders", [])
    return mailbox.resource(kept, asked.get("format", "full"), names)


def _attachment(mailbox: Mailbox, asked: Asked) -> Any:
    try:
        return mailbox.attachment(asked.path["messageId"], asked.path["id"])
    except KeyError:
        return refused(400, "invalidArgument", "Invalid attachment token")


def _history(mailbox: Mailbox, asked: Asked) -> Any:
    start = asked.get("startHistoryId", "")
    if not start.isdigit():
        return refused(400, "invalidArgument", "Invalid startHistoryId")
    try:
        found = mailbox.since(
            int(start), types=asked.get("historyTypes", ()), label=asked.get("labelId")
        )
    except Gone:
        return refused(404, "notFound", _NOT_FOUND)
    page = _page(found, asked, "history", mailbox.page)
    return {**page, "historyId": str(mailbox.history_id)}


def _page(found: list[Any], asked: Asked, name: str, most: int) -> dict[str, Any]:
    """A page; its list is missing where it would be empty, as Gmail has it."""
    begin = int(asked.get("pageToken") or 0)
    end = begin + min(int(asked.get("maxResults", 100)), 500, most)
    page: dict[str, Any] = {name: found[begin:end]} if found[begin:end] else {}
    return page | ({"nextPageToken": str(end)} if end < len(found) else {})
