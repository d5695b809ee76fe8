"""One person's removal, as its document tells it: what went so far, and in the end a signature.

Counts are written in the commits that they count, and blobs are named before they go: so they are
exact whatever is killed. Who it was is told by a keyed hash alone, for whoever has the key and the
user's id; the signature covers all that the document says in the end.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from common.documents import MAX_WRITES, Conflict, Delete, Query, Update
from common.ids import derived_id
from common.runtime import Retryable

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.blobs import Blobs
    from common.documents import Document, Documents, Write
    from common.integrations import Cipher
    from jobs.opt_out_data_cleanup.person import Person

__all__ = ["OPT_OUTS", "Tally", "is_signed", "lumps", "tallies_of"]

OPT_OUTS = "opt_outs"
_WHO, _WHAT = "opt-out: who", "opt-out: what"
_BLOBS = 300
"""That are named at once before they go: with the longest paths they fit into a document."""
_SIGNED = ("who", "opted_out", "begun", "ended", "run", "counts", "unrevoked")

T = TypeVar("T")


class Tallied(Retryable):
    """Raised when another run removes the same person's data."""


class Tally:
    """That of one person. One thread uses it."""

    def __init__(self, documents: Documents, blobs: Blobs, found: Document) -> None:
        self._documents, self._blobs = documents, blobs
        self.id = found.id
        self._data, self._version = dict(found.data), found.version
        if self._going:  # named by an attempt that was killed then
            self._remove_named()

    @classmethod
    def begin(
        cls, documents: Documents, blobs: Blobs, cipher: Cipher, person: Person, run: str
    ) -> Tally:
        """The one that an earlier attempt or run has begun, or a new one."""
        opted_out = person.opted_out.isoformat()
        for who in cipher.marks(_WHO, person.id):
            found = documents.get(OPT_OUTS, derived_id("opt-out", who, opted_out))
            if found is not None:
                return cls(documents, blobs, found)
        who = cipher.mark(_WHO, person.id)
        data = {
            "who": who,
            "opted_out": person.opted_out,
            "begun": documents.now(),
            "ended": None,
            "run": run,
            "counts": {},
            "unrevoked": 0,
            "going": [],
            "signature": "",
        }
        id = derived_id("opt-out", who, opted_out)
        documents.update(OPT_OUTS, id, lambda there: None if there else data)
        begun = documents.get(OPT_OUTS, id)
        if begun is None:
            raise Tallied(f"Tally {id} was removed while it was begun.")
        return cls(documents, blobs, begun)

    @property
    def counts(self) -> Counter[str]:
        """What went so far, by collections; `blobs` beside them."""
        return Counter(self._data["counts"])

    @property
    def unrevoked(self) -> int:
        """Consents that Google was not brought to forget."""
        return int(self._data["unrevoked"])

    @property
    def _going(self) -> list[str]:
        return list(self._data.get("going") or ())

    def remove_blobs(self, paths: Iterable[str]) -> None:
        """Remove blobs that are there."""
        for some in lumps(paths, _BLOBS):
            self._write([], going=some)
            self._remove_named()

    def remove(self, found: Iterable[Document], is_still: Callable[[Document], bool]) -> None:
        """Remove documents; of one that was written since it was read, if it is still so."""
        for some in lumps(found, MAX_WRITES - 1):
            try:
                self._remove(some)
            except Conflict:
                for each in some:
                    self._documents.optimistic(partial(self._again, each, is_still))

    def forget(self, writes: Sequence[Write], counts: Mapping[str, int], **more: Any) -> None:
        """Do some writes, and count them. Raises Conflict."""
        self._write(writes, counts=dict(self.counts + Counter(counts)), **more)

    def signed(self, cipher: Cipher, last: Document) -> tuple[Write, ...]:
        """The writes that end it, with the person's own document, which goes last."""
        counts = self.counts + Counter({last.collection: 1})
        data = {**self._data, "counts": dict(counts), "ended": self._documents.now()}
        signature = cipher.mark(_WHAT, _text(data))
        fields = {name: data[name] for name in ("counts", "ended")}
        return (
            Update(
                OPT_OUTS, self.id, {**fields, "signature": signature}, self._version, ("going",)
            ),
            Delete(last.collection, last.id, last.version),
        )

    def _remove(self, some: Sequence[Document]) -> None:
        writes = [Delete(each.collection, each.id, each.version) for each in some]
        self.forget(writes, Counter(each.collection for each in some))

    def _again(self, document: Document, is_still: Callable[[Document], bool]) -> None:
        found = self._documents.get(document.collection, document.id)
        if found is not None and is_still(found):
            self._remove([found])

    def _remove_named(self) -> None:
        self._blobs.delete(self._going)
        counts = self.counts + Counter(blobs=len(self._going))
        self._write([], counts=dict(counts), going=[])

    def _write(self, writes: Sequence[Write], **fields: Any) -> None:
        mine = Update(OPT_OUTS, self.id, fields, self._version)
        try:
            versions = self._documents.commit([mine, *writes])
        except Conflict:
            found = self._documents.get(OPT_OUTS, self.id)
            if found is None or found.version != self._version:
                raise Tallied(f"Another run goes on with tally {self.id}.") from None
            raise
        self._version = versions[0] or ""
        self._data |= fields


def tallies_of(documents: Documents, cipher: Cipher, user: str) -> list[Document]:
    """Those of a user, by whichever key, that have come to their end."""
    found: list[Document] = []
    for who in cipher.marks(_WHO, user):
        found += documents.query(Query(OPT_OUTS, where=(("who", "==", who),)))
    return [each for each in found if each.data["ended"]]


def is_signed(cipher: Cipher, tally: Document) -> bool:
    """Whether its signature is that of what it says."""
    return tally.data["signature"] in cipher.marks(_WHAT, _text(tally.data))


def _text(data: Mapping[str, Any]) -> str:
    """All that is signed, as one text that is the same in each store."""
    said = {name: data[name] for name in _SIGNED}
    return json.dumps(said, sort_keys=True, default=_utc)


def _utc(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def lumps(found: Iterable[T], size: int) -> Iterator[list[T]]:
    """All, so many at a time."""
    rest = iter(found)
    while some := [*islice(rest, size)]:
        yield some
