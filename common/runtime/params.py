"""Params as pydantic models: made of what was given, or refused in a sentence."""

from __future__ import annotations

import re
import reprlib
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from common.errors import InvalidInput
from common.runtime.jsontext import PARAMS_BYTES, to_json
from common.runtime.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Params", "checked", "validate", "validated"]

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_SHOWN = 5
_SENTENCE = 2_000
_LONGEST = 300
_OWN = "Value error, "
"""What pydantic puts before the words of a job's own check."""

M = TypeVar("M", bound=BaseModel)


class Params(BaseModel):
    """Base of a job's params: unknown names are refused, and no field can be set later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def validate(model: type[M], values: Mapping[str, Any], *, job: str) -> M:
    """The model of these values. Raises InvalidInput, which names each value that is wrong."""
    return validated(model, values, job=job)[0]


def validated(model: type[M], values: Mapping[str, Any], *, job: str) -> tuple[M, str]:
    """The model of these values, and its JSON text. Raises InvalidInput like `validate`."""
    params = checked(model, values, what=job)
    text = to_json(params, what=f"{job}: params", limit=PARAMS_BYTES)
    if "u0000" in text:
        _check_text(text, job)
    return params, text


def checked(model: type[M], values: Mapping[str, Any], *, what: str) -> M:
    """The model of these values, however large. Raises InvalidInput, which names what is wrong."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        raise InvalidInput(f"{what}: {_sentence(error)}") from None
    except RecursionError:
        raise InvalidInput(f"{what}: the params are nested too deep.") from None


def _check_text(text: str, job: str) -> None:
    if _NUL.search(text):
        raise InvalidInput(f"{job}: a param holds a NUL character.")


def _sentence(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_context=False)
    problems = [_problem(detail) for detail in details[:_SHOWN]]
    more = f"; and {len(details) - _SHOWN} more" if len(details) > _SHOWN else ""
    return printable("; ".join(problems) + more + ".", _SENTENCE)


def _problem(detail: Any) -> str:
    name = ".".join(str(part)[:60] for part in detail["loc"])
    said = str(detail["msg"]).removeprefix(_OWN)[:_LONGEST].removesuffix(".")
    if not name:  # of all params together, which are too many to be told again
        return said
    given = "" if detail["type"] in _OBVIOUS else f" (given: {_short(detail['input'])})"
    return f"{name}: {said}{given}"


_OBVIOUS = {"missing", "extra_forbidden", "string_too_long", "too_long"}


def _short(value: object) -> str:
    text = reprlib.repr(value)  # which does not follow what is nested deep
    return text if len(text) <= 60 else text[:57] + "..."
