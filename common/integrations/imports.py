"""What was imported already, so that importing twice duplicates nothing.

A file's place follows from where it came from: `DESTINATION/SOURCE/ID/VERSION/NAME`. It is written
there if nothing is, and then noted in the document of its id. Killed between the two, the next
attempt finds the file where it belongs, and notes it without fetching it again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, BinaryIO, Literal, cast

from common.blobs import Blob, BlobExists
from common.documents import Data, Document, Documents
from common.files import File, Place
from common.ids import derived_id
from common.integrations.arrivals import Checked, Expected, Mismatch, Readable, safe_name

__all__ = ["Expected", "Imported", "Imports", "Mismatch", "Readable", "safe_name"]

COLLECTION = "imports"
_CHUNK = 1 << 20
_VERSIONS = 50
"""That are noted of one id; of an older one that comes again the file itself is found."""
_FIELDS = tuple(field.name for field in dataclasses.fields(File))


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """A file that is where it belongs."""

    file: File
    state: Literal["new", "changed", "unchanged"]
    """As this run finds it: of an id that was never imported here, or only in other versions, or in
    this very version by another run. What an earlier attempt of this run brought is still new."""


class Imports:
    """The files that were imported from one source into one place.

    May be used by several threads. `source` is a path such as `drive`; where ids are unique only
    within an account, the account belongs into it: `gmail/a@example.com`. `user` is for whom: of a
    file that several users imported into one place, all of them are known.
    """

    def __init__(
        self, documents: Documents, place: Place, source: str, *, run: str, user: str = ""
    ) -> None:
        self._documents, self._run, self._user = documents, run, user
        self._place = place.below("/".join(map(_part, source.split("/"))))

    def find(self, id: str, version: str, expected: Expected) -> Imported | None:
        """What is there of this version, though a killed attempt may not have noted it.

        Raises Mismatch if somebody else's file is there.
        """
        found = self._documents.get(COLLECTION, self._key(id))
        entry = _entry(found, version)
        if entry and self._place.blobs.stat(entry["path"]):
            self._share(id, entry)
            return self._imported(entry)
        blob = next(iter(self._folder(id, version).list()), None)
        return None if blob is None else self._adopt(id, version, blob, expected)

    def keep(
        self, id: str, version: str, content: Readable | BinaryIO, expected: Expected
    ) -> Imported:
        """Write the file and note it. Raises Mismatch or TooMuch; then nothing was written.

        Where another was quicker, what that wrote stays, and is noted.
        """
        place = self._folder(id, version).below(safe_name(expected.name))
        checked = Checked(content, expected)
        try:
            source = cast("BinaryIO", checked)
            blob = place.blobs.write(place.path, source, content_type=expected.content_type)
        except BlobExists:
            return self._adopt(id, version, place.stat(), expected)
        return self._note(id, version, blob, expected, checked)

    def _adopt(self, id: str, version: str, blob: Blob, expected: Expected) -> Imported:
        """Note a blob that is there: it was written whole, or it would not be."""
        with self._place.blobs.open(blob.path) as stream:
            checked = Checked(stream, expected)
            while checked.read(_CHUNK):
                pass
        return self._note(id, version, blob, expected, checked)

    def _note(
        self, id: str, version: str, blob: Blob, expected: Expected, checked: Checked
    ) -> Imported:
        entry = {
            "version": version,
            "path": blob.path,
            "run": self._run,
            "name": expected.name[:1_000],
            "uri": blob.uri,
            "size": checked.size,
            "sha256": checked.sha256,
            "content_type": expected.content_type,
            "origin": dict(expected.origin),
            "users": [self._user] if self._user else [],
        }
        written = self._documents.update(
            COLLECTION, self._key(id), lambda old: self._changed(old, id, entry)
        )
        return self._imported(_entry(written, version) or entry)

    def _changed(self, old: Document | None, id: str, entry: dict[str, Any]) -> Data | None:
        there = _entry(old, entry["version"])
        users = self._users(there) if there else entry["users"]
        if there and all(there[name] == entry[name] for name in ("path", "sha256")):
            if there.get("users") == users:
                return None
            entry = {**there, "users": users}
        files = list(old.data["files"]) if old else []
        first = there["first"] if there else not files
        others = [each for each in files if each != there]
        noted = [*others, {**entry, "users": users, "first": first}][-_VERSIONS:]
        return {"place": self._place.uri, "item": id, "files": noted}

    def _share(self, id: str, entry: Mapping[str, Any]) -> None:
        """Note that the file is this user's, too."""
        if entry.get("users") != self._users(entry):
            self._documents.update(
                COLLECTION, self._key(id), lambda old: self._changed(old, id, dict(entry))
            )

    def _users(self, there: Mapping[str, Any]) -> list[str] | None:
        """Whose a file is that is there; None where that was not noted when it came."""
        known = there.get("users")
        return None if known is None else sorted({*known, *filter(None, [self._user])})

    def _imported(self, entry: Mapping[str, Any]) -> Imported:
        file = File(**{name: entry[name] for name in _FIELDS})
        if entry["run"] != self._run:
            return Imported(file=file, state="unchanged")
        return Imported(file=file, state="new" if entry["first"] else "changed")

    def _folder(self, id: str, version: str) -> Place:
        return self._place.below(f"{_part(id)}/{_part(version)}")

    def _key(self, id: str) -> str:
        return derived_id("import", self._place.uri, id)


def _entry(document: Document | None, version: str) -> Mapping[str, Any] | None:
    files = document.data["files"] if document else ()
    return next((each for each in files if each["version"] == version), None)


def _part(text: str) -> str:
    """A part of a path that no other text has."""
    safe = safe_name(text)
    return safe if safe == text else f"{safe}-{derived_id(text)}"
