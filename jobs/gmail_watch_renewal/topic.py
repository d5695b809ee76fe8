"""Where Gmail publishes to."""

from __future__ import annotations

import os

from common.errors import Misconfigured
from common.settings import project_of

__all__ = ["topic_of"]

_VARIABLE = "GMAIL_TOPIC"


def topic_of(asked: str) -> str:
    """The whole name of the topic that the params or GMAIL_TOPIC name. Raises Misconfigured."""
    name = asked or os.environ.get(_VARIABLE, "")
    if not name:
        raise Misconfigured(
            f"Nobody says where Gmail is to publish: set {_VARIABLE}, or give --topic, as "
            "projects/PROJECT/topics/NAME."
        )
    if "/" in name:
        return name
    if project := project_of(os.environ):
        return f"projects/{project}/topics/{name}"
    raise Misconfigured(
        f"Name the topic {name} as projects/PROJECT/topics/{name}, or set GOOGLE_CLOUD_PROJECT."
    )
