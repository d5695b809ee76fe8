"""What is done: from where files come, what is looked for in them, where the tables go."""

from __future__ import annotations

from dataclasses import dataclass

from common.automations.sources import Kind, Source, drive_folder, read_source
from common.errors import InvalidInput

__all__ = ["Template"]

_MOST = 100
"""Sources of one template."""
_SCHEMA = 100_000
"""Characters."""
_FORMATS = ("csv", "xlsx", "json")


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """What is done with files. Raises InvalidInput where it cannot be."""

    sources: tuple[str, ...]
    """From where, as sources.py says."""
    schema: str
    """What is looked for: a name such as `invoice`, inline JSON, or a place of a JSON file."""
    provider: str = "auto"
    """Who looks."""
    formats: tuple[str, ...] = _FORMATS
    """Of the tables."""
    export: str = ""
    """Where the tables go: drive:folder/ID, or a place; empty for where the job puts them."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.sources) <= _MOST:
            raise InvalidInput(f"Say from where files come: 1 to {_MOST} sources.")
        if not 1 <= len(self.schema) <= _SCHEMA:
            raise InvalidInput(f"A schema has 1 to {_SCHEMA:,} characters.")
        if not self.formats or set(self.formats) - set(_FORMATS):
            raise InvalidInput(f"Tables are written as one or more of {', '.join(_FORMATS)}.")
        self.read()
        if self.export:
            drive_folder(self.export)

    def read(self) -> tuple[Source, ...]:
        """Its sources, each read."""
        return tuple(map(read_source, self.sources))

    @property
    def drive(self) -> str | None:
        """The id of the Drive folder that the tables go to, if they do."""
        return drive_folder(self.export) if self.export else None

    @property
    def place(self) -> str:
        """The place of the store that the tables go to; empty for none of its own."""
        return "" if self.drive else self.export

    @property
    def asks_google(self) -> bool:
        """Whether a user's Google account is needed."""
        return bool(self.drive) or any(found.kind is not Kind.PLACE for found in self.read())
