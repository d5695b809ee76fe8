"""A job's params as command-line options, made from its model."""

from __future__ import annotations

import sys
import types
import typing
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from common.errors import InvalidInput
from common.runtime.params import PARAMS_BYTES, TooLarge, parse_json, validate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo

    from common.runtime.declare import Job

__all__ = ["params_from", "params_options"]

_SOURCE = "params_source"
_PREFIX = "param__"


def params_options(job: Job, *, taken: frozenset[str] = frozenset()) -> list[click.Parameter]:
    """Options for each param, and --params for all at once.

    A param whose name is `taken` by an option of the command can be given by --params only.
    """
    options: list[click.Parameter] = [
        _option(name, field)
        for name, field in job.params.model_fields.items()
        if name not in taken | {"params", "help"}
    ]
    source = click.Option(
        ["--params", _SOURCE],
        metavar="FILE|-|JSON",
        help="All params at once: a JSON file, - for standard input, or the JSON itself.",
    )
    return [*options, source]


def params_from(job: Job, values: Mapping[str, Any]) -> BaseModel:
    """The params that the options give. Raises InvalidInput naming what is wrong."""
    given: dict[str, Any] = {}
    if (source := values.get(_SOURCE)) is not None:
        given = _read(source)
    for name, field in job.params.model_fields.items():
        value = values.get(_PREFIX + name)
        if value is not None and value != ():
            given[name] = _value(name, field, value)
    return validate(job.params, given, job=job.name)


def _option(name: str, field: FieldInfo) -> click.Option:
    kind = _bare(field.annotation)
    flag = "--" + name.replace("_", "-")
    attributes: dict[str, Any] = {"help": _help(field), "default": None}
    if kind is bool:
        flag = f"{flag}/--no-{flag[2:]}"
    elif choices := _choices(kind):
        attributes["type"] = click.Choice(choices)
    elif typing.get_origin(kind) in {list, tuple, set, frozenset}:
        attributes |= {"multiple": True, "metavar": "VALUE"}
    else:
        attributes["metavar"] = _metavar(kind)
    return click.Option([flag, _PREFIX + name], **attributes)


def _help(field: FieldInfo) -> str:
    text = field.description or ""
    if field.is_required():
        note = "required"
    elif field.default is PydanticUndefined or field.default is None:
        note = ""
    else:
        default = field.default
        note = f"default: {default.value if isinstance(default, Enum) else default}"
    return f"{text}  [{note}]".strip() if note else text


def _bare(annotation: Any) -> Any:
    """The type without `| None`."""
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        others = [kind for kind in typing.get_args(annotation) if kind is not types.NoneType]
        if len(others) == 1:
            return others[0]
    return annotation


def _choices(kind: Any) -> list[str]:
    if typing.get_origin(kind) is typing.Literal:
        return [str(choice) for choice in typing.get_args(kind)]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(member.value) for member in kind]
    return []


def _metavar(kind: Any) -> str:
    names: dict[Any, str] = {str: "TEXT", int: "INTEGER", float: "NUMBER"}
    return names.get(kind, "JSON" if _is_json(kind) else "VALUE")


def _is_json(kind: Any) -> bool:
    is_model = isinstance(kind, type) and issubclass(kind, BaseModel)
    return is_model or kind is dict or typing.get_origin(kind) is dict


def _value(name: str, field: FieldInfo, value: Any) -> Any:
    if isinstance(value, str) and _is_json(_bare(field.annotation)):
        return parse_json(value, source="--" + name.replace("_", "-"))
    return list(value) if isinstance(value, tuple) else value


def _read(source: str) -> dict[str, Any]:
    """JSON from standard input, from the text itself, or from a file."""
    if source == "-":
        return parse_json(sys.stdin.read(PARAMS_BYTES + 1), source="stdin")
    if source.lstrip().startswith("{"):
        return parse_json(source, source="--params")
    path = Path(source)
    try:
        if path.stat().st_size > PARAMS_BYTES:
            raise TooLarge(f"{path}: {path.stat().st_size:,} bytes are over {PARAMS_BYTES:,}.")
        return parse_json(path.read_text(encoding="utf-8"), source=str(path))
    except (OSError, ValueError) as error:
        raise InvalidInput(f"--params {source}: it cannot be read: {error}.") from None
