"""Texts of a monitor, as blobs that are named by what is in them: one of a name is never another.

So an attempt that writes what an earlier one has written leaves it as it is.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from common.blobs import BlobExists, BlobNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from common.runtime import Context

__all__ = ["before", "keep", "keep_diff"]

_TEXT = "text/plain; charset=utf-8"


def keep(run: Context, monitor: str, sha256: str, text: str) -> str:
    """The path of a snapshot, which is there from now on."""
    return _written(run, monitor, f"{sha256}.txt", text)


def keep_diff(run: Context, monitor: str, name: str, lines: Sequence[str]) -> str:
    """The path of a list of what has changed."""
    return _written(run, monitor, f"{name}.diff", "".join(f"{line}\n" for line in lines))


def before(run: Context, path: str) -> tuple[str, ...] | None:
    """The sentences of a snapshot; None where somebody has removed it."""
    try:
        return tuple(run.blobs.read(path).decode().splitlines())
    except BlobNotFound:
        return None


def _written(run: Context, monitor: str, name: str, text: str) -> str:
    path = run.home.below(f"monitors/{monitor}/{name}").path
    with suppress(BlobExists):
        run.blobs.write(path, text.encode(), content_type=_TEXT)
    return path
