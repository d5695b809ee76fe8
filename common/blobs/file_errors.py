"""What the system's errors mean for blobs in files."""

from __future__ import annotations

import contextlib
import errno
import os
from typing import TYPE_CHECKING

from common.blobs.errors import BadPath, StorageFull
from common.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from common.errors import RunjobsError

__all__ = ["nearest", "reading", "translated", "unusable"]

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_NO_WAY = frozenset({errno.ENOTDIR, errno.ELOOP})
_IN_THE_WAY = _NO_WAY | {errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY}


@contextlib.contextmanager
def translated(root: str, path: str = "") -> Iterator[None]:
    """Raise this project's errors for those of the system, except FileNotFoundError."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _meaning(error, root, path) from error


@contextlib.contextmanager
def reading(root: str, path: str = "") -> Iterator[None]:
    """Do so, with FileNotFoundError too where a blob or a link is in the path's way."""
    with translated(root, path):
        try:
            yield
        except OSError as error:
            if error.errno in _NO_WAY and _can_be_root(root):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path) from error
            raise


def unusable(root: str, why: str) -> Misconfigured:
    """Return the error that names `root` and the fix; `why` is a clause."""
    return Misconfigured(
        f"Blobs cannot be kept in {root}: {why}."
        " Make it a writable folder, or set RUNJOBS_BLOBS to file:///another/folder."
    )


def _meaning(error: OSError, root: str, path: str) -> RunjobsError:
    why = error.strerror or str(error)
    if error.errno in _FULL:
        return StorageFull(root)
    if error.errno in _REFUSED or not _can_be_root(root):
        return unusable(root, why)
    if error.errno == errno.EOPNOTSUPP:
        return unusable(root, "its filesystem has no hard links")
    if error.errno == errno.ENAMETOOLONG:
        return BadPath(path, "a part of it is longer than this filesystem's names")
    if error.errno in _IN_THE_WAY:
        return BadPath(path, "a blob, a folder or a link is in its way, and links are not followed")
    return Unavailable(f"{root} cannot be used just now: {why}. Try again.")


def nearest(root: str) -> str:
    """Return `root`, or the first of the folders above it that exists."""
    while not os.path.lexists(root):
        root = os.path.dirname(root)  # noqa: PTH120 - `root` is a text
    return root


def _can_be_root(root: str) -> bool:
    return os.path.isdir(nearest(root))  # noqa: PTH112
