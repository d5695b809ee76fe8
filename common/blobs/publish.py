"""The one step by which a written file becomes a blob."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from common.blobs.folders import folder
from common.errors import Unavailable

if TYPE_CHECKING:
    from common.blobs.partials import Partial

__all__ = ["publish"]

_TRIES = 100


def publish(written: Partial, root: str, path: str, *, replace: bool) -> bool:
    """Put `written` at `path`, durably; False where, without `replace`, a blob is there.

    Raises OSError, for a folder or a link that is there too.
    """
    os.fsync(written.file)
    *parents, name = path.split("/")
    for _ in range(_TRIES):
        try:
            with folder(root, parents, create=True) as target:
                placed = _replace(written, target, name) if replace else _add(written, target, name)
                os.fsync(target)
                return placed
        except FileNotFoundError:
            # A deleter removed the folder, empty as it still was, between our steps.
            continue
    raise Unavailable(f"The folders of {path} in {root} keep being removed: try again.")


def _replace(written: Partial, target: int, name: str) -> bool:
    os.replace(written.name, name, src_dir_fd=written.folder, dst_dir_fd=target)
    return True


def _add(written: Partial, target: int, name: str) -> bool:
    try:
        os.link(written.name, name, src_dir_fd=written.folder, dst_dir_fd=target)
    except FileExistsError:
        there = os.stat(name, dir_fd=target, follow_symlinks=False)
        if not stat.S_ISREG(there.st_mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), name) from None
        # A network filesystem may lose the answer and repeat the link: then it is ours.
        return os.path.samestat(there, os.fstat(written.file))
    return True
