"""Files that are there only while they are made."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from common.media.ffmpeg import DiskFull

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["unfinished"]


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """`path`, which is not there any more afterwards, unless it got another name meanwhile.

    Raises DiskFull where there was no space left.
    """
    try:
        yield path
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull(f"no space was left in {path.parent} for the video") from error
        raise
    finally:
        path.unlink(missing_ok=True)
