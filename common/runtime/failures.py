"""What an exception says about the attempt that it ended."""

from __future__ import annotations

from common.errors import InvalidInput, RunjobsError
from common.runs import Failure, Permanent, Retryable

__all__ = ["failure"]

_MESSAGE = 2_000
_TRACE = 4_000


def failure(error: BaseException) -> Failure:
    """The record of an error.

    Permanent errors and invalid input are never retried; all others may pass by themselves.
    """
    return Failure(
        type=type(error).__name__,
        message=(str(error) or type(error).__name__)[:_MESSAGE],
        retryable=not isinstance(error, (Permanent, InvalidInput)),
        after=error.after if isinstance(error, Retryable) else None,
        # A sentence of ours says it all; of any other error one wants to know where it arose.
        trace=None if isinstance(error, RunjobsError) else _trace(error),
    )


def _trace(error: BaseException) -> str:
    import traceback

    return "".join(traceback.format_exception(error))[-_TRACE:]
