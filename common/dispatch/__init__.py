"""Starting executions for runs, and seeing to it that each run comes to an end."""

from __future__ import annotations

from common.dispatch.client import Client
from common.dispatch.dispatcher import Dispatcher
from common.dispatch.errors import NotStarted

__all__ = ["Client", "Dispatcher", "NotStarted"]
