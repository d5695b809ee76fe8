"""What this job asks of Gmail: https://developers.google.com/workspace/gmail/api/guides/sync"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common.google import BadAnswer, NotFound, open_account

if TYPE_CHECKING:
    from common.google import Account
    from common.integrations import Integration, Integrations
    from common.runtime import Context

__all__ = ["Mailbox", "Page", "open_mailbox"]

_MOST = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A part of a mailbox's history."""

    ids: list[str]
    """Of the messages that came, with no label by which they are none of ours."""
    reaches: int
    """All of the history up to there is on this page and those before it."""


class Mailbox:
    """One account's messages, and what happened to them."""

    def __init__(self, account: Account, address: str) -> None:
        self._account = account
        self.address = address

    @property
    def now(self) -> int:
        """How far its history goes."""
        return _number(self._account.get("gmail", "users/me/profile"), "historyId")

    def since(self, history: int) -> Iterator[Page] | None:
        """What came after that, in order, page by page; None where Gmail knows no more of it."""
        try:
            first = self._history(history, None)
        except NotFound:
            return None
        return self._pages(history, first)

    def search(self, query: str, labels: tuple[str, ...]) -> Iterator[str]:
        """The ids of the messages that a search finds, newest first."""
        found = self._account.pages(
            "gmail", "users/me/messages", items="messages", q=query, labelIds=labels,
            maxResults=_MOST,
        )  # fmt: skip
        return (str(each["id"]) for each in found if each.get("id"))

    def message(self, id: str, *, whole: bool) -> dict[str, Any]:
        """A message's resource, with its parts or with its headers only."""
        form = "full" if whole else "metadata"
        return self._account.get("gmail", ("users", "me", "messages", id), format=form)

    def labels(self) -> dict[str, str]:
        """The names of its labels by their ids."""
        found = _listed(self._account.get("gmail", "users/me/labels"), "labels")
        return {str(each.get("id")): str(each.get("name")) for each in found}

    def _history(self, since: int, token: str | None) -> dict[str, Any]:
        return self._account.get(
            "gmail",
            "users/me/history",
            startHistoryId=str(since),
            historyTypes="messageAdded",
            maxResults=_MOST,
            pageToken=token,
        )

    def _pages(self, since: int, page: dict[str, Any]) -> Iterator[Page]:
        end = _number(page, "historyId")  # what comes while pages are read is another time's
        while True:
            records, token = _listed(page, "history"), page.get("nextPageToken")
            numbers = [_number(record, "id") for record in records]
            last = max([since, *numbers]) if token else max([end, *numbers])
            yield Page(ids=[*_added(records)], reaches=last)
            if not token:
                return
            page = self._history(since, str(token))


@contextmanager
def open_mailbox(
    integrations: Integrations, integration: Integration, run: Context
) -> Iterator[Mailbox]:
    """The mailbox of an integration. Raises NeedsReauth."""
    with open_account(
        run.documents,
        tenant=integration.tenant,
        user=integration.user,
        check=run.check,
        deadline=run.deadline,
        integrations=integrations,
    ) as account:
        yield Mailbox(account, integration.account)


def _added(records: list[dict[str, Any]]) -> Iterator[str]:
    from jobs.automation_trigger.matching import is_ours

    for record in records:
        for change in _listed(record, "messagesAdded"):
            message = change.get("message")
            if not isinstance(message, dict) or not isinstance(message.get("id"), str):
                raise BadAnswer("Gmail gave a message that came no id.")
            labels = message.get("labelIds")
            if is_ours([*map(str, labels)] if isinstance(labels, list) else []):
                yield message["id"]


def _listed(said: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """A list that is missing where it would be empty."""
    found = said.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadAnswer(f"Gmail gave {name} that are none.")
    return found


def _number(said: dict[str, Any], name: str) -> int:
    value = str(said.get(name, ""))
    if not (value.isascii() and value.isdigit()):
        raise BadAnswer(f"Gmail gave no {name}.")
    return int(value)
