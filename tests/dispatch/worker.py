"""The real entrypoint, with a noop whose function is a puppet: python -m … PORT [look] [NAME]

With `look` a task asks for what comes after it, as those that are deployed do.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import jobs.noop
from common.dispatch.afterwards import look
from common.runs import Retryable
from common.runtime.entrypoint import main
from tests.dispatch.puppet import obey

HASTY = 75
"""The exit code of a puppet that wants to be tried again soon."""
_SOON = 0.5


def _function(_run) -> None:
    if code := obey(int(sys.argv[1])):
        raise Retryable("It was told to fail.", after=_SOON if code == HASTY else None)


def _main() -> int:
    jobs.noop.noop = replace(jobs.noop.noop, function=_function)
    looks = sys.argv[2:3] == ["look"]
    return main(sys.argv[2 + looks :], look=look if looks else None)


if __name__ == "__main__":
    sys.exit(_main())
