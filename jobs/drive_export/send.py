"""Sending one file, in such a way that it is there once, whatever comes between.

Drive makes a file when the last byte has come. Before the first is sent, the upload's session is in
the ledger, with the id that the file will have: so an attempt whose answer was lost, or that was
killed, is gone on with, and what has been made already is found by its id. A conversion is made
under an id of Drive's own choice; such a file is found by the mark that it carries.
"""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from common.documents import Conflict
from common.errors import InvalidInput
from common.runtime import Retryable
from jobs._drive import NATIVE, SHARED
from jobs.drive_export.ledger import Ledger, Sending, What
from jobs.drive_export.sources import Source

if TYPE_CHECKING:
    from common.google import Account
    from common.google.upload import Upload

__all__ = ["Damaged", "NotAsListed", "Sender"]

_FIELDS = "id,name,mimeType,trashed,webViewLink,size,md5Checksum,sha256Checksum,appProperties"
_MARK = "runjobs"
_SUM = "runjobs-sha256"
_SHEET = f"{NATIVE}spreadsheet"
_TABLES = {
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CHUNK = 8 << 20
"""Bytes of a request, of which each thread holds one in memory."""
_IDS = 50
_TRIES = 5


class Damaged(Retryable):
    """Raised when what arrived in the Drive is not what was sent; it is sent again."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} arrived with another SHA-256 than it left with.")


class NotAsListed(InvalidInput):
    """Raised when a file is not the one that the manifest says."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name!r} has another SHA-256 than the manifest says: it was replaced since then. "
            "Make a new manifest."
        )


class Sender:
    """Sends files, in several threads."""

    def __init__(  # noqa: PLR0913 - who sends what where
        self,
        account: Account,
        ledger: Ledger,
        *,
        folder: str,
        convert: bool,
        run: str,
        check: Callable[[], None],
    ) -> None:
        self._account, self._ledger, self._folder = account, ledger, folder
        self._convert, self._run, self._check = convert, run, check
        self._ids: list[str] = []
        self._lock = threading.Lock()

    def __call__(self, source: Source) -> Sending:
        """What became of it. Raises a GoogleError, NeedsReauth, Damaged."""
        from common.google import AlreadyThere, SessionGone

        key = self._ledger.key(source.name)
        for _ in range(_TRIES):
            before, version = self._ledger.get(key)
            source = self._summed(source, before)
            if before and self._is_done(before, source):
                return before
            try:
                with source.place.open() as stream:
                    return self._once(_Step(key, source, before, version, stream))
            except (Conflict, AlreadyThere, SessionGone) as error:
                failure = error
        raise failure

    def _summed(self, source: Source, before: Sending | None) -> Source:
        same = before is not None and before.etag == source.etag
        known = before.sha256 if before and same else ""
        return dataclasses.replace(source, sha256=known or source.digest(self._check))

    def _is_done(self, before: Sending, source: Source) -> bool:
        """Whether an earlier attempt of this very run has sent it."""
        mine = before.run == self._run and before.state == "done"
        return mine and before.sha256 == source.sha256

    def _once(self, step: _Step) -> Sending:
        if (upload := self._resumed(step)) is None:
            there = self._there(step)
            if there is not None and _holds(there, step.source):
                return self._done(step, there, what=step.what_is_there(self._run))
            upload = self._begin(step, there)
        said = self._sent(step, upload)
        if not _holds(said, step.source):
            self._write(step, "begun", file=_id(said))
            raise Damaged(step.source.name)
        return self._done(step, said, what=step.what)

    def _sent(self, step: _Step, upload: Upload) -> Mapping[str, Any]:
        """The file that came of it. Raises SessionGone where another attempt got in between."""
        from common.google import Rejected, SessionGone

        try:
            return upload.send(step.read, chunk=_CHUNK)
        except Rejected:
            if not step.is_resumed:
                raise
        self._write(step, "begun", file=step.before.file if step.before else None)
        raise SessionGone(f"The upload of {step.source.name!r} was gone on with by two.")

    def _resumed(self, step: _Step) -> Upload | None:
        """The upload that an earlier attempt began, if it can be gone on with."""
        from common.google import AlreadyThere, BadAnswer, SessionGone

        before = step.before
        if before is None or before.state != "begun" or before.sha256 != step.source.sha256:
            return None
        if (uri := self._ledger.unseal(step.key, before.session)) is None:
            return None
        upload = self._account.continue_upload(uri, size=step.source.size)
        try:
            upload.ask()
        except (AlreadyThere, BadAnswer, SessionGone):
            return None  # the file itself will tell
        step.what, step.is_resumed = before.what, True
        return upload

    def _there(self, step: _Step) -> Mapping[str, Any] | None:
        """The file as it is in the Drive by now."""
        from common.google import NotFound

        if step.before is None:
            return None
        if step.before.file is None:
            return self._marked(step)
        try:
            path = ["files", step.before.file]
            said = self._account.get("drive", path, fields=_FIELDS, **SHARED)
        except NotFound:
            return None
        return None if said.get("trashed") else said

    def _marked(self, step: _Step) -> Mapping[str, Any] | None:
        mark = f"appProperties has {{ key='{_MARK}' and value='{step.key}' }}"
        found = self._account.pages(
            "drive",
            "files",
            items="files",
            q=f"'{self._folder}' in parents and trashed = false and {mark}",
            fields=f"nextPageToken,files({_FIELDS})",
            includeItemsFromAllDrives=True,
            **SHARED,
        )
        return next(iter(found), None)

    def _begin(self, step: _Step, there: Mapping[str, Any] | None) -> Upload:
        """A session, which is in the ledger before a byte is sent."""
        source, id = step.source, _id(there) if there else self._id_for(step)
        metadata = {"appProperties": {_MARK: step.key, _SUM: source.sha256}}
        path = ["files", str(id)] if there else ["files"]
        upload = self._account.begin_upload(
            "drive",
            path,
            metadata if there else {**metadata, **self._made_as(source, id)},
            size=source.size,
            content_type=source.content_type,
            method="PATCH" if there else "POST",
            fields=_FIELDS,
            **SHARED,
        )
        step.what = "updated" if there else "created"
        self._write(step, "begun", file=id, session=self._ledger.seal(step.key, upload.uri))
        return upload

    def _made_as(self, source: Source, id: str | None) -> dict[str, Any]:
        name, kind = source.title, source.content_type
        if self._is_converted(source):
            name, kind = name.rpartition(".")[0] or name, _SHEET
        made = {"name": name, "mimeType": kind, "parents": [self._folder]}
        return made if id is None else {**made, "id": id}

    def _is_converted(self, source: Source) -> bool:
        return self._convert and source.content_type in _TABLES

    def _id_for(self, step: _Step) -> str | None:
        """An id for a file that is to be made: the one that it was promised, or another.

        https://developers.google.com/workspace/drive/api/guides/create-file#generate-ids says that
        no conversion takes one.
        """
        if self._is_converted(step.source):
            return None
        before = step.before
        if before and before.state == "begun" and before.what == "created" and before.file:
            return before.file
        with self._lock:
            if not self._ids:
                said = self._account.get("drive", "files/generateIds", count=_IDS, type="files")
                self._ids = [str(id) for id in said.get("ids", [])]
            return self._ids.pop() if self._ids else None

    def _done(self, step: _Step, said: Mapping[str, Any], *, what: What) -> Sending:
        step.what = what
        return self._write(step, "done", file=_id(said), link=str(said.get("webViewLink", "")))

    def _write(self, step: _Step, state: Literal["begun", "done"], **fields: Any) -> Sending:
        """Note it. Raises Conflict if another attempt did in the meantime."""
        source = step.source
        is_sure = state == "done" or not source.is_listed
        sending = Sending(
            state=state,
            run=self._run,
            what=step.what,
            sha256=source.sha256,
            size=source.size,
            etag=source.etag if is_sure else "",
            **fields,
        )
        step.version = self._ledger.put(step.key, sending, step.version)
        return sending


@dataclasses.dataclass(slots=True)
class _Step:
    """One try at one file."""

    key: str
    source: Source
    before: Sending | None
    version: str | None
    """Of what `before` was read from, or was written since."""
    stream: BinaryIO
    what: What = "created"
    is_resumed: bool = False
    hashed: int = 0
    """Bytes of the source that were read in order, and are in `digest`."""
    digest: Any = dataclasses.field(default_factory=hashlib.sha256)

    def read(self, offset: int, size: int) -> bytes:
        """So many bytes of the source. Before the last of them leave, raises NotAsListed or Damaged
        if it is another source than was announced."""
        self.stream.seek(offset)
        parts, missing = [], size
        while missing and (part := self.stream.read(missing)):
            parts.append(part)
            missing -= len(part)
        data = b"".join(parts)
        if offset == self.hashed:
            self.hashed += len(data)
            self.digest.update(data)
        if missing or (self.hashed == self.source.size and not self._is_right()):
            raise (NotAsListed if self.source.is_listed else Damaged)(self.source.name)
        return data

    def _is_right(self) -> bool:
        return bool(self.digest.hexdigest() == self.source.sha256)

    def what_is_there(self, run: str) -> What:
        """What became of a file that has the content already: if it was begun by this very run,
        then by an attempt that did not live to say so."""
        before = self.before
        mine = before is not None and before.run == run and before.state == "begun"
        return before.what if before and mine else "unchanged"


def _id(said: Mapping[str, Any]) -> str:
    from common.google import BadAnswer

    if not isinstance(said.get("id"), str):
        raise BadAnswer("Google described a file without id.", harmless=False)
    return str(said["id"])


def _holds(said: Mapping[str, Any], source: Source) -> bool:
    """Whether the file in the Drive has the source's content. Drive makes no checksum of what it
    converted; what that was made from is in its mark."""
    if (found := said.get("sha256Checksum")) is not None:
        return str(found).lower() == source.sha256
    marked = (said.get("appProperties") or {}).get(_SUM) == source.sha256
    is_native = str(said.get("mimeType", "")).startswith(NATIVE)
    return marked and (is_native or str(said.get("size")) == str(source.size))
