"""The files of a message that are to be imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from common.google.gmail import (
    MESSAGE,
    BadMessage,
    Mail,
    Part,
    decoded,
    files_of,
    message_at,
    name_of,
    opened,
    parts_of,
    type_of,
)
from common.ids import derived_id
from common.integrations.wanted import is_wanted

if TYPE_CHECKING:
    from jobs.gmail_import.mailbox import Mailbox
    from jobs.gmail_import.params import GmailImport

__all__ = ["Found", "files_in"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A file that is to be imported, if it is not there."""

    position: str
    """In the message, the same each time it is asked for."""
    name: str
    content_type: str
    size: int
    """Bytes, as announced; 0 where that is not known."""
    content: Callable[[], bytes]
    """Fetches it."""

    @property
    def version(self) -> str:
        """Another one if Gmail announces something else at that position."""
        return derived_id(self.name, self.content_type, str(self.size))


def files_in(mail: Mail, params: GmailImport, mailbox: Mailbox) -> Iterator[Found]:
    """Those of a message that the params ask for. Raises BadMessage."""
    names, types = params.names, params.types
    for found in _files(mail.id, parts_of(mail.payload), params, mailbox):
        if is_wanted(found.name, found.content_type, names=names, types=types):
            yield found


def _files(
    message: str, parts: Sequence[Part], params: GmailImport, mailbox: Mailbox
) -> Iterator[Found]:
    files = files_of(parts, inline=params.inline)
    for part in files:
        if params.forwarded == "message" and MESSAGE in part.within:
            continue
        if part.content_type == MESSAGE:
            yield from _forwarded(message, part, files, params, mailbox)
        else:
            yield _found(part, partial(_content, message, part, mailbox))


def _forwarded(
    message: str, part: Part, files: Sequence[Part], params: GmailImport, mailbox: Mailbox
) -> Iterator[Found]:
    """An attached message, or the files in it; those of one that Gmail has opened come anyway."""
    itself = _found(part, partial(_content, message, part, mailbox))
    within: list[Found] = []
    if params.forwarded != "message" and not part.is_open:
        within = [*_within(message, part, itself.content(), params, mailbox)]
    has_files = within or any(each.position.startswith(f"{part.position}.") for each in files)
    if params.forwarded != "files" or not has_files:
        yield itself
    yield from within


def _within(
    message: str, part: Part, content: bytes, params: GmailImport, mailbox: Mailbox
) -> Iterator[Found]:
    """The files in a message that Gmail has not opened."""
    inner = {"mimeType": MESSAGE, "parts": [opened(content)]}
    parts = parts_of(inner, position=part.position)[1:]
    yield from _files(message, parts, params, mailbox)


def _found(part: Part, content: Callable[[], bytes]) -> Found:
    return Found(
        position=part.position,
        name=name_of(part),
        content_type=type_of(part),
        size=part.size,
        content=content,
    )


def _content(message: str, part: Part, mailbox: Mailbox) -> bytes:
    if part.data is not None:
        content = decoded(part.data)
    elif part.attachment is not None:
        content = mailbox.attachment(message, part.attachment)
    elif part.content_type == MESSAGE:
        return message_at(mailbox.raw(message), part.position)
    else:
        content = b""
    if part.size and not content:
        raise BadMessage(f"{name_of(part)} came empty, but is to have {part.size:,} bytes")
    return content
