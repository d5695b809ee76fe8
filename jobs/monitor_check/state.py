"""What is kept of a monitor between checks, and of each of its changes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from common.documents import Data, Document
from common.ids import derived_id

__all__ = ["CHANGES", "MONITORS", "Change", "Kind", "Monitor", "change_id", "monitor_id", "view_of"]

MONITORS = "monitors"
CHANGES = "monitor_changes"

Kind = Literal["changed", "gone", "back"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Monitor:
    """What is watched, and how it stood at the last change."""

    tenant: str
    monitor: str
    """Its name."""
    view: str
    """Of what: another source, or another part of it, is not compared with this one."""
    source: str
    """For people: without a query, in which there may be secrets."""
    state: Literal["watching", "gone"] = "watching"
    sha256: str
    """Of the snapshot."""
    snapshot: str
    """Its path in the blob store."""
    number: int = 0
    """Of the last change."""
    seen: str = ""
    """The bytes that were last found to say the same, and by which rules."""
    etag: str = ""
    """What the server calls these."""
    created: datetime
    checked: datetime
    changed: datetime | None = None

    @classmethod
    def of(cls, document: Document) -> Monitor:
        """As a document has it; fields that are not ours are left alone."""
        return cls(**{name: document.data[name] for name in cls.__slots__ if name in document.data})

    @property
    def data(self) -> Data:
        """As a document has it."""
        return asdict(self)

    def after(self, change: Change, **fields: Any) -> Monitor:
        """The monitor as it is with a change, and other values of these fields."""
        return replace(
            self,
            state="gone" if change.kind == "gone" else "watching",
            number=change.number,
            changed=change.at,
            checked=change.at,
            **fields,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A change: written once; later only its announcement is added."""

    tenant: str
    monitor: str
    run: str
    """Which has found it."""
    number: int
    """Counted from 1 for each monitor."""
    kind: Kind
    at: datetime
    """When it was found."""
    source: str
    before: str
    """The SHA-256 of the text, and so the name of its snapshot."""
    after: str
    added: int = 0
    removed: int = 0
    similarity: float = 1.0
    additions: list[str] = field(default_factory=list)
    """The sentences that tell most of what was added, shortened."""
    removals: list[str] = field(default_factory=list)
    summary: str = ""
    snapshot: str
    """Of the text after it: a path in the blob store."""
    diff: str = ""
    """A path in the blob store."""
    warnings: list[str] = field(default_factory=list)
    announced: datetime | None = None
    """When the webhook took it."""

    @classmethod
    def of(cls, document: Document) -> Change:
        """As a document has it."""
        return cls(**{name: document.data[name] for name in cls.__slots__ if name in document.data})

    @property
    def data(self) -> Data:
        """As a document has it."""
        return asdict(self)


def monitor_id(tenant: str, name: str) -> str:
    """The document of a tenant's monitor."""
    return derived_id("monitor", tenant, name)


def change_id(run: str) -> str:
    """The document of what a run has found: a run finds one change, however often it is tried."""
    return derived_id("monitor-change", run)


def view_of(source: str, selector: str) -> str:
    """Another one for another source, or another part of it; it does not tell which."""
    return derived_id("view", source, selector)
