"""Cloud Run's jobs on this machine: what API v2 shows of them, and what runs them.

job         what executions are started from
execution   one start of it, run by a supervisor of its own, which outlives the server
task        one of its processes, by index; tried again when it fails
operation   what a call that changes something answers; done when the execution has ended

`Jobs`, `Executions` and `Tasks` take and return the JSON of API v2 and know no HTTP. All that was
made is kept in the documents store; how an execution stands is read from its folder when somebody
looks, and kept for good once it has ended.
"""

from __future__ import annotations

import time

from common.localcloud.rpc import Rpc
from common.localcloud.run.engine import Engine
from common.localcloud.run.executions import Executions
from common.localcloud.run.jobs import Jobs
from common.localcloud.run.operations import Operations
from common.localcloud.run.tasks import Tasks
from common.localcloud.run.v2 import rpcs
from common.localcloud.store import Store
from common.settings import Settings

__all__ = ["CloudRun", "Engine", "Executions", "Jobs", "Operations", "Tasks"]

_EACH = 30.0
"""Seconds between looks at what nobody has looked at."""


class CloudRun:
    """Cloud Run, put together."""

    def __init__(self, settings: Settings, store: Store, *, engine: Engine | None = None) -> None:
        self.engine = engine or Engine(settings)
        self.executions = Executions(store, self.engine)
        self.jobs = Jobs(store, self.executions)
        self.tasks = Tasks(self.executions)
        self.operations = Operations(store, self.executions)
        self.rpcs: tuple[Rpc, ...] = rpcs(self)
        self._next = 0.0

    def turn(self) -> float:
        """Keep how executions have ended; returns the seconds until that may be needed again."""
        left = self._next - time.monotonic()
        if left > 0:
            return left
        self.executions.look()
        self.operations.look()
        self._next = time.monotonic() + _EACH
        return _EACH
