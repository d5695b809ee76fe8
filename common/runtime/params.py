"""Params, results and checkpoints: from models to JSON text and back, within limits."""

from __future__ import annotations

import json
import math
import re
import reprlib
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticSerializationError
from pydantic_core import to_json as dump

from common.errors import InvalidInput
from common.runtime.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CHECKPOINT_BYTES",
    "PARAMS_BYTES",
    "RESULT_BYTES",
    "Params",
    "TooLarge",
    "from_json",
    "parse_json",
    "to_json",
    "validate",
]

# Together well under a document's limit of a million.
PARAMS_BYTES = 256_000
RESULT_BYTES = 256_000
CHECKPOINT_BYTES = 256_000

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_SHOWN = 5
_SENTENCE = 2_000

M = TypeVar("M", bound=BaseModel)


class Params(BaseModel):
    """Base of a job's params: unknown names are refused, and no field can be set later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TooLarge(InvalidInput):
    """Raised when params, a result or a checkpoint are over their limit."""


def validate(model: type[M], values: Mapping[str, Any], *, job: str) -> M:
    """The model of these values. Raises InvalidInput, which names each value that is wrong."""
    try:
        params = model.model_validate(dict(values))
    except ValidationError as error:
        raise InvalidInput(f"{job}: {_sentence(error)}") from None
    except RecursionError:
        raise InvalidInput(f"{job}: the params are nested too deep.") from None
    _check_text(to_json(params, what=f"{job}: params", limit=PARAMS_BYTES), job)
    return params


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
        text = dump(value, inf_nan_mode="constants")
        if b"NaN" in text or b"Infinity" in text or b"null" in text:
            _check_finite(value)
    except (PydanticSerializationError, UnicodeEncodeError, ValueError, RecursionError) as error:
        raise InvalidInput(f"{what} cannot be written as JSON: {error}.") from None
    if len(text) > limit:
        raise TooLarge(f"{what} of {len(text):,} bytes is over {limit:,}: put it in a blob.")
    return text.decode()


def from_json(text: str) -> Any:
    """What `to_json` made the text of."""
    return json.loads(text)


def _check_text(text: str, job: str) -> None:
    if _NUL.search(text):
        raise InvalidInput(f"{job}: a param holds a NUL character.")


def _check_finite(value: Any) -> None:
    """Refuse NaN and Infinity: JSON has no word for them, and models would write null."""
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


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number that JSON knows")


def _sentence(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_context=False)
    problems = [_problem(detail) for detail in details[:_SHOWN]]
    more = f"; and {len(details) - _SHOWN} more" if len(details) > _SHOWN else ""
    return printable("; ".join(problems) + more + ".", _SENTENCE)


def _problem(detail: Any) -> str:
    name = ".".join(str(part)[:60] for part in detail["loc"]) or "params"
    given = "" if detail["type"] in _OBVIOUS else f" (given: {_short(detail['input'])})"
    return f"{name}: {detail['msg'][:300]}{given}"


_OBVIOUS = {"missing", "extra_forbidden", "string_too_long", "too_long"}


def _short(value: object) -> str:
    text = reprlib.repr(value)  # which does not follow what is nested deep
    return text if len(text) <= 60 else text[:57] + "..."
