"""The declaration of a job, from which everything else about it follows."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from common.errors import InvalidInput, Misconfigured
from common.runs import Follows, QueueLimits, Retry, Schedule
from common.runs.billing import Resources
from common.runtime.problems import problems_of
from common.runtime.signature import params_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from common.runtime.offers import Offer

__all__ = ["Following", "Job", "job"]

_SHORT = timedelta(minutes=15)
_DRAIN = timedelta(minutes=10)
"""How long a task of a short job goes on taking runs, unless the job says otherwise."""
_GIB = {"Mi": 1 / 1024, "Gi": 1.0}

Function = Callable[..., Any]
Offers = Callable[["Mapping[str, str]"], "Iterable[Offer]"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Following:
    """Keeps the document that a param names in step with the run."""

    collection: str
    param: str
    """The param that holds the document's id; without a value nothing follows."""
    media: str = ""
    """Where in the result the URL is that the document shall have."""

    def of(self, params: BaseModel | None) -> Follows | None:
        """What the run with these params is followed by."""
        id = getattr(params, self.param, None)
        return Follows(collection=self.collection, id=id, media=self.media) if id else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A named entrypoint and what it needs to run. Call it like the function that it is."""

    name: str
    function: Function
    params: type[BaseModel] | None
    """None if it takes nothing but its context: then a start does not pay for pydantic."""
    summary: str
    """The first line of the function's docstring."""
    queue: str
    cpu: int
    memory: str
    timeout: timedelta
    """Of one attempt."""
    drain: timedelta
    """How long a task goes on taking another run when it has ended one. Its container lives for at
    most this and the timeout."""
    retry: Retry
    keep: timedelta | None
    """How long a run is kept once it has succeeded or was cancelled; None for ever."""
    limits: QueueLimits | None
    """Of its queue; None where they are the queue's own."""
    schedule: Schedule | None
    """When it runs by itself, if it does."""
    following: Following | None
    needs: tuple[str, ...]
    """Modules that must be importable where it runs, as "module" or "module (extra)"."""
    secrets: tuple[str, ...] = ()
    """Variables whose values are secrets: in the cloud the newest versions of Secret Manager's of
    the same names, which are never seen by whoever deploys."""
    pushed: bool = False
    """Whether messages of Pub/Sub may start it, by POST /internal/push/NAME of the dispatcher."""
    optional_secrets: tuple[str, ...] = ()
    """Like `secrets`, of which it is given those that there are: it does without the others."""
    offers: Offers | None = None
    """The providers that may do its work, as the environment sets them up, for `providers`."""
    topics: str | None = None
    """The param that a line of a topics file is, for a job that works through such files."""

    @property
    def resources(self) -> Resources:
        """What a task of it has."""
        return Resources(vcpu=self.cpu, gib=int(self.memory[:-2]) * _GIB[self.memory[-2:]])

    def __call__(self, params: BaseModel | None, run: Any) -> Any:
        return self.function(run) if self.params is None else self.function(params, run)

    def validate(self, values: Mapping[str, Any]) -> BaseModel | None:
        """The params of these values. Raises InvalidInput, which names each that is wrong."""
        if self.params is None:
            if values:
                raise InvalidInput(f"{self.name} takes no params: leave out {', '.join(values)}.")
            return None
        from common.runtime.params import validate

        return validate(self.params, values, job=self.name)

    def check(self) -> None:
        """Raise Misconfigured if something that the job needs is not installed."""
        for need in self.needs:
            module, _, extra = need.rstrip(")").partition(" (")
            if not _is_installed(module):
                package = f"runjobs[{extra}]" if extra else module
                raise Misconfigured(f"{self.name} needs {module}: pip install '{package}'.")


def job(  # noqa: PLR0913 - a declaration says all there is to say
    name: str,
    *,
    queue: str = "default",
    cpu: int = 1,
    memory: str = "512Mi",
    timeout: timedelta = timedelta(minutes=10),
    drain: timedelta | None = None,
    retry: Retry = Retry(),  # noqa: B008 - it is frozen
    keep: timedelta | None = timedelta(days=30),
    limits: QueueLimits | None = None,
    schedule: Schedule | str | None = None,
    following: Following | None = None,
    needs: tuple[str, ...] = (),
    secrets: tuple[str, ...] = (),
    pushed: bool = False,
    topics: str | None = None,
    optional_secrets: tuple[str, ...] = (),
    offers: Offers | None = None,
) -> Callable[[Function], Job]:
    """Declare a job: `@job("zip-unpack", queue="io-tasks", memory="1Gi")` above its function.

    The function takes its params, a pydantic model, and a Context, or the Context alone; it returns
    a model, plain data or None. Without a `drain`, tasks of a job whose timeout is at most 15
    minutes take runs for ten, so that short ones share a container; timedelta(0) gives each run a
    container of its own. Raises Misconfigured for a declaration that could not be run or
    deployed.
    """

    def declare(function: Function) -> Job:
        declared = Job(
            name=name,
            function=function,
            params=params_model(name, function),
            summary=(inspect.getdoc(function) or "").partition("\n")[0],
            queue=queue,
            cpu=cpu,
            memory=memory,
            timeout=timeout,
            drain=_drain(timeout) if drain is None else drain,
            retry=retry,
            keep=keep,
            limits=limits,
            schedule=_schedule(name, schedule),
            following=following,
            needs=needs,
            secrets=secrets,
            pushed=pushed,
            topics=topics,
            optional_secrets=optional_secrets,
            offers=offers,
        )
        if problems := problems_of(declared):
            raise Misconfigured(f"Job {name!r}: {'; '.join(problems)}.")
        return declared

    return declare


def _drain(timeout: timedelta) -> timedelta:
    return _DRAIN if timeout <= _SHORT else timedelta()


def _schedule(name: str, said: Schedule | str | None) -> Schedule | None:
    if not isinstance(said, str):
        return said
    try:
        return Schedule(said)
    except Misconfigured as error:
        raise Misconfigured(f"Job {name!r}: {error}") from error


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even the package that it would be in
        return False
