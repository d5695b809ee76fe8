"""The executors, each with a way to see and end its tasks."""

from __future__ import annotations

import fcntl
import signal
import subprocess
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from common.dispatch.executors import Executor, Launch
from common.dispatch.executors.cloud_run import CloudRunExecutor
from common.dispatch.executors.local import LocalExecutor
from common.errors import Unavailable
from common.settings import Settings
from tests.dispatch.puppets import Puppets, stage
from tests.services.local_cloud import Platform, serving_home


def settings(home: Path, **environ: str) -> Settings:
    return Settings.load({"RUNJOBS_HOME": str(home), "GOOGLE_CLOUD_PROJECT": "test", **environ})


def launch(tasks: int = 1, *, job: str = "noop", timeout: float = 60.0) -> Launch:
    return Launch(
        job=job, execution="our-execution", tasks=tasks, timeout=timedelta(seconds=timeout)
    )


class Backend(ABC):
    """An executor under test. A task has an `environment`, and ends when told to `end(code)`."""

    executor: Executor

    @abstractmethod
    def task(self):
        """The next task that has begun."""

    @abstractmethod
    def start_unanswered(self, launch: Launch) -> None:
        """Start an execution, and never hear of it."""

    @abstractmethod
    def settle(self, name: str) -> None:
        """Wait until the execution is over, all its tasks having been ended."""


class Local(Backend):
    """Real processes."""

    def __init__(self, home: Path, puppets: Puppets, **options) -> None:
        self.home = home
        self.puppets = puppets
        options = {"command": puppets.command, "grace": 0.2, **options}
        at_once = str(options.pop("at_once", 2))
        self.executor = LocalExecutor(settings(home, RUNJOBS_PARALLELISM=at_once), **options)

    def task(self):
        return self.puppets.next()

    def start_unanswered(self, launch: Launch) -> None:
        """Whoever starts it is killed before it can tell anyone."""
        asked = [launch.job, launch.execution, str(launch.tasks), *self.puppets.command]
        argv = [sys.executable, "-m", "tests.dispatch.starter", str(self.home), *asked]
        assert subprocess.run(argv, timeout=20, check=False).returncode == -signal.SIGKILL

    def settle(self, name: str) -> None:
        await_unlocked(self.folder(name) / "lock")

    def folder(self, name: str) -> Path:
        return self.home / "executions" / name


class Cloud(Backend):
    """The real client against the local cloud, whose tasks are real processes too."""

    def __init__(self, platform: Platform, puppets: Puppets, home: Path, **options) -> None:
        self.platform, self.faults = platform, platform.faults
        self.puppets = puppets
        self.home = home
        self.executor = self.another(**options)

    def another(self, **options) -> CloudRunExecutor:
        return CloudRunExecutor(settings(self.home), endpoint=self.platform.url, **options)

    def task(self):
        return self.puppets.next()

    def start_unanswered(self, launch: Launch) -> None:
        self.faults.next.append("lost")
        with pytest.raises(Unavailable):
            self.executor.start(launch)

    def settle(self, name: str) -> None:
        await_unlocked(self.platform.folder(name) / "lock")


@contextmanager
def local(home: Path, **options) -> Iterator[Local]:
    with stage() as puppets:
        yield Local(home, puppets, **options)


@contextmanager
def cloud(home: Path, **options) -> Iterator[Cloud]:
    theirs = home.with_name(f"{home.name}-cloud")
    with stage() as puppets, serving_home(theirs, RUNJOBS_PARALLELISM="2") as platform:
        platform.deploy("noop", puppets.command)
        yield Cloud(platform, puppets, home, **options)


BACKENDS = {"local": local, "cloud-run": cloud}


def await_unlocked(path: Path) -> None:
    """Wait until no process holds the lock."""
    with path.open() as lock:
        waiting = threading.Thread(target=fcntl.flock, args=(lock, fcntl.LOCK_SH), daemon=True)
        waiting.start()
        waiting.join(20)
        assert not waiting.is_alive(), f"{path} stays locked"
