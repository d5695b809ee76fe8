"""Sending one file, in such a way that it is there once, whatever comes between.

Drive makes a file when the last byte has come. Before the first is sent, the upload's session is in
the ledger, with the id that the file will have: so an attempt whose answer was lost, or that was
killed, is gone on with, and what has been made already is found by its id. A conversion is made
under an id of Drive's own choice; such a file is found by the mark that it carries.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from common.documents import Conflict
from common.google.drive import SHARED
from jobs.drive_export.ledger import Ledger, Sending, What
from jobs.drive_export.made import is_table, made_as
from jobs.drive_export.sources import Source
from jobs.drive_export.step import Damaged, Step
from jobs.drive_export.target import Target
from jobs.drive_export.there import FIELDS, by_id, by_mark, holds, id_of, marks

if TYPE_CHECKING:
    from common.google import Account
    from common.google.upload import Upload

__all__ = ["Sender"]

_CHUNK = 8 << 20
"""Bytes of a request, of which each thread holds one in memory."""
_IDS = 50
_TRIES = 5


class Sender:
    """Sends files, in several threads."""

    def __init__(  # noqa: PLR0913 - who sends what where
        self,
        account: Account,
        ledger: Ledger,
        target: Target,
        *,
        convert: bool,
        run: str,
        check: Callable[[], None],
        moved: Callable[[int], None],
    ) -> None:
        """`moved` is told of bytes that have come."""
        self._account, self._ledger, self._target = account, ledger, target
        self._convert, self._run, self._check = convert, run, check
        self._moved = moved
        self._ids: list[str] = []
        self._lock = threading.Lock()

    def __call__(self, source: Source) -> Sending:
        """What became of it. Raises a GoogleError, NeedsReauth, Damaged, NotAsListed."""
        from common.google import AlreadyThere, Forbidden, SessionGone

        key = self._ledger.key(source.name)
        for _ in range(_TRIES):
            before, version = self._ledger.get(key)
            source = self._summed(source, before)
            if before and self._is_done(before, source):
                return before
            try:
                with source.place.open() as stream:
                    step = Step(key, source, before, version, stream)
                    return self._once(step)
            except Forbidden as error:
                raise step.refused(error) from None
            except (Conflict, AlreadyThere, SessionGone) as error:
                failure = error
        raise failure

    def _summed(self, source: Source, before: Sending | None) -> Source:
        is_known = before is not None and before.is_sure and before.etag == source.etag
        known = before.sha256 if before and is_known else ""
        return dataclasses.replace(source, sha256=known or source.digest(self._check))

    def _is_done(self, before: Sending, source: Source) -> bool:
        """Whether an earlier attempt of this very run has sent it."""
        mine = before.run == self._run and before.state == "done"
        return mine and before.sha256 == source.sha256

    def _once(self, step: Step) -> Sending:
        if (upload := self._resumed(step)) is None:
            there = self._there(step)
            if there is not None and holds(there, step.source):
                return self._done(step, there, what=step.what_is_there(self._run))
            upload = self._begin(step, there)
        said = self._sent(step, upload)
        if not holds(said, step.source):
            self._write(step, "begun", file=id_of(said))
            raise Damaged(step.source.name)
        return self._done(step, said, what=step.what)

    def _resumed(self, step: Step) -> Upload | None:
        """The upload that an earlier attempt began, if it can be gone on with."""
        from common.google import AlreadyThere, BadAnswer, SessionGone

        if (begun := step.begun) is None:
            return None
        if (uri := self._ledger.unseal(step.key, begun.session)) is None:
            return None
        upload = self._account.continue_upload(uri, size=step.source.size)
        try:
            upload.ask()
        except (AlreadyThere, BadAnswer, SessionGone):
            return None  # the file itself will tell
        step.what, step.is_resumed = begun.what, True
        return upload

    def _there(self, step: Step) -> Mapping[str, Any] | None:
        """The file as it is in the Drive by now."""
        if step.before is None:
            return None
        if step.before.file is None:
            return by_mark(self._account, self._target, step.key)
        there = by_id(self._account, step.before.file)
        step.is_trashed = there is not None and bool(there.get("trashed"))
        return None if step.is_trashed else there

    def _sent(self, step: Step, upload: Upload) -> Mapping[str, Any]:
        """The file that came of it. Raises SessionGone where another attempt got in between."""
        from common.google import Rejected, SessionGone

        try:
            return upload.send(step.read, chunk=_CHUNK, progress=self._counted(upload.sent))
        except Rejected:
            if not step.is_resumed:
                raise
        self._write(step, "begun", file=step.before.file if step.before else None)
        raise SessionGone(f"The upload of {step.source.name!r} was gone on with by two.")

    def _counted(self, sent: int) -> Callable[[int], None]:
        last = [sent]

        def progress(now: int) -> None:
            self._moved(now - last[0])
            last[0] = now

        return progress

    def _begin(self, step: Step, there: Mapping[str, Any] | None) -> Upload:
        """A session, which is in the ledger before a byte is sent."""
        if there is None:
            convert = self._convert and is_table(step.source)
            step.what, file = "created", None if convert else self._id_for(step)
            made = made_as(step.source, self._target.id, file, convert=convert)
            upload = self._session(step, ["files"], made)
        else:
            step.what, file = "updated", id_of(there)
            upload = self._session(step, ["files", file], {}, method="PATCH")
        self._write(step, "begun", file=file, session=self._ledger.seal(step.key, upload.uri))
        return upload

    def _session(
        self, step: Step, path: list[str], metadata: dict[str, Any], *, method: str = "POST"
    ) -> Upload:
        from common.google import NotFound, SessionGone

        source = step.source
        try:
            return self._account.begin_upload(
                "drive",
                path,
                {**metadata, "appProperties": marks(step.key, source)},
                size=source.size,
                content_type=source.content_type,
                method=method,
                fields=FIELDS,
                **SHARED,
            )
        except NotFound:
            if method == "POST":
                raise
            raise SessionGone(f"{source.name!r} was deleted in the Drive just now.") from None

    def _id_for(self, step: Step) -> str | None:
        """An id for a file that is to be made: the one that it was promised, or another.

        https://developers.google.com/workspace/drive/api/guides/create-file says that conversions
        take none.
        """
        before = None if step.is_trashed else step.before  # whose id is taken
        if before and before.state == "begun" and before.what == "created" and before.file:
            return before.file
        with self._lock:
            if not self._ids:
                said = self._account.get("drive", "files/generateIds", count=_IDS, type="files")
                self._ids = [str(id) for id in said.get("ids", [])]
            return self._ids.pop() if self._ids else None

    def _done(self, step: Step, said: Mapping[str, Any], *, what: What) -> Sending:
        step.what = what
        return self._write(step, "done", file=id_of(said), link=str(said.get("webViewLink", "")))

    def _write(self, step: Step, state: Literal["begun", "done"], **fields: Any) -> Sending:
        """Note it. Raises Conflict if another attempt did in the meantime."""
        source = step.source
        sending = Sending(
            state=state,
            run=self._run,
            what=step.what,
            sha256=source.sha256,
            size=source.size,
            etag=source.etag,
            is_sure=state == "done" or not source.is_listed,
            **fields,
        )
        step.version = self._ledger.put(step.key, sending, step.version)
        return sending
