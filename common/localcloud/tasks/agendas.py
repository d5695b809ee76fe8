"""What has to be done about a queue's tasks, each by its time.

waiting   to be delivered when its time has come and the queue allows
forced    to be delivered at once, as somebody said: RunTask
held      being delivered, until the claim on it runs out
"""

from __future__ import annotations

__all__ = ["forced", "held", "waiting"]


def waiting(queue: str) -> str:
    """The agenda of what waits in a queue."""
    return f"tasks/waiting/{queue}"


def forced(queue: str) -> str:
    """The agenda of what shall be delivered at once."""
    return f"tasks/forced/{queue}"


def held(queue: str) -> str:
    """The agenda of what is being delivered."""
    return f"tasks/held/{queue}"
