"""From a message to files in the store."""

from __future__ import annotations

import io
from itertools import chain
from typing import TYPE_CHECKING

from common.errors import RunjobsError
from common.files import TooMuch
from common.google import GoogleError
from common.google.gmail import BadMessage, Mail, read_mail
from common.integrations import NeedsReauth
from common.integrations.imports import Expected, Imported, Imports, Mismatch
from common.integrations.results import Skipped
from common.runtime import Retryable
from jobs.gmail_import.body import body_of
from jobs.gmail_import.found import Found, files_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.gmail_import.mailbox import Mailbox
    from jobs.gmail_import.params import GmailImport

__all__ = ["Taken", "Taking", "TooManyBytes"]


class TooManyBytes(TooMuch):
    """Raised when a run would fetch more than it was allowed to."""

    def __init__(self, most: int) -> None:
        super().__init__("What is attached to these messages", most)


class Taken:
    """What became of messages: each file and each failure once, however often it is tried."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, str], Imported] = {}
        self.skipped: dict[tuple[str, str], Skipped] = {}


class Taking:
    """Takes what the params ask for from one message after the other."""

    def __init__(
        self, mailbox: Mailbox, imports: Imports, params: GmailImport, check: Callable[[], None]
    ) -> None:
        self.taken = Taken()
        self._mailbox, self._imports, self._params = mailbox, imports, params
        self._check = check
        self._fetched = 0

    def take(self, id: str) -> None:
        """Import what is in a message, and note what cannot be.

        Raises what concerns more than this message, and Retryable for what may pass.
        """
        try:
            mail = read_mail(self._mailbox.message(id))
            for found in chain(self._body(mail), files_in(mail, self._params, self._mailbox)):
                self._check()
                self._one(mail, found)
        except (BadMessage, GoogleError) as error:
            self.leave(id, "", error)

    def leave(self, id: str, name: str, error: Exception, *, position: str = "") -> None:
        """Note that something is left out. Raises the error where it is not of this alone."""
        if isinstance(error, (Retryable, NeedsReauth)):
            raise error
        self._note(id, name, error, position)

    def give_up(self, id: str, error: RunjobsError) -> None:
        """Note that a message failed again and again, as if it could not help failing."""
        self._note(id, "", error, "")

    def _note(self, id: str, name: str, error: Exception, position: str) -> None:
        skipped = Skipped(name=name, id=id, reason=_reason(error))
        self.taken.skipped[id, position] = skipped

    def _body(self, mail: Mail) -> list[Found]:
        return [*body_of(mail, self._params.body, self._mailbox)]

    def _one(self, mail: Mail, found: Found) -> None:
        try:
            imported = self._imported(mail, found)
        except TooManyBytes:
            raise
        except (BadMessage, GoogleError, TooMuch, Mismatch) as error:
            self.leave(mail.id, found.name, error, position=found.position)
        else:
            self.taken.files[mail.id, found.position] = imported

    def _imported(self, mail: Mail, found: Found) -> Imported:
        most = self._params.most_file_bytes
        if found.size > most:
            raise TooMuch(found.name, most)
        # The id under which Gmail has an attachment is another one at each call: the message and
        # the place in it stay.
        id = f"{mail.id}.{found.position}"
        expected = Expected(
            name=found.name,
            content_type=found.content_type,
            origin={**mail.origin, "part": found.position},
            most=most,
        )
        there = self._imports.find(id, found.version, expected)
        return there or self._fetch(id, found, expected)

    def _fetch(self, id: str, found: Found, expected: Expected) -> Imported:
        content = found.content()
        self._fetched += len(content)
        if self._fetched > self._params.most_bytes:
            raise TooManyBytes(self._params.most_bytes)
        return self._imports.keep(id, found.version, io.BytesIO(content), expected)


def _reason(error: Exception) -> str:
    if getattr(error, "status", 0) == 404:
        return "it is not there any more"
    return str(error).rstrip(".")[:300]
