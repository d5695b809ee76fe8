"""What lies in a drive: files, folders, Google's own documents, shortcuts."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["FOLDER", "SHORTCUT", "BadFields", "Item", "pick"]

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"


@dataclasses.dataclass
class Item:
    """One of them."""

    id: str
    name: str
    mime: str
    parents: list[str]
    content: bytes | None = None
    drive: str | None = None
    """The shared drive that it is in."""
    member: bool = True
    """Whether the user is a member of that."""
    target: str | None = None
    """What a shortcut leads to."""
    exports: dict[str, bytes] = dataclasses.field(default_factory=dict)
    properties: dict[str, str] = dataclasses.field(default_factory=dict)
    trashed: bool = False
    refused: str | None = None
    """For which reason nobody may have its content."""
    writable: bool = True
    sums: tuple[str, ...] = ("md5Checksum", "sha256Checksum")
    """Which checksums Drive tells of it."""
    version: int = 1
    modified: str = "2026-11-01T00:00:00.000Z"
    revisions: list[bytes] = dataclasses.field(default_factory=list)

    def shown(self, target: Item | None) -> dict[str, Any]:
        """As Drive shows it, with all the fields that are known here."""
        found: dict[str, Any] = {
            "kind": "drive#file",
            "id": self.id,
            "name": self.name,
            "mimeType": self.mime,
            "parents": self.parents,
            "trashed": self.trashed,
            "version": str(self.version),
            "modifiedTime": self.modified,
            "appProperties": self.properties,
            "webViewLink": f"https://drive.google.com/file/d/{self.id}/view",
            "capabilities": {"canDownload": self.refused is None, "canAddChildren": self.writable},
        }
        if self.drive:
            found["driveId"] = self.drive
            found["capabilities"]["canReadDrive"] = self.member
        if self.target:
            mime = target.mime if target else "application/octet-stream"
            found["shortcutDetails"] = {"targetId": self.target, "targetMimeType": mime}
        if self.content is not None:
            found |= self._of_content(self.content)
        return found

    def write(self, content: bytes) -> None:
        """Make it a new revision."""
        self.content = content
        self.revisions.append(content)

    def touch(self, clock: int) -> None:
        self.version += 1
        self.modified = f"2026-11-02T{clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}.000Z"

    def _of_content(self, content: bytes) -> dict[str, Any]:
        sums = {
            "md5Checksum": hashlib.md5(content).hexdigest(),  # noqa: S324 - Drive's own
            "sha256Checksum": hashlib.sha256(content).hexdigest(),
        }
        return {
            "size": str(len(content)),
            "headRevisionId": f"{self.id}-{len(self.revisions)}",
            **{name: sums[name] for name in self.sums},
        }


class BadFields(Exception):
    """Drive answers 400 to these."""


def pick(found: Mapping[str, Any], fields: str, kind: str) -> dict[str, Any]:
    """What `fields` selects of an answer of that kind (of the discovery document's schemas)."""
    return _pick(found, _parsed(fields), kind)


def _pick(found: Mapping[str, Any], wanted: Mapping[str, Any], kind: str | None) -> dict[str, Any]:
    if "*" in wanted:
        return dict(found)
    known = _schemas()[kind]["properties"] if kind else None
    picked = {}
    for name, inner in wanted.items():
        if known is not None and name not in known:
            raise BadFields(f"Invalid field selection {name}")
        if name in found:
            schema = known[name] if known else {}
            picked[name] = _inner(found[name], inner, _kind(schema))
    return picked


def _inner(value: Any, inner: Mapping[str, Any] | None, kind: str | None) -> Any:
    if not inner:
        return value
    if isinstance(value, list):
        return [_pick(each, inner, kind) for each in value]
    return _pick(value, inner, kind)


def _kind(schema: Mapping[str, Any]) -> str | None:
    ref = schema.get("$ref") or schema.get("items", {}).get("$ref")
    return ref if ref in _schemas() else None


def _parsed(fields: str) -> dict[str, Any]:
    tokens = re.findall(r"[A-Za-z0-9_*]+|[(),/]", fields)
    if "".join(tokens) != fields.replace(" ", ""):
        raise BadFields(f"Invalid field selection {fields}")
    found = _list(tokens)
    if tokens:
        raise BadFields(f"Invalid field selection {fields}")
    return found


def _list(tokens: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while tokens:
        found |= _path(tokens)
        if not tokens or tokens[0] != ",":
            return found
        tokens.pop(0)
    raise BadFields("Invalid field selection: it ends early")


def _path(tokens: list[str]) -> dict[str, Any]:
    name, inner = tokens.pop(0) if tokens else "", None
    if tokens and tokens[0] == "/":
        tokens.pop(0)
        inner = _path(tokens)
    elif tokens and tokens[0] == "(":
        tokens.pop(0)
        inner = _list(tokens)
        if not tokens or tokens.pop(0) != ")":
            raise BadFields("Invalid field selection: no )")
    return {name: inner}


_SCHEMAS: dict[str, Any] = {}


def _schemas() -> dict[str, Any]:
    if not _SCHEMAS:
        import googleapiclient

        folder = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
        _SCHEMAS.update(json.loads((folder / "drive.v3.json").read_text())["schemas"])
    return _SCHEMAS
