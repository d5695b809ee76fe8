"""What this job asks of Gmail: https://developers.google.com/workspace/gmail/api/reference/rest"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from common.google.gmail import decoded

if TYPE_CHECKING:
    from common.google import Account

__all__ = ["Mailbox"]

_PAGE = 500


class Mailbox:
    """The messages of one account."""

    def __init__(self, account: Account) -> None:
        self._account = account

    @property
    def address(self) -> str:
        """Whose it is."""
        return str(self._account.get("gmail", "users/me/profile").get("emailAddress", "")).lower()

    def search(self, query: str, *, spam: bool, most: int) -> Iterator[str]:
        """The ids of the newest messages that a search finds, each once."""
        asked = {"q": query, "maxResults": min(_PAGE, most)}
        if spam:
            asked["includeSpamTrash"] = True
        found = self._account.pages("gmail", "users/me/messages", items="messages", **asked)
        seen: set[str] = set()
        for each in found:
            if (id := str(each.get("id", ""))) and id not in seen:
                seen.add(id)
                yield id
            if len(seen) == most:  # nor is the next page asked for
                return

    def message(self, id: str, *, form: str = "full") -> dict[str, Any]:
        """A message's resource."""
        return self._account.get("gmail", ("users", "me", "messages", id), format=form)

    def raw(self, id: str) -> bytes:
        """A message as it came. Raises BadMessage."""
        return decoded(self.message(id, form="raw").get("raw"))

    def attachment(self, message: str, id: str) -> bytes:
        """What is under an id that the message's resource gave just now. Raises BadMessage."""
        path = ("users", "me", "messages", message, "attachments", id)
        return decoded(self._account.get("gmail", path).get("data"))
