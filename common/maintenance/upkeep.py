"""One attempt at keeping a collection in order.

    with Upkeep(run, params) as upkeep:
        old = Query(COUNTERS, where=(("period_end", "<=", upkeep.as_of),), order=("period_end",))
        upkeep.guard(old, of=Query(COUNTERS), what="usage counters")
        upkeep.sweep(old, lambda document: removal(document, "long over"))
        return upkeep.report(UpkeepReport, lambda n: f"Removed {n['removed_count']} counters.")

Stages (pages of a query each) are gone through in order. What is counted with a change is counted
in the change's own commit; what else is counted, and how far it has come, is in the checkpoint that
follows each page. So an attempt after a kill goes on with the page that the last one was at, finds
there what is still to be done, and the counts at the end are those of all attempts together.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from operator import attrgetter
from time import monotonic
from typing import Any, TypeVar
from zlib import crc32

from common.data import Malformed
from common.documents import Document, Query
from common.errors import InvalidInput
from common.maintenance.change import Change
from common.maintenance.course import DONE, Course
from common.maintenance.crew import THREADS, Crew
from common.maintenance.guard import remember, too_many
from common.maintenance.params import UpkeepParams, UpkeepReport
from common.maintenance.tallies import Tallies
from common.maintenance.words import besides
from common.maintenance.writing import BATCH, Writer
from common.runtime import Context

__all__ = ["Step", "Upkeep"]

_PAGE = 2 * BATCH
_NAMED = 100
"""Malformed documents that the log names; all are counted."""
_MOST = 0.99
"""Of the progress: some documents are gone through in several stages."""

Step = Callable[[Document], Change | None]
"""What is to be done about a document as it stands now; None for nothing. Several threads call it,
and again where the document was written since. May raise Malformed, which leaves it alone."""
R = TypeVar("R", bound=UpkeepReport)
T = TypeVar("T")
U = TypeVar("U")


class Upkeep:
    """Pages, changes, counts, guard and report of a run of the operator's."""

    def __init__(self, run: Context, params: UpkeepParams, *, page: int | None = None) -> None:
        """Refuses a tenant's run, by InvalidInput. `page` is of documents that are read at once."""
        if run.tenant:
            raise InvalidInput(f"{run.job} is the operator's: a tenant cannot run it.")
        self._run, self._params, self._page = run, params, page or _PAGE
        self.documents = run.documents
        kept = run.checkpointed
        self._course = Course(as_of=run.documents.now()) if kept is None else Course.from_json(kept)
        if kept is None:
            self._checkpoint()
        self._tallies = Tallies(run.documents, run.id, many=THREADS, as_of=self.as_of)
        self._crew = Crew(run.check)
        self._lock = threading.Lock()
        self._passed = 0
        self._writer = Writer(
            run.documents,
            self._tallies,
            stopping=lambda: run.stopping,
            malformed=self._malformed,
        )

    def __enter__(self) -> Upkeep:
        return self

    def __exit__(self, *_: object) -> None:
        self._crew.close()

    @property
    def as_of(self) -> datetime:
        """Server time at which the run first began: by it all is judged, in each attempt."""
        return self._course.as_of

    @property
    def dry_run(self) -> bool:
        """Whether nothing is to be done."""
        return self._params.dry_run

    def is_mine(self, id: str) -> bool:
        """Whether a thing of that id is this task's, where several share the work."""
        part = self._run.part
        return part.count == 1 or crc32(id.encode()) % part.count == part.index

    def guard(self, going: int | Query, *, of: int | Query, what: str) -> None:
        """Raise TooMany where far more than usual would go, unless that is forced; call it before
        anything goes. `of` is how many there are in all, `what` what they are, in the plural."""
        if what in self._course.going:
            return  # an earlier attempt was let pass
        number, total = self._number(going), self._number(of)
        error = too_many(self.documents, self._run.job, going=number, of=total, what=what)
        if error and self.dry_run:
            self._course.told(f"Stop before anything goes: {error}")
        elif error and not self._params.force:
            raise error
        self._course.going[what] = number
        self._checkpoint()

    def pages(
        self, query: Query, *, stage: str = "", share: Callable[[Document], str] = attrgetter("id")
    ) -> Iterator[list[Document]]:
        """The documents that match and are this task's, page by page, behind the checkpoint.

        A page that the caller comes back from is done, and is not seen again. `stage` names these
        pages among others of the run; without it the collection does. What has the same `share` is
        one task's.
        """
        stage = stage or query.collection
        if self._course.is_done(stage):
            return
        asked = replace(query, limit=self._page, after=self._course.cursor(stage, query))
        found = self.documents.query(asked)
        while True:
            more = len(found) == self._page
            asked = replace(asked, after=found[-1]) if more else asked
            coming = self._crew.ask(partial(self.documents.query, asked)) if more else None
            yield [document for document in found if self.is_mine(share(document))]
            if coming is None:
                break
            self._course.passed(stage, found[-1], asked)
            self._checkpoint()
            self._progress(len(found))
            found = coming.result()
        self._course.cursors[stage] = DONE
        self._checkpoint()
        self._progress(len(found))

    def stages(self, names: Iterable[str]) -> Iterator[str]:
        """Of stages that are no pages, those that are not done; one that the caller comes back from
        is, though a kill soon after may have it done again."""
        written = monotonic()
        for name in names:
            if not self._course.is_done(name):
                yield name
                self._course.cursors[name] = DONE
                if monotonic() - written > self.documents.write_interval:
                    self._checkpoint()
                    written = monotonic()
        self._checkpoint()

    def each(self, documents: Sequence[Document], step: Step) -> None:
        """Do about each of a page's documents what `step` says; in a dry run, tell it."""
        size = max(1, min(BATCH, -(-len(documents) // THREADS)))
        chunks = [documents[at : at + size] for at in range(0, len(documents), size)]
        if self.dry_run:
            for changes in self._crew.all(lambda it: self._writer.judged(it, step), chunks):
                for _, change in changes:
                    self.tell(change.line, **change.counts)
        else:
            for _ in self._crew.all(lambda it: self._writer.write(it, step), chunks):
                pass

    def sweep(self, query: Query, step: Step, *, stage: str = "") -> None:
        """`each` of all pages."""
        for page in self.pages(query, stage=stage):
            self.each(page, step)

    def map(self, function: Callable[[T], U], items: Iterable[T]) -> list[U]:
        """What the function returns for each, called in several threads."""
        return [*self._crew.all(function, [*items])]

    def tell(self, line: str, **counts: int) -> None:
        """In a dry run: something that would be done, and what it would count for."""
        with self._lock:
            self._course.told(line)
            self._course.counts.update(counts)

    def note(self, **counts: int) -> None:
        """Count what is no change of a document, such as what is left alone."""
        with self._lock:
            self._course.counts.update(counts)

    def noted(self, name: str) -> int:
        """What `note` and, in a dry run, `tell` have counted under a name, by all attempts."""
        return self._course.counts[name]

    def report(self, kind: type[R], sentence: Callable[[Mapping[str, int]], str]) -> R:
        """All is done: the result, of which `sentence` makes the message from the counts."""
        counts = self._finish()
        told = besides(sentence(defaultdict(int, counts)), counts.get("malformed_count", 0))
        values: dict[str, Any] = {
            name: counts[name] for name in counts if name in kind.model_fields
        }
        return kind(
            message=f"Dry run, it would have {told[0].lower()}{told[1:]}" if self.dry_run else told,
            dry_run=self.dry_run,
            would=self._course.lines,
            would_count=self._course.line_count,
            **values,
        )

    def _progress(self, passed: int) -> None:
        """Of as many as the guard has let pass; where it knows of none, how many is all to tell."""
        self._passed += passed
        known = sum(self._course.going.values())
        share = min(_MOST, self._passed / known) if known else 0.0
        self._run.progress(share, f"{self._passed:,} documents gone through")

    def _finish(self) -> dict[str, int]:
        course = self._course
        if course.end is None:
            course.end = dict(course.counts + self._tallies.counts)
            self._checkpoint()
        if not self.dry_run:
            self._remember()
            self._tallies.remove()
        return course.end

    def _remember(self) -> None:
        if self._course.going:
            remember(
                self.documents,
                self._run.job,
                whole=self._run.part.whole,
                at=self.as_of,
                going=self._course.going,
            )

    def _number(self, asked: int | Query) -> int:
        return asked if isinstance(asked, int) else self.documents.count(asked)

    def _malformed(self, error: Malformed) -> None:
        self.note(malformed_count=1)
        if self.noted("malformed_count") <= _NAMED:
            self._run.log.warning(str(error), action="malformed")

    def _checkpoint(self) -> None:
        self._run.checkpoint(self._course.to_json())
