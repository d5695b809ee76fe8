"""A deployment as it is on a laptop: the local executor, its supervisors, tasks of their own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from common.backoff import tries
from common.clock import SYSTEM
from common.dispatch import Dispatcher
from common.dispatch.executors.local import LocalExecutor
from common.documents import open_documents
from common.runs import Queues, Run, Runs, State
from common.settings import Settings
from tests.chaos.world import chaos_run

__all__ = ["Laptop", "environment"]

PLUGIN = Path(__file__).with_name("plugin")
ROOT = PLUGIN.parents[2]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Of all its processes."""
    return {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(PLUGIN)]),
        "RUNJOBS_HOME": str(home),
        "CHAOS_EFFECTS": str(home / "effects"),
        **more,
    }


class Laptop:
    """Its ledger, and a dispatcher in this process."""

    def __init__(self, home: Path, *, grace: float = 10.0, **env: str) -> None:
        self.home = home
        settings = Settings.load(environment(home, **env))
        self.documents = open_documents(settings.documents)
        self.runs, self.queues = Runs(self.documents), Queues(self.documents)
        command = (sys.executable, "-m", "jobs")
        self.executor = LocalExecutor(settings, command=command, grace=grace)
        self.dispatcher = Dispatcher(self.runs, self.executor)

    def submit(self, ids: list[str], job: str, **of: object) -> None:
        """Accept runs, and start nothing."""
        now = self.documents.now()
        for id in ids:
            self.runs.submit(chaos_run(id, now, job=job, **of))

    def see_through(self, ids: list[str]) -> list[Run]:
        """Sweep until all have ended, sparing the test their backoff."""
        for _ in tries(SYSTEM, patience=300, base=0.1, cap=0.1):
            self.dispatcher.sweep()
            found = [self.runs.get(id) for id in ids]
            for run in found:
                if run.state is State.PENDING and not run.ready:
                    self.documents.update("runs", run.id, lambda _, run=run: {"due": run.created})
            if all(run.state.ended for run in found):
                return found
        raise AssertionError(f"{[(run.id, run.state) for run in found]} do not end.")

    def effects(self, word: str) -> list[list[str]]:
        """The lines that the jobs have noted."""
        lines = (self.home / "effects").read_text().splitlines()
        return [line.split() for line in lines if line.startswith(f"{word} ")]

    def close(self) -> None:
        self.documents.close()
