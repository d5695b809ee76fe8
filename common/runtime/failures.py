"""What an exception says about the attempt that it ended."""

from __future__ import annotations

from common.errors import InvalidInput, Misconfigured, RunjobsError
from common.runs import Failure, Permanent, Retryable
from common.runtime.text import printable, said

__all__ = ["failure"]

_MESSAGE = 2_000
_TRACE = 4_000
_LINE = 500
_LASTING = (Permanent, InvalidInput, Misconfigured)


def failure(error: BaseException) -> Failure:
    """The record of an error.

    What somebody has to change first is never retried; all else may pass by itself.
    """
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
