"""From where files come, as a text says it.

gmail:has:attachment newer_than:1d      what is attached to the messages that a search finds
gmail:                                  what is attached to the message that started it
drive:folder/ID, drive:file/ID          of Google Drive; or the link that its user interface gives
invoices/may.zip, gs://bucket/folder    a file, an archive or a folder of the store
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from common.errors import InvalidInput

__all__ = ["Kind", "Source", "drive_folder", "read_source"]

_LONGEST = 2_000
_ID = r"[A-Za-z0-9_-]{5,200}"
_DRIVE = re.compile(rf"drive:(file|folder)/({_ID})")
_LINK = re.compile(
    rf"https://(?:drive|docs)\.google\.com/(?:[a-z]+/)?(?:u/\d+/)?"
    rf"(?:[a-z]+/)?(d|folders)/({_ID})(?:[/?#].*)?"
)


class Kind(StrEnum):
    """Who can bring the files."""

    PLACE = "place"
    DRIVE_FILE = "drive-file"
    DRIVE_FOLDER = "drive-folder"
    GMAIL = "gmail"


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where files come from."""

    kind: Kind
    text: str
    """A place, a Drive id or a Gmail search, which may be empty."""


def read_source(text: str) -> Source:
    """What a source's text says. Raises InvalidInput."""
    text = text.strip()
    if not text or len(text) > _LONGEST or not text.isprintable():
        raise InvalidInput(
            f"A source is a line of 1 to {_LONGEST:,} characters, not {text[:60]!r}."
        )
    if text.startswith("gmail:"):
        return Source(kind=Kind.GMAIL, text=text.removeprefix("gmail:").strip())
    if found := _DRIVE.fullmatch(text):
        return _drive(found[1], found[2])
    if found := _LINK.fullmatch(text):
        return _drive("file" if found[1] == "d" else "folder", found[2])
    if text.startswith(("drive:", "https://", "http://")):
        raise InvalidInput(
            f"{text[:200]!r} is no source: write drive:folder/ID, drive:file/ID, "
            "gmail:SEARCH, or a place such as gs://BUCKET/PATH."
        )
    return Source(kind=Kind.PLACE, text=text)


def drive_folder(text: str) -> str | None:
    """The id of the Drive folder that a text names; None where it names a place of the store."""
    found = read_source(text)
    if found.kind is Kind.DRIVE_FOLDER:
        return found.text
    if found.kind is Kind.PLACE:
        return None
    raise InvalidInput(f"Tables go to drive:folder/ID or to a place, not to {text[:200]!r}.")


def _drive(kind: str, id: str) -> Source:
    return Source(kind=Kind.DRIVE_FILE if kind == "file" else Kind.DRIVE_FOLDER, text=id)
