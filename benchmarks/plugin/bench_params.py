"""A job with params, apart from those without: they shall not pay for pydantic."""

from __future__ import annotations

from common.runtime import Context, Params, job


class Two(Params):
    """As many as the peers' tasks have."""

    name: str
    number: int


@job("bench-keep", queue="bench")
def keep(_params: Two, _run: Context) -> None:
    """Do nothing with two params."""
