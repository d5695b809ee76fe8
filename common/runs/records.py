"""What the ledger keeps: runs, their attempts, and the executions that were started for them.

run        one piece of work asked for: a job and its params
attempt    one try at a run, with a number and a fencing token
execution  one start of a job with a number of tasks, each reserved for one run
lease      the right to work on a run until a server time
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, TypeVar

__all__ = [
    "SCHEMA",
    "Attempt",
    "Execution",
    "Failure",
    "Follows",
    "Outcome",
    "Priority",
    "Progress",
    "Run",
    "State",
    "Then",
    "Worker",
    "evolve",
]

SCHEMA = 1
"""Of the documents below. Code leaves documents of a later schema alone. A new field of a run needs
no new one, for those that are not known survive; one of an attempt does, for they would not."""


class State(StrEnum):
    """Where a run stands; docs/architecture.md draws the ways between."""

    PENDING = "pending"
    STARTING = "starting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether only a replay leads on from here."""
        return self in {State.SUCCEEDED, State.FAILED, State.CANCELLED}


class Outcome(StrEnum):
    """How an attempt ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    LOST = "lost"
    CANCELLED = "cancelled"


class Priority(IntEnum):
    """Which runs go first."""

    CRITICAL = 0
    HIGH = 1
    NORMAL = 2
    LOW = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """Why an attempt, and perhaps the run, failed."""

    type: str
    """The error's class, or a word like `Lost` where there was none."""
    message: str
    retryable: bool
    after: float | None = None
    """Seconds that whoever failed us asked us to wait (Retry-After)."""
    trace: str | None = None
    """The end of the traceback, where the error was nobody's typed one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Worker:
    """The task that works on a run."""

    execution: str | None = None
    """Our id of the execution, where it was started for reserved runs."""
    name: str
    """What the platform calls the execution (CLOUD_RUN_EXECUTION)."""
    task: int = 0
    """Its index in the execution (CLOUD_RUN_TASK_INDEX)."""
    task_attempt: int = 0
    """The platform's own retries of this task (CLOUD_RUN_TASK_ATTEMPT)."""


@dataclass(frozen=True, kw_only=True)  # without slots, for the sake of `evolve`
class Attempt:
    """One try at a run."""

    number: int
    token: str
    """Names this try and no other; whatever it writes holds only while the run has it."""
    worker: Worker
    due: datetime
    """Since when the run had waited."""
    reserved: datetime | None = None
    """When an execution was reserved for it; None where the task came by itself."""
    started: datetime
    ended: datetime | None = None
    outcome: Outcome | None = None
    error: Failure | None = None
    vcpu_seconds: float | None = None
    """What it costs, its share of its task's first minute included; None while it is not known, and
    for ever where its task was killed."""
    gib_seconds: float | None = None

    @property
    def queue_delay(self) -> timedelta:
        """How long the run had been due before it was anybody's."""
        return (self.reserved or self.started) - self.due

    @property
    def start_delay(self) -> timedelta:
        """How long its container then took to come; nothing for one that was there already."""
        return self.started - (self.reserved or self.started)


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a running attempt has come."""

    fraction: float
    """0 to 1."""
    message: str = ""
    at: datetime | None = None
    """When it was said."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Follows:
    """A document outside the ledger that is kept in step with the run."""

    collection: str
    id: str
    media: str = ""
    """Where in the result its URL is, as names joined by dots; of a list, as numbers from 0."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Then:
    """What is submitted when a run has succeeded, or all runs of a batch have ended."""

    job: str
    params: str = "{}"
    """JSON text; in it a string "{…}" stands for a part of what went before, see chaining.py."""
    queue: str = "default"
    max_attempts: int = 1
    keep: float | None = None
    then: Then | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Execution:
    """One execution, written before it is started, so that a lost answer can be looked up."""

    id: str
    job: str
    runs: tuple[str, ...]
    """Run ids by task index."""
    reserved: datetime
    start_by: datetime
    """Until when its tasks must have claimed their runs."""
    look_at: datetime | None = None
    """When to look whether it was started, as long as that is not known."""
    name: str | None = None
    """What the platform calls it; None until it is known to have been started."""
    expires: datetime | None = None
    """When it may be removed."""


@dataclass(frozen=True, kw_only=True)  # without slots, for the sake of `evolve`
class Run:
    """One piece of work asked for, and all that became of it."""

    id: str
    job: str
    queue: str
    params: str
    """JSON text; never read by the ledger."""
    created: datetime
    due: datetime
    """Not before this; for a pending run, since when it waits."""
    state: State = State.PENDING
    ready: bool = True
    """While pending: whether its due time had come when that was last looked at."""
    tenant: str = ""
    priority: Priority = Priority.NORMAL
    key: str | None = None
    """The idempotency key it was submitted with."""
    batch: str | None = None
    awaited: bool = False
    """Whether something is done when all runs of the batch have ended."""
    root: str | None = None
    """The outermost batch that the batch is within, if it is within one."""
    follows: Follows | None = None
    parent: str | None = None
    """The run that submitted this one, or the run or batch that it continues."""
    part: int | None = None
    """Which of the tasks that share one piece of work it is, from 0; None where it has its own."""
    parts: int | None = None
    """How many these are."""
    whole: str | None = None
    """The run that is part 0."""
    then: Then | None = None
    """What is submitted when it has succeeded."""
    keep: float | None = None
    """Seconds that it is kept after it succeeded or was cancelled; None for ever."""
    max_attempts: int = 1
    failures: int = 0
    """Attempts that count against max_attempts since the run was submitted or replayed."""

    execution: str | None = None
    """Our id of the execution it is reserved for."""
    task: int = 0
    reserved: datetime | None = None
    start_by: datetime | None = None
    """While starting: until when a task must have claimed it."""
    unclaimed: int = 0
    """Starts since its last attempt that came to nothing."""

    token: str | None = None
    """While running: the fencing token of the attempt that owns it."""
    lease_until: datetime | None = None
    cancel_requested: datetime | None = None
    progress: Progress | None = None
    checkpoint: str | None = None
    """JSON text that the last attempt left for the next."""

    attempts: tuple[Attempt, ...] = ()
    """Every try, also those before a replay."""
    result: str | None = None
    """JSON text of the job's result."""
    error: Failure | None = None
    """Why it failed for good."""
    ended: datetime | None = None
    expires: datetime | None = None
    """When it may be removed, once it has ended; None for never."""

    schema: int = SCHEMA
    version: str = ""
    """Of its document."""

    def attempt(self, token: str | None) -> Attempt | None:
        """The attempt that has this token."""
        return next((attempt for attempt in self.attempts if attempt.token == token), None)


R = TypeVar("R", Run, Attempt)


def evolve(record: R, **changes: Any) -> R:
    """dataclasses.replace for the records that are copied at each step, in a tenth of the time."""
    new = object.__new__(type(record))
    new.__dict__.update(record.__dict__, **changes)
    return new
