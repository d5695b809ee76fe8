"""What this job asks of Gmail: https://developers.google.com/workspace/gmail/api/guides/sync"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common.google import BadAnswer, open_account
from common.google.gmail.numbers import number

if TYPE_CHECKING:
    from common.google import Account
    from common.integrations import Integration, Integrations
    from common.runtime import Context

__all__ = ["History", "Mailbox", "Page", "open_mailbox"]

_MOST = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A part of a mailbox's history."""

    ids: list[str]
    """Of the messages that came, with no label by which they are none of ours."""
    reaches: int
    """All of the history up to there is on this page and those before it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """What came into a mailbox since some time, until it was asked for."""

    end: int
    """How far it goes."""
    pages: Iterator[Page]
    """In order. What comes while they are read is not on them."""


class Mailbox:
    """One account's messages, and what happened to them."""

    def __init__(self, account: Account, address: str) -> None:
        self._account = account
        self.address = address

    @property
    def now(self) -> int:
        """How far its history goes."""
        return number(self._account.get("gmail", "users/me/profile"), "historyId")

    def since(self, history: int) -> History:
        """What came after that. Raises NotFound, also on the way, where Gmail knows no more."""
        first = self._history(history, None)
        end = number(first, "historyId")
        return History(end=end, pages=self._pages(history, end, first))

    def search(self, query: str) -> Iterator[str]:
        """The ids of the messages that a search finds, newest first."""
        found = self._account.pages(
            "gmail", "users/me/messages", items="messages", q=query, maxResults=_MOST
        )
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

    def _pages(self, since: int, end: int, page: dict[str, Any]) -> Iterator[Page]:
        while True:
            records = {number(each, "id"): each for each in _listed(page, "history")}
            known = {at: each for at, each in records.items() if at <= end}
            yield Page(ids=[*_added(known.values())], reaches=max([since, *known]))
            if not (token := page.get("nextPageToken")) or len(known) < len(records):
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


def _added(records: Iterable[dict[str, Any]]) -> Iterator[str]:
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
