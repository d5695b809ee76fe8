"""Ways through a root's folders that no link can lead astray."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from common.blobs.paths import PARTIAL, fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["entered", "folder", "prune", "walk"]

_FOLDER = os.O_RDONLY | os.O_DIRECTORY
_NO_LINK = _FOLDER | os.O_NOFOLLOW


@contextlib.contextmanager
def folder(root: str, parts: Sequence[str], *, create: bool = False) -> Iterator[int]:
    """Open the folder `parts` below `root` and give its descriptor, going through no link.

    Checking the text of a path first and opening it then would leave a moment in which a
    folder can be exchanged for a link; opening part by part leaves none.
    """
    if create:
        os.makedirs(root, exist_ok=True)  # noqa: PTH103 - `root` is a text here
    here = os.open(root, _FOLDER)
    try:
        for part in parts:
            below = _enter(here, part, create=create)
            os.close(here)
            here = below
        yield here
    finally:
        os.close(here)


def _enter(above: int, name: str, *, create: bool) -> int:
    try:
        return os.open(name, _NO_LINK, dir_fd=above)
    except FileNotFoundError:
        if not create:
            raise
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, dir_fd=above)
    return os.open(name, _NO_LINK, dir_fd=above)


def prune(root: str, parts: Sequence[str]) -> None:
    """Remove the folder `parts` and those above it, up to `root`, as far as they are empty."""
    with contextlib.suppress(OSError):
        for depth in range(len(parts), 0, -1):
            with folder(root, parts[: depth - 1]) as above:
                os.rmdir(parts[depth - 1], dir_fd=above)


def walk(root: str, prefix: str) -> Iterator[tuple[str, os.stat_result]]:
    """Give path and status of each blob below `root` that begins with `prefix`, by path."""
    with folder(root, ()) as here:
        yield from _walk(here, "", prefix)


def _walk(here: int, above: str, prefix: str) -> Iterator[tuple[str, os.stat_result]]:
    for name, is_folder in _entries(here):
        path = above + name
        if path == f"{PARTIAL}/":
            continue
        # What another process deletes meanwhile is simply not listed.
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            if is_folder and path[: len(prefix)] == prefix[: len(path)]:
                with entered(here, name) as below:
                    yield from _walk(below, path, prefix)
            elif not is_folder and path.startswith(prefix) and fault(path) is None:
                yield path, os.stat(name, dir_fd=here, follow_symlinks=False)


def _entries(here: int) -> list[tuple[str, bool]]:
    """List names in the order of their paths: a folder sorts by its name and the slash."""
    with os.scandir(here) as entries:
        names = [
            (entry.name + "/" * is_folder, is_folder)
            for entry in entries
            if (is_folder := entry.is_dir(follow_symlinks=False)) or _is_file(entry)
        ]
    return sorted(names)


def _is_file(entry: os.DirEntry[str]) -> bool:
    return entry.is_file(follow_symlinks=False)


@contextlib.contextmanager
def entered(above: int, name: str) -> Iterator[int]:
    """Open the folder `name` in `above` and give its descriptor; a link is no folder."""
    below = _enter(above, name.rstrip("/"), create=False)
    try:
        yield below
    finally:
        os.close(below)
