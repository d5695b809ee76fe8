"""One attempt at a run: who it is, how long it has, what it leaves, and what it has open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.clock import SYSTEM
from common.runs import Attempt, Progress
from common.runtime.jsontext import CHECKPOINT_BYTES, from_json, to_json
from common.runtime.text import printable

if TYPE_CHECKING:
    import subprocess

    from common.blobs import Blobs
    from common.documents import Documents
    from common.runtime.children import Children
    from common.runtime.heartbeat import Heartbeat
    from common.runtime.lease import Lease
    from common.runtime.log import Log
    from common.runtime.part import Part
    from common.runtime.stopping import Stopper
    from common.services import Services

__all__ = ["ThisAttempt"]

_MESSAGE = 200


class ThisAttempt:
    """What a job's function sees of its own attempt."""

    def __init__(  # noqa: PLR0913 - the parts of one attempt, put together in one place
        self,
        *,
        services: Services,
        lease: Lease,
        stopper: Stopper,
        heartbeat: Heartbeat,
        children: Children,
        log: Log,
        deadline: datetime,
    ) -> None:
        run = lease.run
        self.id = run.id
        self.job = run.job
        self.tenant = run.tenant
        self.batch = run.batch
        """The batch that it is in, if it is in one."""
        self.attempt = len(run.attempts)
        """1 for the first."""
        self.deadline = deadline
        """Server time at which the task is told to end."""
        self.log = log
        self._services = services
        self._lease = lease
        self._stopper = stopper
        self._heartbeat = heartbeat
        self._children = children

    @property
    def documents(self) -> Documents:
        """The documents store."""
        return self._services.documents

    @property
    def blobs(self) -> Blobs:
        """The blob store."""
        return self._services.blobs

    @property
    def history(self) -> tuple[Attempt, ...]:
        """Every attempt at the run so far; the last one is this."""
        return self._lease.run.attempts

    @property
    def part(self) -> Part:
        """Which part of the work this run is, where the tasks of one execution share it: those of
        one that was started by hand with `--tasks`. It stays that when it is tried again."""
        from common.runtime.part import Part

        run = self._lease.run
        return Part(index=run.part or 0, count=run.parts or 1, whole=run.whole or run.id)

    @property
    def in_cloud(self) -> bool:
        """Whether this is Cloud Run itself, not a laptop."""
        return self._services.settings.in_cloud

    @property
    def remaining(self) -> float:
        """Seconds until the deadline."""
        return (self.deadline - self.documents.now()) / timedelta(seconds=1)

    @property
    def stopping(self) -> bool:
        """Whether the function has been asked to end."""
        return self._stopper.asked is not None

    def check(self) -> None:
        """Raise a Stop if the function must end now."""
        self._stopper.check()

    def sleep(self, seconds: float) -> None:
        """Wait that long; raises a Stop as soon as the function must end."""
        self._stopper.wait(seconds)

    def progress(self, fraction: float, message: str = "") -> None:
        """Say how far the run has come, from 0 to 1. Cheap: say it as often as you like."""
        self.check()
        progress = Progress(
            fraction=min(1.0, max(0.0, fraction)),
            message=printable(message, _MESSAGE),
            at=SYSTEM.now(),
        )
        with self._stopper.shielded():
            self._heartbeat.say(progress)

    def checkpoint(self, data: Any) -> None:
        """Keep JSON data (or a pydantic model) for the next attempt, should this one not finish.

        It is written when this returns, and may be called also while stopping. Raises TooLarge.
        """
        text = to_json(data, what="A checkpoint", limit=CHECKPOINT_BYTES)
        with self._stopper.shielded():
            self._lease.checkpoint(text)

    @property
    def checkpointed(self) -> Any:
        """What the last checkpoint kept, of this attempt or of one before; None without any."""
        text = self._lease.run.checkpoint
        return None if text is None else from_json(text)

    def path(self, name: str) -> str:
        """Where this attempt's blob of that name belongs: no other attempt writes there."""
        return f"runs/{self.id}/{self.attempt}/{name}"

    def start(self, argv: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
        """Start a child process, like subprocess.Popen; it never outlives this one."""
        self.check()
        with self._stopper.shielded():
            return self._children.start(argv, **options)

    @cached_property
    def folder(self) -> Path:
        """An empty folder for this attempt's files; it goes when the attempt ends."""
        from common.runtime.folder import make_folder

        return make_folder(self.id, self.attempt)

    def clean(self) -> None:
        """End what the function left running, and remove what it left lying."""
        self._children.kill()
        if "folder" in self.__dict__:
            from common.runtime.folder import remove_folder

            remove_folder(self.folder)
