"""What requests may say: each body and each query as a model, which also describes itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

from common.errors import InvalidInput
from common.runs import Priority, State
from common.runtime.moments import SPAN, parse_span
from common.runtime.params import Params
from common.runtime.text import LONGEST_WORD, ONE_LINE

__all__ = [
    "LinesQuery",
    "NewBatch",
    "NewRun",
    "PushData",
    "RunsQuery",
    "ThenData",
    "WakeupData",
    "Wanted",
]

_PRIORITIES = [priority.name.lower() for priority in Priority]
_STATES = [state.value for state in State]


def _priority(value: object) -> object:
    if isinstance(value, str) and value in _PRIORITIES:
        return Priority[value.upper()]
    raise ValueError(f"it is one of {', '.join(_PRIORITIES)}")


def _text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("it is text like 2026-12-24T18:00:00Z")  # noqa: TRY004 - pydantic's rule
    return value


def _delay(value: object) -> object:
    if isinstance(value, str):
        try:
            return parse_span(value)
        except InvalidInput as error:
            raise ValueError(str(error)) from None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("it is seconds, or a span like 10m")  # noqa: TRY004 - likewise
    if value < 0:
        raise ValueError("it is at least 0")
    return value


Word = Annotated[str, Field(max_length=LONGEST_WORD, pattern=ONE_LINE)]
"""Text of one line."""
Key = Annotated[Word, Field(min_length=1)]
Urgency = Annotated[Priority, BeforeValidator(_priority), WithJsonSchema({"enum": _PRIORITIES})]
At = Annotated[AwareDatetime, BeforeValidator(_text)]
Delay = Annotated[
    timedelta,
    BeforeValidator(_delay),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": SPAN}]}
    ),
]


class Model(Params):
    """Base of them all: unknown names are refused."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class ThenData(Model):
    """What is submitted when a run has succeeded, or all runs of a batch have ended."""

    job: Word
    params: dict[str, Any] = Field(default_factory=dict)
    """A string that is just "{run}", "{batch}", "{result}" or "{result.a.b}" stands for the id of
    what went before, or for its result or a part of it."""
    then: ThenData | None = None


class Wanted(Model):
    """What can be asked of a run and of a batch alike."""

    job: Word
    tenant: Word = ""
    """Whose work it is; tenants take turns."""
    priority: Urgency = Field(default=Priority.NORMAL, validate_default=False)
    at: At | None = None
    """Not before this time, such as 2026-12-24T18:00:00Z."""
    delay: Delay | None = None
    """Not before this much later: seconds, or a span like 10m or 1h30m."""

    @model_validator(mode="after")
    def _one_time(self) -> Wanted:
        if self.at is not None and self.delay is not None:
            raise ValueError("say either at or delay")
        return self

    def due(self, now: datetime) -> datetime | None:
        """Not before this. Raises InvalidInput."""
        try:
            if self.delay is not None:
                return now + self.delay
            return self.at.astimezone(UTC) if self.at else None
        except OverflowError:
            name = "at" if self.at else "delay"
            raise InvalidInput(f"{name}: that is later than time is counted.") from None


class NewRun(Wanted):
    """A run to be submitted."""

    params: dict[str, Any] = Field(default_factory=dict)
    """Of the job: each job has its own."""
    key: Key | None = None
    """The same key gives the same run; also as the header Idempotency-Key."""
    then: ThenData | None = None
    """What is submitted when it has succeeded."""


class NewBatch(Wanted):
    """Runs of one job to be submitted together: all of them, or none."""

    params: list[dict[str, Any]]
    """Of each run."""
    key: Key | None = None
    """The same key gives the same batch; also as the header Idempotency-Key."""
    then: ThenData | None = None
    """What is submitted when all have ended, however they did."""


class LinesQuery(Wanted):
    """What is asked of a batch whose params come as JSON lines, an object on each."""


class RunsQuery(Model):
    """Which runs are listed: those with all of these values, the newest first."""

    job: Word | None = None
    state: Annotated[State, WithJsonSchema({"enum": _STATES})] | None = None
    tenant: Word | None = None
    batch: Word | None = None
    limit: int = Field(default=20, ge=1, le=100)
    page: Word | None = None
    """The `next` of the page before."""


class WakeupData(Model):
    """A wake-up, as Cloud Tasks brings it."""

    kind: Literal["queue", "sweep"]
    name: Word
    """The queue to look at."""


class PushedMessage(Model):
    """A message of Pub/Sub."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)

    id: Annotated[Word, Field(min_length=1)] = Field(alias="messageId")
    """Of Pub/Sub: the same when the message comes again."""
    data: str = ""
    """A JSON object, the params of the job, in base64."""


class PushData(Model):
    """What Pub/Sub brings: there may be more in it, also what is not yet known."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)

    message: PushedMessage
    subscription: Annotated[Word, Field(min_length=1)]
    """By which it comes, such as projects/p/subscriptions/gmail."""
