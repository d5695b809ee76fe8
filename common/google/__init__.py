"""Google's APIs, called as a user who let us: bounded, told apart, renewed, resumed.

account: one user's, with a session per thread that renews its access token by itself
service: `drive`, `gmail` or `oauth2`; a path is below it, such as `files/ID`
passing, lasting: errors that may be gone at another time, and those that somebody has to mend
"""

from __future__ import annotations

from common.google.account import SECRETS, Account, open_account
from common.google.errors import (
    AlreadyThere,
    BadAnswer,
    Changed,
    Forbidden,
    Gone,
    GoogleError,
    MissingScope,
    NoAnswer,
    NotFound,
    Rejected,
    SessionGone,
    StorageUsedUp,
    Throttled,
)
from common.google.revoking import revoke

__all__ = [
    "SECRETS",
    "Account",
    "open_account",
    "revoke",
    # lasting
    "AlreadyThere",
    "Forbidden",
    "GoogleError",
    "Gone",
    "MissingScope",
    "NotFound",
    "Rejected",
    "StorageUsedUp",
    # passing
    "BadAnswer",
    "Changed",
    "NoAnswer",
    "SessionGone",
    "Throttled",
]
