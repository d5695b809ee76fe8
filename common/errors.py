"""Every error of runjobs: what is wrong, by whose fault, and what to do about it."""

from __future__ import annotations

__all__ = [
    "InvalidInput",
    "Misconfigured",
    "RunjobsError",
    "Unavailable",
]


class RunjobsError(Exception):
    """Root of all errors of runjobs; its text is one sentence for the person who reads it."""

    exit_code = 1


class InvalidInput(RunjobsError):
    """Raised when what was asked for cannot be done as asked: the asker has to change it."""

    exit_code = 2


class Misconfigured(RunjobsError):
    """Raised when the environment is at fault: a setting, a permission, a missing package."""


class Unavailable(RunjobsError):
    """Raised when a service did not answer in time; the same call may succeed later."""
