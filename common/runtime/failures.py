"""What an exception says about the attempt that it ended."""

from __future__ import annotations

import errno

from common.errors import InvalidInput, Misconfigured, RunjobsError, Unavailable
from common.runs import Failure, Permanent, Retryable
from common.runtime.text import printable, said

__all__ = ["DiskFull", "failure"]

_MESSAGE = 2_000
_TRACE = 4_000
_LINE = 500
_LASTING = (Permanent, InvalidInput, Misconfigured)
_FULL = {errno.ENOSPC, errno.EDQUOT}


class DiskFull(Unavailable):
    """What it means that a job's file could not be written."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            f"No space is left for {error.filename or 'a file'}: free some, or set TMPDIR to a "
            "folder on another disk. On Cloud Run the disk is the job's memory: declare more."
        )


def failure(error: BaseException) -> Failure:
    """The record of an error.

    What somebody has to change first is never retried; all else may pass by itself.
    """
    if isinstance(error, OSError) and error.errno in _FULL:
        return failure(DiskFull(error))
    return Failure(
        type=type(error).__name__,
        message=printable(said(error) or type(error).__name__, _MESSAGE),
        retryable=not isinstance(error, _LASTING),
        after=error.after if isinstance(error, Retryable) else None,
        # A sentence of ours says it all; of any other error one wants to know where it arose.
        trace=None if isinstance(error, RunjobsError) else _trace(error),
    )


def _trace(error: BaseException) -> str:
    import traceback

    lines = "".join(traceback.format_exception(error)).splitlines(keepends=True)
    return printable("".join(line[:_LINE] for line in lines)[-_TRACE:], _TRACE)
