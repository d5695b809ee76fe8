"""How the ledger is written.

Each transition reads the run, asks the state machine, and writes the difference in one commit that
holds only if nobody wrote the run in between; else it asks again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from common.documents import Conflict, Create, Write
from common.runs.chaining import after_run
from common.runs.codec import RUNS, run_data, update
from common.runs.following import follow
from common.runs.reader import Reader
from common.runs.records import Run, State, evolve

__all__ = ["Step", "Writer"]

Step = Callable[[Run], Run]


class Writer(Reader):
    """Steps from what runs were to what they shall be."""

    def apply(self, run: Run, step: Step) -> Run:
        """Take a step from a run as it was last seen; read it only if it has changed since."""
        try:
            return self._commit(run, step(run))
        except Conflict:
            return self._change(run.id, step)

    def commit_all(
        self, steps: Sequence[tuple[Run, Run]], *, beside: Sequence[Write] = ()
    ) -> tuple[Run, ...]:
        """Take several runs from what they were to what they shall be, all or none of them.

        The writes `beside` are made in the same commit. Raises Conflict.
        """
        writes: list[Write] = []
        at = []
        for old, new in steps:
            at.append(len(writes))
            writes += self._writes(old, new)
        versions = self.documents.commit([*writes, *beside])
        return tuple(
            evolve(new, version=versions[index] or "")
            for index, (_, new) in zip(at, steps, strict=True)
        )

    def _change(self, id: str, step: Step) -> Run:
        def once() -> Run:
            run = self.get(id)
            return self._commit(run, step(run))

        return self.documents.optimistic(once)

    def _commit(self, old: Run, new: Run) -> Run:
        return old if new is old else self.commit_all([(old, new)])[0]

    def _create_or(self, run: Run, there: Step) -> Run:
        """Create the run, or do with the one that is there already."""

        def once() -> Run:
            try:
                return self._create(run)
            except Conflict:
                found = self.find(run.id)
                if found is None:  # then it was with what follows the run
                    raise
                return there(found)

        return self.documents.optimistic(once)

    def _create(self, run: Run) -> Run:
        version = self.documents.commit(self.creating(run))[0]
        return evolve(run, version=version or "")

    def creating(self, run: Run) -> list[Write]:
        """The writes that accept a run, which hold while there is none of its id."""
        return [Create(RUNS, run.id, run_data(run)), *follow(self.documents, None, run)]

    def _writes(self, old: Run, new: Run) -> Iterator[Write]:
        yield update(old, new)
        yield from follow(self.documents, old, new)
        if new.state is State.SUCCEEDED and old.state is not State.SUCCEEDED:
            continuation = after_run(new, new.ended or self.documents.now())
            if continuation is not None:
                yield Create(RUNS, continuation.id, run_data(continuation))
