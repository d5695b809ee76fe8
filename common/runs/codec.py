"""Records as documents, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

from common.documents import Data, Document, Update
from common.runs.errors import NewerSchema
from common.runs.places import deadline, done, open_in, place
from common.runs.records import (
    SCHEMA,
    Attempt,
    Execution,
    Failure,
    Follows,
    Outcome,
    Priority,
    Progress,
    Run,
    State,
    Then,
    Worker,
)

__all__ = [
    "RUNS",
    "execution_data",
    "is_readable",
    "read_execution",
    "read_run",
    "read_then",
    "run_data",
    "then_data",
    "update",
]

T = TypeVar("T")
Read = Callable[[Any], Any]

RUNS = "runs"
_KEY = {"id", "version"}  # the document's own, not in its data
_PLAIN = frozenset({str, int, float, bool, datetime, type(None)})


def run_data(run: Run) -> Data:
    """All of a run, as its document keeps it; what is None or empty is left out."""
    data = {
        name: value if type(value) in _PLAIN else _plain(value)
        for name, value in vars(run).items()
        if value is not None and value != () and name not in _KEY
    }
    return data | {name: value for name, value in _derived(run).items() if value is not None}


def execution_data(execution: Execution) -> Data:
    """All of an execution, as its document keeps it."""
    return {**_write(execution, _EXECUTION), "schema": SCHEMA}


def update(old: Run, new: Run) -> Update:
    """The write that makes the one document the other; it holds while nobody else wrote it."""
    before, derived = vars(old), _derived(old)
    changed = {
        name: value
        for name, value in vars(new).items()
        if value is not before[name] and name not in _KEY
    } | {name: value for name, value in _derived(new).items() if value != derived[name]}
    return Update(
        RUNS,
        old.id,
        {name: _plain(value) for name, value in changed.items() if value is not None},
        old.version,
        drop=tuple([name for name, value in changed.items() if value is None]),
    )


def then_data(then: Then) -> Data:
    """What comes after, as a batch's document keeps it."""
    return _write(then, _NAMES[Then])


def read_then(data: Data) -> Then:
    """What `then_data` wrote."""
    return _read(Then, data)


def read_run(document: Document) -> Run:
    """The run in a document. Raises NewerSchema where a later schema wrote it."""
    return _read(Run, _checked(document), id=document.id, version=document.version)


def read_execution(document: Document) -> Execution:
    """The execution in a document. Raises NewerSchema where a later schema wrote it."""
    return _read(Execution, _checked(document), id=document.id)


def is_readable(document: Document) -> bool:
    """Whether its schema is known here."""
    return bool(document.data.get("schema", SCHEMA) <= SCHEMA)


def _checked(document: Document) -> Data:
    if not is_readable(document):
        raise NewerSchema(
            f"{document.collection}/{document.id} was written by a newer runjobs "
            f"(schema {document.data['schema']}, known up to {SCHEMA}): upgrade this one."
        )
    return document.data


def _derived(run: Run) -> dict[str, Any]:
    """What follows from a run's fields, and is asked for by an index."""
    return {
        "place": place(run),
        "deadline": deadline(run),
        "done": done(run),
        "open_in": open_in(run),
    }


def _write(record: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        name: _plain(value)
        for name in names
        if (value := getattr(record, name)) is not None and value != ()
    }


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple:
        return [_plain(item) for item in value]
    if kind in _NAMES:
        return _write(value, _NAMES[kind])
    return value.value  # an enum's


def _read(kind: type[T], data: Data, **given: Any) -> T:
    """A record from its data; missing fields keep their defaults, unknown ones are left."""
    for name in _NAMES[kind]:
        if name in data and name not in given:
            value, read = data[name], _READ.get((kind, name))
            given[name] = value if read is None or value is None else read(value)
    return kind(**given)


def _record(kind: type[T]) -> Callable[[Data], T]:
    return lambda data: _read(kind, data)


def _records(kind: type[T]) -> Callable[[list[Data]], tuple[T, ...]]:
    return lambda items: tuple(_read(kind, item) for item in items)


_NAMES: dict[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind))
    for kind in (Run, Execution, Attempt, Worker, Failure, Progress, Follows, Then)
}
_EXECUTION = tuple(name for name in _NAMES[Execution] if name not in _KEY)
_READ: dict[tuple[type, str], Read] = {
    (Run, "state"): State,
    (Run, "priority"): Priority,
    (Run, "follows"): _record(Follows),
    (Run, "then"): _record(Then),
    (Then, "then"): _record(Then),
    (Run, "progress"): _record(Progress),
    (Run, "attempts"): _records(Attempt),
    (Run, "error"): _record(Failure),
    (Attempt, "worker"): _record(Worker),
    (Attempt, "outcome"): Outcome,
    (Attempt, "error"): _record(Failure),
    (Execution, "runs"): tuple,
}
