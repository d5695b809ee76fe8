"""An answer held to the form that it was asked in.

What was not asked for is dropped, what was left out counts as not found. Everything else that is
wrong is a fault, told by the name of the field: the model may put it right once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from jobs.extraction.gemini.form import FINDING, answer_form
from jobs.extraction.schema import Field, Kind, Schema
from jobs.extraction.values import BadValue, checked

__all__ = ["Faulty", "faults", "parsed", "without_faults"]


class Faulty(ValueError):
    """Raised when an answer is none at all; the text says why, in words for the model."""


def parsed(text: str, schema: Schema) -> dict[str, Any]:
    """The answer, with nothing in it but what was asked for. Raises Faulty."""
    try:
        answer = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise Faulty("it is nested too deep") from None
    except ValueError as error:
        raise Faulty(f"it is not JSON: {error}"[:200]) from None
    if not isinstance(answer, dict):
        raise Faulty("it is not a JSON object")
    names = [field.name for field in schema.fields]
    if not any(name in answer for name in names):
        raise Faulty(f"it has none of the fields {', '.join(names[:20])}")
    return {field.name: _pruned(field, answer.get(field.name)) for field in schema.fields}


def faults(answer: Mapping[str, Any], schema: Schema) -> dict[str, list[str]]:
    """What is wrong with the answer, by field."""
    found: dict[str, list[str]] = {}
    for name, fault in _faults(answer, schema):
        found.setdefault(name, []).append(fault)
    return found


def without_faults(field: Field, found: Any) -> list[Any] | None:
    """What is right of a field that has faults: of rows those that have none."""
    if field.kind is not Kind.ROWS or not isinstance(found, list):
        return None
    alone = Schema(name="", fields=(field,))
    return [row for row in found if not faults({field.name: [row]}, alone)]


def _faults(answer: Mapping[str, Any], schema: Schema) -> Iterator[tuple[str, str]]:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(answer_form(schema))
    wrong = set()
    for error in validator.iter_errors(answer):
        name = str(error.absolute_path[0]) if error.absolute_path else ""
        wrong.add(name)
        yield name, f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"
    for field in schema.fields:
        if field.name not in wrong:
            yield from ((field.name, fault) for fault in _of_kind(field, answer[field.name]))


def _of_kind(field: Field, found: Any) -> Iterator[str]:
    """What a form cannot say: that 2026-02-30 is no day."""
    if not found:
        return
    if field.kind is not Kind.ROWS:
        yield from _wrong(field, found["value"], field.name)
        return
    for number, row in enumerate(found):
        for column in field.fields:
            value = row["cells"][column.name]
            if value is not None:
                yield from _wrong(column, value, f"{field.name}.{number}.{column.name}")


def _wrong(field: Field, value: Any, where: str) -> Iterator[str]:
    try:
        checked(field, value)
    except BadValue as error:
        yield f"{where}: {error}"


def _pruned(field: Field, found: Any) -> Any:
    if field.kind is not Kind.ROWS:
        kept = _keeping(found, FINDING)
        # Some say of a field that its value is null, and mean that there is none.
        return None if isinstance(kept, dict) and kept.get("value") is None else kept
    if not isinstance(found, list):
        return [] if found is None else found
    names = [column.name for column in field.fields]
    return [_pruned_row(row, names) for row in found]


def _pruned_row(row: Any, names: list[str]) -> Any:
    row = _keeping(row, ("cells", *FINDING[1:]))
    if isinstance(row, dict):
        row["cells"] = _keeping(row.get("cells"), names)
        if isinstance(row["cells"], dict):
            row["cells"] = {name: row["cells"].get(name) for name in names}
    return row


def _keeping(value: Any, names: tuple[str, ...] | list[str]) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: value[name] for name in names if name in value}


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")
