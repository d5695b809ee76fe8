"""A whole deployment in one folder: stores, platform, dispatchers and tasks, and its clock."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from common.backoff import tries
from common.blobs import open_blobs
from common.clock import SYSTEM
from common.dispatch import Dispatcher
from common.dispatch.wakeups.local import LocalWakeups
from common.documents import open_documents
from common.runs import LEASE, Follows, Run, Runs, State
from tests.chaos.clock import SharedTime
from tests.chaos.platform import Platform
from tests.chaos.processes import Child, Zygote

__all__ = ["World", "chaos_run"]

QUEUE = "chaos"
UNLIMITED = ("VEO_PER_MINUTE", "VEO_LOOKS_PER_MINUTE", "VEO_CONCURRENT")
"""The provider's limits have tests of their own; here they would only be waited for."""
ROUNDS = 12
"""Sweeps until all has ended, at most."""


def chaos_run(id: str, now: datetime, *, job: str = "chaos-film", **more: object) -> Run:
    """A pending run, followed by a document."""
    follows = Follows(collection="creations", id=id, media="film")
    fields = {"max_attempts": 9, "params": "{}", "due": now, "follows": follows, **more}
    return Run(id=id, job=job, queue=QUEUE, created=now, **fields)


class World:
    """What a test sees of it, and how it has time go by."""

    def __init__(
        self,
        folder: Path,
        zygote: Zygote,
        *,
        documents: str = "",
        lease: timedelta = LEASE,
        **env,
    ) -> None:
        self.folder, self.zygote = folder, zygote
        self.time = SharedTime(folder / "clock")
        self.effects_file = folder / "effects"
        self.effects_file.touch()
        self.url = documents or f"sqlite:///{folder}/documents.sqlite3"
        self.documents = self.time.shift(open_documents(self.url, clock=self.time.clock))
        self.lease = lease
        self.runs = Runs(self.documents, lease=lease)
        self.blobs = open_blobs(f"file://{folder}/blobs")
        self.platform = Platform(folder / "platform")
        self.dispatcher = Dispatcher(
            self.runs,
            self.platform,
            wakeups=LocalWakeups(self.documents),
            clock=self.time.clock,
        )
        self.more = env
        self.count = 0

    def env(self, **more: str) -> dict[str, str]:
        given = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
            "RUNJOBS_HOME": str(self.folder),
            "RUNJOBS_DOCUMENTS": self.url,
            "RUNJOBS_BLOBS": f"file://{self.folder}/blobs",
            "RUNJOBS_EXECUTOR": "local",
            "RUNJOBS_WAKEUPS": "local",
            "CHAOS_EFFECTS": str(self.effects_file),
            "GOOGLE_CLOUD_PROJECT": "p",
            **dict.fromkeys(UNLIMITED, "100000"),
            **self.more,
            **more,
        }
        if host := os.environ.get("FIRESTORE_EMULATOR_HOST"):
            given["FIRESTORE_EMULATOR_HOST"] = host
        return given

    # --- processes

    def start(self, program: str, *, env: dict[str, str] | None = None, **order: object) -> Child:
        """One process of the deployment."""
        lease = self.lease.total_seconds()
        return self.zygote.start(program, env=self.env(**(env or {})), lease=lease, **order)

    def task(self, execution: dict, index: int = 0, **order: object) -> Child:
        """One task of an execution, as the platform starts it."""
        env = {
            "RUNJOBS_EXECUTION": execution["execution"],
            "CLOUD_RUN_JOB": execution["job"],
            "CLOUD_RUN_EXECUTION": execution["name"],
            "CLOUD_RUN_TASK_INDEX": str(index),
            "CLOUD_RUN_TASK_COUNT": str(execution["tasks"]),
        }
        return self.start("task", env=env, **order)

    def run_tasks(self) -> list[Child]:
        """Run all tasks that were started and not yet run, to their ends."""
        begun: list[Child] = []
        while new := self.platform.new():
            running = [(each, self.task(*each)) for each in new]
            for (execution, index), child in running:
                child.wait()
                self.platform.end(execution["name"], index)
            begun += [child for _, child in running]
        return begun

    # --- runs

    def new_ids(self, count: int = 1) -> list[str]:
        """Names for runs that no other trial has."""
        self.count += 1
        return [f"t{self.count}r{number}" for number in range(count)]

    def submit(self, ids: list[str], **of: object) -> list[Run]:
        """Accept runs, and start nothing."""
        now = self.documents.now()
        return [self.runs.submit(chaos_run(id, now, **of)) for id in ids]

    def effects(self, word: str, id: str) -> list[list[str]]:
        """The lines that the jobs have noted."""
        lines = [line.split() for line in self.effects_file.read_text().splitlines()]
        return [line for line in lines if line[:2] == [word, id]]

    def await_effect(self, word: str, id: str) -> None:
        """Wait until a job has noted it."""
        for _ in tries(SYSTEM, patience=30, base=0.02, cap=0.05):
            if self.effects(word, id):
                return
        raise AssertionError(f"{id} does not begin.")

    # --- time

    def settle(self, ids: list[str]) -> list[Run]:
        """A lease goes by, and one sweep that starts nothing; returns how the runs then stand."""
        self.dispatcher.queues.pause(QUEUE)
        self.time.advance(self.lease.total_seconds() + 1)
        swept = self.dispatcher.sweep()
        assert swept.troubles == []
        self.dispatcher.queues.pause(QUEUE, paused=False)
        return [self.runs.get(id) for id in ids]

    def see_through(self, ids: list[str]) -> list[Run]:
        """Sweep, run what was started and let time go by, until all runs have ended."""
        for _ in range(ROUNDS):
            self.dispatcher.sweep()
            self.run_tasks()
            found = [self.runs.get(id) for id in ids]
            if all(run.state.ended for run in found):
                return found
            waits = [run.due for run in found if run.state is State.PENDING]
            wait = max([*waits, self.documents.now()]) - self.documents.now()
            self.time.advance(max(wait.total_seconds(), 61.0))
        raise AssertionError(f"{[(run.id, run.state) for run in found]} do not end.")

    def close(self) -> None:
        with suppress(OSError):
            self.documents.close()
        self.time.close()
