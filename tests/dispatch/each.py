"""Each backend of a seam in turn: two stores here, and one of Google's services."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from tests.time import FakeTime

__all__ = ["opened"]

Opener = Callable[[FakeTime, Any], AbstractContextManager[Any]]


def opened(request, time: FakeTime, home: Path, *, local: Opener, cloud: Opener):
    """The one that the parameter names, to be entered."""
    if request.param == "sqlite":
        return local(time, f"sqlite:///{home}/documents.sqlite3")
    if request.param == "firestore":
        return local(time, request.getfixturevalue("firestore_url"))
    return cloud(time, home)
