"""Why an archive is refused. None of this is better the next time."""

from __future__ import annotations

from common.errors import InvalidInput, RunjobsError

__all__ = ["BadArchive", "BadMember", "Incomplete", "Replaced", "Taken", "shown"]

_SHOWN = 200


class BadArchive(InvalidInput):
    """Raised when an archive is refused as a whole; `reason` is a clause."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} is refused: {reason}.")
        self.name, self.clause = name, reason
        self.reason = reason


class BadMember(BadArchive):
    """Raised when a member is bad; `member` is its name in the archive."""

    def __init__(self, name: str, member: str, reason: str, *, others: int = 0) -> None:
        more = _more(others, "bad")
        super().__init__(name, f"its member {shown(member)!r} is bad, for {reason}{more}")
        self.reason = reason
        self.member = member


class Taken(InvalidInput):
    """Raised when something else is where a member belongs."""

    def __init__(self, uri: str, others: int) -> None:
        more = _more(others, "taken")
        super().__init__(
            f"{uri} is there already and is not what the archive has for it{more}: "
            "choose another destination."
        )


class Incomplete(RunjobsError):
    """Raised when something that was unpacked is gone: the next attempt unpacks all of it anew."""

    def __init__(self, uri: str, others: int) -> None:
        super().__init__(f"{uri} was unpacked, and is lost{_more(others, 'lost')}.")


class Replaced(RunjobsError):
    """Raised when the archive was written anew while it was read: the next attempt begins anew."""

    def __init__(self, uri: str) -> None:
        super().__init__(f"{uri} was replaced while it was read.")


def shown(name: str) -> str:
    """A member's name, for people: archives can call their members anything."""
    return name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"


def _more(others: int, what: str) -> str:
    if others > 1:
        return f", and {others:,} others are {what} too"
    return f", and another is {what} too" if others else ""
