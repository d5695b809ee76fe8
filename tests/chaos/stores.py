"""Documents stores with the faults that a process is ordered to have."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from common.documents import Documents
from common.errors import Unavailable
from tests.faults import FAULTS, Faulty

__all__ = ["Flaky", "Gated", "wrapped"]

T = TypeVar("T")


class Flaky(Faulty):
    """Of whose calls a share fails or is late; `only` names those that may, `ways` how."""

    def __init__(
        self,
        inner: Documents,
        *,
        share: float,
        seed: object = None,
        only: str = "",
        ways: tuple[str, ...] = (*FAULTS, "late"),
        **options: Any,
    ) -> None:
        super().__init__(inner, **options)
        self.share, self.only, self.ways = share, only, tuple(ways)
        self.random = random.Random(seed)  # noqa: S311 - no secret
        self.failed = 0

    def _call(self, name: str, call: Callable[[], T]) -> T:
        mine = not self.only or name == self.only
        if mine and self.random.random() < self.share:
            self.failed += 1
            way = self.random.choice(self.ways)
            if way == "late":
                time.sleep(self.random.random() * 0.05)
            else:
                self.faults.append(way)
        return super()._call(name, call)


class Gated(Faulty):
    """One that is away as long as a file is there."""

    def __init__(self, inner: Documents, *, gate: str, **options: Any) -> None:
        super().__init__(inner, **options)
        self.gate = Path(gate)

    def _call(self, name: str, call: Callable[[], T]) -> T:
        if self.gate.exists():
            raise Unavailable("The store is away.")
        return super()._call(name, call)


def wrapped(store: Documents, how: dict) -> Documents:
    """The store, with what is ordered of its faults."""
    options = dict(how)
    store.patience = options.pop("patience", store.patience)
    kind = {"": None, "flaky": Flaky, "gated": Gated}[options.pop("kind", "")]
    if kind is None:
        return store
    found = kind(store, **options)
    for name in ("write_interval", "pace", "read_interval"):
        setattr(found, name, getattr(store, name))
    return found
