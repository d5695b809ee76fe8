# ruff: noqa: INP001 - it stands for an installed package
"""A job that needs more memory than there is, the first time."""

from __future__ import annotations

from common.runtime import Context, Retry, job


@job("trial-hungry", retry=Retry((0.0,)))
def hungry(run: Context) -> dict[str, int]:
    """Take ever more memory, until the kernel ends the process; need little the next time."""
    hoard = []
    while run.attempt == 1:
        hoard.append(bytes(b"x" * 2**20))
    return {"attempt": run.attempt}
