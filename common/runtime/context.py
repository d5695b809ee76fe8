"""What a job's function is given besides its params."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.clock import SYSTEM, Clock
from common.runs import Attempt, Progress, Then
from common.runtime.jsontext import CHECKPOINT_BYTES, from_json, to_json
from common.runtime.text import printable

if TYPE_CHECKING:
    import subprocess

    from pydantic import BaseModel

    from common.blobs import Blobs
    from common.documents import Documents
    from common.files import Place, Places
    from common.limits import Limits
    from common.runtime.children import Children
    from common.runtime.heartbeat import Heartbeat
    from common.runtime.lease import Lease
    from common.runtime.log import Log
    from common.runtime.offspring import Offspring
    from common.runtime.results import Result
    from common.runtime.stopping import Stopper
    from common.runtime.turns import JobLimiter, Limiters
    from common.services import Services

__all__ = ["Context", "Part"]

_MESSAGE = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A part of what several runs do together, or all of what one does."""

    index: int
    """From 0."""
    count: int
    """1 where the run shares its work with no other."""
    whole: str
    """The id of the run that is part 0, by which all of them know what is theirs in common."""


class Context:
    """One attempt at a run, as the job's function sees it.

    Its methods raise a Stop when the function must end; `check` does only that. Between its own
    calls a function may also be stopped anywhere, two seconds after it was first asked to end;
    it then has three to clean up.
    """

    _clock: Clock = SYSTEM

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

    def submit(  # noqa: PLR0913 - all that can be asked of a run
        self,
        job: str,
        params: Mapping[str, Any] | BaseModel | None = None,
        *,
        key: str | None = None,
        delay: timedelta = timedelta(0),
        then: Then | None = None,
        within: bool = False,
        tenant: str | None = None,
    ) -> str:
        """Submit another run, of this one's tenant and priority; returns its id.

        An attempt that submits what an earlier one did gets the same run: known by the key or,
        without one, by its params. `then`, made by `Context.then`, follows when it has succeeded.
        `within`: it belongs to this run's batch, if this run is in one.

        A run of no tenant, which is the operator's, may say whose the other one is. Then the key is
        one of that `tenant`, as if it was submitted from outside: whichever run comes with it gets
        the same run. Raises InvalidInput, and KeyReused where that one has other params.
        """
        self.check()
        with self._stopper.shielded():
            return self._offspring.submit(
                job, params, key=key, delay=delay, then=then, within=within, tenant=tenant
            )

    def submit_many(
        self,
        job: str,
        params: Sequence[Mapping[str, Any] | BaseModel | None],
        *,
        key: str | None = None,
        then: Then | None = None,
        within: bool = False,
    ) -> str:
        """Submit a batch of runs; returns the batch's id. `then` follows when all have ended.

        `within`: it belongs, with what follows it, to this run's batch, if this run is in one; that
        has not ended before they have.
        """
        self.check()
        with self._stopper.shielded():
            return self._offspring.submit_many(job, params, key=key, then=then, within=within)

    def look_at(self, queue: str, at: datetime) -> None:
        """Have a queue looked at then, into which others than `submit` have put runs for this one.

        It is a hint: where nobody can be told, a sweep looks.
        """
        with self._stopper.shielded():
            self._services.look_at(queue, at)

    def then(self, job: str, params: Mapping[str, Any] | None = None) -> Then:
        """What to submit when a run has succeeded, or a batch has ended.

        A param that is just "{run}", "{batch}", "{result}" or "{result.a.b}" stands for the id of
        what went before, or for its result or a part of that.
        """
        return self._offspring.then(job, params or {})

    def results(self, batch: str, *, job: str | None = None) -> Iterator[Result]:
        """What became of each run of a batch, or each of that job, in no particular order.

        Those of batches within it are among them; a run of a tenant gets that tenant's only.
        """
        from common.runtime.results import results

        return results(self._services.runs, batch, job=job, tenant=self.tenant)

    def source(self, text: str) -> Place:
        """Where to read what a param names: a path in the store, a gs:// or, on a laptop, a file:
        URI or a file's path. Raises OutOfReach for what is not this run's tenant's."""
        return self._places.source(text)

    def destination(self, text: str) -> Place:
        """Where to write below what a param names, within this run's reach like `source`."""
        return self._places.destination(text)

    @property
    def home(self) -> Place:
        """Where files of this run's tenant belong that outlive the run."""
        return self._places.home

    def limiter(self, limits: Limits) -> JobLimiter:
        """Turns at a provider, within limits that all containers share.

        Waiting for a turn ends when the function must, and where it would take longer than the
        attempt has time: then the run is tried again later. A turn's slot is renewed as long as
        the function holds it, whatever it does meanwhile.
        """
        return self._limiters.get(limits)

    def start(self, argv: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
        """Start a child process, like subprocess.Popen; it never outlives this one."""
        self.check()
        with self._stopper.shielded():
            return self._children.start(argv, **options)

    @cached_property
    def _offspring(self) -> Offspring:
        from common.runtime.offspring import Offspring

        return Offspring(self._services, self._lease.run)

    @cached_property
    def _places(self) -> Places:
        from common.files import Places

        return Places(
            self.blobs,
            run=self.id,
            tenant=self.tenant,
            in_cloud=self.in_cloud,
            tenant_of=self._tenant_of,
        )

    def _tenant_of(self, id: str) -> str | None:
        found = self._services.runs.find(id)
        return found.tenant if found else None

    @cached_property
    def _limiters(self) -> Limiters:
        from common.runtime.turns import Limiters, Pace

        pace = Pace(
            sleep=self.sleep,
            check=self.check,
            shielded=self._stopper.shielded,
            left=lambda: self.remaining,
            clock=self._clock,
        )
        return Limiters(self.documents, pace)

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
        if "_limiters" in self.__dict__:
            self._limiters.close()
