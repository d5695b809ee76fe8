"""What can be asked of gmail-import, and what comes of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from common.integrations.results import ImportResult
from common.runtime import Params

__all__ = ["Body", "GmailImport", "Imported"]

MIB, GIB = 1 << 20, 1 << 30

Body = Literal["none", "eml", "html", "text"]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")]
Short = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class GmailImport(Params):
    """What is attached to messages of a user's Gmail, to be kept as blobs."""

    user: str = Field(min_length=1, max_length=320, description="Whose Gmail: the tenant's user.")
    query: Line = Field(
        default="",
        max_length=2_000,
        description="A search as one types it in Gmail, such as: has:attachment newer_than:7d.",
    )
    messages: list[Id] = Field(
        default=[], max_length=5_000, description="Messages, by their ids, in place of a search."
    )
    names: list[Short] = Field(
        default=[], max_length=100, description="Only files whose names are like one: *.pdf."
    )
    types: list[Short] = Field(
        default=[],
        max_length=100,
        description="Only files of these MIME types: application/pdf, image/*.",
    )
    inline: bool = Field(default=False, description="Pictures too that a message's text shows.")
    forwarded: Literal["files", "message", "both"] = Field(
        default="files",
        description="Of a message that is attached: the files in it (itself, if there are none), "
        "itself, or both.",
    )
    body: Body = Field(
        default="none", description="The message itself too: as it came, or its text in a form."
    )
    destination: str = Field(
        default="",
        max_length=1_000,
        description="Where to keep them; imports in the tenant's home.",
    )
    spam: bool = Field(default=False, description="Search in spam and trash too.")
    most_messages: int = Field(default=500, ge=1, le=5_000, description="Messages, at most.")
    most_bytes: int = Field(default=10 * GIB, ge=1, description="Bytes to fetch, at most.")
    most_file_bytes: int = Field(
        default=50 * MIB, ge=1, le=64 * MIB, description="Bytes of a file, at most."
    )

    @model_validator(mode="after")
    def _either(self) -> GmailImport:
        if bool(self.query) == bool(self.messages):
            raise ValueError("give either a query or messages")
        return self


class Imported(ImportResult):
    """The result. What was left out has its message's id, and a name unless it is all of that."""

    messages: int
    """That were found."""
    complete: bool
    """Whether those were all messages; false where the search finds more than were allowed."""
