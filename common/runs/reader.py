"""What can be read of the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from common.documents import Document, Documents, Query, pages
from common.documents.query import Filter
from common.runs.codec import RUNS, is_readable, read_execution, read_run
from common.runs.errors import NoSuchRun
from common.runs.members import members, newest
from common.runs.records import Execution, Run

__all__ = ["EXECUTIONS", "Reader"]

EXECUTIONS = "executions"
_PAGE = 100


class Reader:
    """Runs and executions as they stand in a documents store."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents

    def find(self, id: str) -> Run | None:
        """The run, if there is one."""
        document = self.documents.get(RUNS, id)
        return None if document is None else read_run(document)

    def get(self, id: str) -> Run:
        """The run; raises NoSuchRun."""
        run = self.find(id)
        if run is None:
            raise NoSuchRun(id)
        return run

    def list(
        self,
        where: Mapping[str, str] | None = None,
        *,
        limit: int | None = None,
        after: Run | None = None,
    ) -> list[Run]:
        """Runs, newest first, with these values of job, state, tenant, batch.

        Those of batches within a batch are among its own. Those that a newer runjobs wrote, with a
        schema that is not known here, are left out.
        """
        asked: dict[str, str] = dict(where or {})
        batch = asked.pop("batch", None)
        plain: tuple[Filter, ...] = tuple((field, "==", value) for field, value in asked.items())
        queries = [
            Query(
                RUNS,
                where=(*plain, *member),
                order=("-created",),
                limit=limit,
                after=None if after is None else _position(after),
            )
            for member in self._members(batch)
        ]
        return newest([self._found(query) for query in queries], limit)

    def every(self, where: Mapping[str, str], *, page: int = _PAGE) -> Iterator[Run]:
        """All of `list`, of which a page at a time is held; none is met twice that is changed
        meanwhile."""
        last: Run | None = None
        while found := self.list(where, limit=page, after=last):
            yield from found
            last = found[-1]

    def _members(self, batch: str | None) -> Iterator[tuple[Filter, ...]]:
        if batch is None:
            yield ()
            return
        for each in members(self.documents, batch):
            yield (each,)

    def _found(self, query: Query) -> Sequence[Run]:
        return [read_run(found) for found in self.documents.query(query) if is_readable(found)]

    def execution(self, id: str) -> Execution | None:
        """The execution of that id (ours, not the platform's), if there is one."""
        document = self.documents.get(EXECUTIONS, id)
        return None if document is None else read_execution(document)

    def overdue(self) -> Iterator[Run]:
        """Runs of which it is time to see whether their task is there, the most overdue first."""
        now = self.documents.now()
        query = Query(RUNS, where=(("deadline", "<=", now),), order=("deadline",))
        for document in pages.every(self.documents, query, page=_PAGE):
            if is_readable(document):
                yield read_run(document)

    def next_deadline(self) -> datetime | None:
        """When the first of all tasks must have been heard of; None while none is under way."""
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        query = Query(RUNS, where=(("deadline", ">", epoch),), order=("deadline",), limit=1)
        return next((found.data["deadline"] for found in self.documents.query(query)), None)

    def uncertain(self, now: datetime) -> Sequence[Execution]:
        """Executions of which it should be known by now whether they were started: some of them."""
        query = Query(EXECUTIONS, where=(("look_at", "<=", now),), order=("look_at",), limit=_PAGE)
        return [
            read_execution(found) for found in self.documents.query(query) if is_readable(found)
        ]


def _position(run: Run) -> Document:
    """Where a run stands in a list, whether it is there still or not."""
    return Document(RUNS, run.id, {"created": run.created}, version="", token="")
