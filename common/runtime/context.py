"""What a job's function is given besides its params: its attempt, and what it asks of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from common.clock import SYSTEM, Clock
from common.runs import Then
from common.runtime.attempt import ThisAttempt

if TYPE_CHECKING:
    from pydantic import BaseModel

    from common.files import Place, Places
    from common.limits import Limits
    from common.runtime.offspring import Offspring
    from common.runtime.results import Result
    from common.runtime.turns import JobLimiter, Limiters

__all__ = ["Context"]


class Context(ThisAttempt):
    """One attempt at a run, as the job's function sees it.

    Its methods raise a Stop when the function must end; `check` does only that. Between its own
    calls a function may also be stopped anywhere, two seconds after it was first asked to end;
    it then has three to clean up.
    """

    _clock: Clock = SYSTEM

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

    def clean(self) -> None:
        """Let go of its slots at providers, too."""
        super().clean()
        if "_limiters" in self.__dict__:
            self._limiters.close()
