"""A tree of staged files put into a tree of blobs: what is there stays."""

from __future__ import annotations

import contextlib
import errno
import os
import stat

from common.blobs.folders import entered

__all__ = ["merge"]

_IN_USE = frozenset({errno.ENOTEMPTY, errno.EEXIST})
_IN_THE_WAY = frozenset({errno.ENOTDIR, errno.ELOOP, errno.EISDIR})


def merge(staged: int, target: int, above: str = "") -> list[str]:
    """Move what is in the folder `staged` to `target`; return the paths that were taken.

    Both are descriptors; no link is followed. A folder of which there is none yet is moved whole.
    """
    taken: list[str] = []
    for name in sorted(os.listdir(staged)):
        with contextlib.suppress(FileNotFoundError):  # another publisher was quicker
            taken += _move(staged, target, name, above)
    os.fsync(target)
    return taken


def _move(staged: int, target: int, name: str, above: str) -> list[str]:
    if stat.S_ISDIR(os.stat(name, dir_fd=staged, follow_symlinks=False).st_mode):
        return _move_folder(staged, target, name, above)
    try:
        os.link(name, name, src_dir_fd=staged, dst_dir_fd=target, follow_symlinks=False)
    except FileExistsError:
        here, there = (os.stat(name, dir_fd=at, follow_symlinks=False) for at in (staged, target))
        if not os.path.samestat(here, there):
            return [above + name]
    os.unlink(name, dir_fd=staged)
    return []


def _move_folder(staged: int, target: int, name: str, above: str) -> list[str]:
    try:
        os.rename(name, name, src_dir_fd=staged, dst_dir_fd=target)
    except OSError as error:
        if error.errno in _IN_USE:
            return _merge_folder(staged, target, name, above)
        if error.errno in _IN_THE_WAY:
            return _all_below(staged, name, above)
        raise
    return []


def _merge_folder(staged: int, target: int, name: str, above: str) -> list[str]:
    with entered(staged, name) as inner:
        try:
            with entered(target, name) as outer:
                taken = merge(inner, outer, f"{above}{name}/")
        except NotADirectoryError:  # a link, or a blob by now
            return _all_below(staged, name, above)
    if not taken:
        with contextlib.suppress(OSError):
            os.rmdir(name, dir_fd=staged)
    return taken


def _all_below(staged: int, name: str, above: str) -> list[str]:
    """The paths of all files in a folder whose place is taken."""
    with entered(staged, name) as inner:
        found: list[str] = []
        for entry in sorted(os.listdir(inner)):  # noqa: PTH208 - a descriptor
            mode = os.stat(entry, dir_fd=inner, follow_symlinks=False).st_mode
            path = f"{above}{name}/"
            found += _all_below(inner, entry, path) if stat.S_ISDIR(mode) else [path + entry]
        return found
