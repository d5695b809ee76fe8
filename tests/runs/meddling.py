"""Stores on which others do something just before a call."""

from __future__ import annotations

from collections.abc import Callable

from tests.faults import Faulty


class Interposed(Faulty):
    """Runs another's act just before the next commit."""

    between: Callable[[], None] | None = None

    def _commit(self, writes, token):
        act, self.between = self.between, None
        if act:
            act()
        return super()._commit(writes, token)


class Meddled(Faulty):
    """Others do something before the calls of these numbers."""

    def meddle(self, acts: dict[int, Callable[[], object]]) -> None:
        self.acts, self.seen = acts, []

    def _call(self, name, call):
        self.seen.append(name)
        act = self.acts.get(len(self.seen))
        if act:
            act()
        return super()._call(name, call)
