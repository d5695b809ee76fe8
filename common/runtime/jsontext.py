"""Params, results and checkpoints as JSON text, within limits."""

from __future__ import annotations

import json
import math
from typing import Any

from common.errors import InvalidInput

__all__ = [
    "CHECKPOINT_BYTES",
    "PARAMS_BYTES",
    "RESULT_BYTES",
    "TooLarge",
    "from_json",
    "parse_json",
    "to_json",
]

# Together well under a document's limit of a million.
PARAMS_BYTES = 256_000
RESULT_BYTES = 256_000
CHECKPOINT_BYTES = 256_000


class TooLarge(InvalidInput):
    """Raised when params, a result or a checkpoint are over their limit."""


def parse_json(text: str, *, source: str) -> dict[str, Any]:
    """A JSON object. Raises InvalidInput naming where the text came from."""
    if len(text) > PARAMS_BYTES:
        raise TooLarge(f"{source}: the params are over {PARAMS_BYTES:,} characters.")
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise InvalidInput(f"{source}: the JSON is nested too deep.") from None
    except ValueError as error:
        raise InvalidInput(f"{source}: this is not JSON: {error}.") from None
    if not isinstance(value, dict):
        raise InvalidInput(f"{source}: params are a JSON object, not a {type(value).__name__}.")
    return value


def to_json(value: Any, *, what: str, limit: int) -> str:
    """Compact JSON text of a model or of plain data. Raises TooLarge or InvalidInput."""
    try:
        raw = _quick(value) or _dumps(value).encode()
        text, size = raw.decode(), len(raw)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInput(f"{what} cannot be written as JSON: {error}.") from None
    if size > limit:
        raise TooLarge(f"{what} of {size:,} bytes is over {limit:,}: put it in a blob.")
    return text


def _quick(value: Any) -> bytes | None:
    """A model as pydantic itself writes it, the same and many times as fast; None where it is no
    model, or where a null may stand for a number that JSON does not know."""
    if not hasattr(value, "__pydantic_serializer__"):
        return None
    from pydantic_core import to_json as dump

    raw = dump(value)
    return None if b"null" in raw or b"NaN" in raw or b"Infinity" in raw else raw


def from_json(text: str) -> Any:
    """What `to_json` made the text of."""
    return json.loads(text)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number that JSON knows")


def _plain(value: Any) -> Any:
    """What JSON does not know by itself, models above all, as pydantic writes it."""
    from pydantic_core import to_jsonable_python

    _check_finite(value)
    return to_jsonable_python(value)


def _check_finite(value: Any) -> None:
    """Refuse NaN and Infinity: JSON has no word for them, and models would write null."""
    from pydantic import BaseModel

    if isinstance(value, float):
        if not math.isfinite(value):
            _no_constant(str(value))
    elif isinstance(value, BaseModel):
        _check_finite({**vars(value), **(value.model_extra or {})})
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            _check_finite(item)
    elif isinstance(value, dict):
        for item in value.values():
            _check_finite(item)


_dumps = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain
).encode
