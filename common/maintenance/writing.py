"""Changes in as few commits as they go into, and what happens where one of them is in conflict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from common.data import Malformed
from common.documents import MAX_WRITES, Conflict, Document, Documents
from common.errors import InvalidInput
from common.maintenance.change import Change
from common.maintenance.tallies import Tallies

__all__ = ["BATCH", "Judged", "Writer"]

BATCH = MAX_WRITES - 1
"""Writes in one commit, beside that of the tally."""
_TRIES = 10
"""How often a document that others keep writing is judged anew."""

Judged = tuple[Document, Change]
Step = Callable[[Document], Change | None]


class Writer:
    """Judges documents and writes what is to be done about them; several threads may use it."""

    def __init__(
        self,
        documents: Documents,
        tallies: Tallies,
        *,
        stopping: Callable[[], bool],
        malformed: Callable[[Malformed], None],
    ) -> None:
        """`malformed` hears of documents that cannot be read; when `stopping`, no more is begun."""
        self._documents, self._tallies = documents, tallies
        self._stopping, self._malformed = stopping, malformed

    def judged(self, documents: Sequence[Document], step: Step) -> list[Judged]:
        """Those about which something is to be done."""
        found: list[Judged] = []
        for document in documents:
            if self._stopping():
                break
            if (change := self._change(document, step)) is not None:
                found.append((document, change))
        return found

    def write(self, documents: Sequence[Document], step: Step) -> None:
        """Do what is to be done about each."""
        for group in _groups(self.judged(documents, step)):
            if self._stopping():
                return
            self._commit(group, step)

    def _change(self, document: Document, step: Step) -> Change | None:
        try:
            return step(document)
        except Malformed as error:
            self._malformed(error)
            return None

    def _commit(self, group: Sequence[Judged], step: Step) -> None:
        """By halves where it is in conflict, until what has changed is found."""
        try:
            self._commit_all([change for _, change in group])
        except Conflict:
            if len(group) == 1:
                self._again(group[0][0], step)
                return
            half = len(group) // 2
            self._commit(group[:half], step)
            self._commit(group[half:], step)

    def _again(self, document: Document, step: Step) -> None:
        """Judge it as it stands now, as long as others keep writing it."""
        for _ in range(_TRIES):
            found = self._documents.get(document.collection, document.id)
            change = None if found is None else self._change(found, step)
            if change is None:
                return
            try:
                self._commit_all([change])
            except Conflict as error:
                failure = error
            else:
                return
        raise failure

    def _commit_all(self, changes: Sequence[Change]) -> None:
        counts: Counter[str] = Counter()
        for change in changes:
            counts.update(change.counts)
        writes = [write for change in changes for write in change.writes]
        with self._tallies.one() as tally:
            tally.commit(writes, counts)


def _groups(judged: Sequence[Judged]) -> Iterator[list[Judged]]:
    """What goes into one commit each: no document is in two of its writes."""
    group: list[Judged] = []
    taken: set[tuple[str, str]] = set()
    for one in judged:
        keys = {(write.collection, write.id) for write in one[1].writes}
        if len(keys) > BATCH:
            raise InvalidInput(f"A change of {len(keys)} writes is over the limit of {BATCH}.")
        if group and (len(taken) + len(keys) > BATCH or taken & keys):
            yield group
            group, taken = [], set()
        group.append(one)
        taken |= keys
    if group:
        yield group
