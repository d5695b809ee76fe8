"""The real entrypoint, with a noop whose function is a puppet: python -m … PORT NAME"""

from __future__ import annotations

import sys
from dataclasses import replace

import jobs.noop
from common.runs import Retryable
from common.runtime.entrypoint import main
from tests.dispatch.puppet import obey

PORT = int(sys.argv[1])


def _function(_run) -> None:
    if obey(PORT):
        raise Retryable("It was told to fail.")


if __name__ == "__main__":
    jobs.noop.noop = replace(jobs.noop.noop, function=_function)
    sys.exit(main(sys.argv[2:]))
