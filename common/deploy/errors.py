"""What can go wrong in a deployment."""

from __future__ import annotations

from common.errors import Misconfigured, RunjobsError

__all__ = ["Changed", "Denied", "NotOurs", "NotThere"]


class Denied(Misconfigured):
    """Raised when an API refuses a call: a role, the API itself or a value is wrong."""


class NotOurs(Misconfigured):
    """Raised when something without our mark has the name of what is to be deployed."""


class NotThere(RunjobsError):
    """Raised when an API does not know the resource."""


class Changed(RunjobsError):
    """Raised when somebody made or changed the resource since it was read."""
