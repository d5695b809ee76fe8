"""A process that is killed at a call of the store."""

from __future__ import annotations

from tests.faults import Faulty


class Killed(BaseException):
    """Nothing catches it, as nothing catches SIGKILL."""


class Mortal(Faulty):
    """Another store, at whose call number `last` the process is killed: before it, or after it."""

    def __init__(self, inner, *, last: int, after: bool) -> None:
        super().__init__(inner)
        self.last = last
        self.after = after

    def _call(self, name, call):
        if len(self.calls) + 1 != self.last:
            return super()._call(name, call)
        if self.after:
            super()._call(name, call)
        raise Killed
