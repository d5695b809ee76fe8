"""A job's params as command-line options, made from its model."""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Container, Mapping, Sequence
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from common.errors import InvalidInput
from common.runtime.jsontext import PARAMS_BYTES, parse_json
from common.runtime.text import printable

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from common.runtime.declare import Job

__all__ = ["bare", "given", "key_of", "params_from", "params_options"]

_SOURCE = "params_source"
_PREFIX = "param__"
_UNIONS = {typing.Union, types.UnionType}
_MANY = {list, tuple, set, frozenset, Sequence}


def params_options(job: Job, *, taken: frozenset[str] = frozenset()) -> list[click.Parameter]:
    """Options for each param, and --params for all at once.

    A param whose name is `taken` by an option of the command can be given by --params only.
    """
    fields = _fields(job)
    options: list[click.Parameter] = [
        _option(name, field, fields)
        for name, field in fields.items()
        if name not in taken | {"params", "help"}
    ]
    source = click.Option(
        ["--params", _SOURCE],
        metavar="FILE|-|JSON",
        help="All params at once: a JSON file, - for standard input, or the JSON itself.",
    )
    return [*options, source]


def params_from(job: Job, values: Mapping[str, Any]) -> BaseModel | None:
    """The params that the options give. Raises InvalidInput naming what is wrong."""
    source = values.get(_SOURCE)
    return job.validate({**({} if source is None else _read(source)), **given(job, values)})


def given(job: Job, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the options of single params say, by the names that the model takes; not checked yet."""
    return {
        key_of(job, name, field): _value(name, field, value)
        for name, field in _fields(job).items()
        if (value := values.get(_PREFIX + name)) is not None and value != ()
    }


def _fields(job: Job) -> dict[str, FieldInfo]:
    return {} if job.params is None else job.params.model_fields


def _option(name: str, field: FieldInfo, names: Container[str]) -> click.Option:
    kind = bare(field.annotation)
    flag = _flag(name)
    attributes: dict[str, Any] = {"help": _help(field), "default": None}
    if kind is bool:
        flag = flag if f"no_{name}" in names else f"{flag}/--no-{flag[2:]}"
        attributes["is_flag"] = True
    elif choices := _choices(kind):
        attributes["type"] = click.Choice(list(choices))
    elif typing.get_origin(kind) in _MANY:
        attributes |= {"multiple": True, "metavar": "VALUE"}
    else:
        attributes["metavar"] = _metavar(kind)
    attributes["hidden"] = _is_internal(field)
    return click.Option([flag, _PREFIX + name], **attributes)


def _is_internal(field: FieldInfo) -> bool:
    """Whether only a job's own runs say it; `x-internal` is what OpenAPI's tools call that."""
    extra = field.json_schema_extra
    return isinstance(extra, dict) and extra.get("x-internal") is True


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def key_of(job: Job, name: str, field: FieldInfo) -> str:
    """By which name the model takes the field."""
    config = job.params.model_config if job.params else {}
    by_name = config.get("populate_by_name") or config.get("validate_by_name")
    alias = field.validation_alias
    return name if by_name or not isinstance(alias, str) else alias


def _help(field: FieldInfo) -> str:
    text = field.description or ""
    if field.is_required():
        note = "required"
    elif field.default is PydanticUndefined or field.default in (None, "", [], ()):
        note = ""
    else:
        note = f"default: {_shown(field.default)}"
    return f"{text}  [{note}]".strip() if note else text


def _shown(default: Any) -> str:
    if isinstance(default, (list, tuple)):
        return ", ".join(map(_shown, default))
    return str(default.value if isinstance(default, Enum) else default)


def bare(annotation: Any) -> Any:
    """The type without `| None` and without annotations."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return bare(typing.get_args(annotation)[0])
    if origin in _UNIONS:
        others = [kind for kind in typing.get_args(annotation) if kind is not types.NoneType]
        if len(others) == 1:
            return bare(others[0])
    return annotation


def _choices(kind: Any) -> dict[str, Any]:
    """What each choice stands for."""
    if typing.get_origin(kind) is typing.Literal:
        choices = typing.get_args(kind)
    elif isinstance(kind, type) and issubclass(kind, Enum):
        choices = tuple(member.value for member in kind)
    else:
        choices = ()
    return {str(choice): choice for choice in choices}


def _metavar(kind: Any) -> str:
    names: dict[Any, str] = {str: "TEXT", int: "INTEGER", float: "NUMBER"}
    return names.get(kind, "JSON" if _is_json(kind) else "VALUE")


def _is_json(kind: Any) -> bool:
    """Whether it is written as a JSON object."""
    if typing.get_origin(kind) in _UNIONS:
        return any(_is_json(bare(each)) for each in typing.get_args(kind))
    plain = typing.get_origin(kind) or kind
    return isinstance(plain, type) and (
        issubclass(plain, (BaseModel, Mapping)) or is_dataclass(plain)
    )


def _value(name: str, field: FieldInfo, value: Any) -> Any:
    kind = bare(field.annotation)
    if isinstance(value, tuple):
        (each, *_) = (*typing.get_args(kind), str)
        return [_read_value(name, bare(each), item) for item in value]
    return _read_value(name, kind, value)


def _read_value(name: str, kind: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if _is_json(kind) and value.lstrip().startswith("{"):
        return parse_json(value, source=_flag(name))
    return _choices(kind).get(value, value)


def _read(source: str) -> dict[str, Any]:
    """JSON from standard input, from the text itself, or from a file."""
    if source.lstrip()[:1] in {"{", "[", '"'}:
        return parse_json(source, source="--params")
    name = "stdin" if source == "-" else printable(source, 100)
    try:
        return parse_json(_text(source), source=name)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InvalidInput(f"--params {name}: it cannot be read: {reason}.") from None


def _text(source: str) -> str:
    if source != "-":
        with Path(source).open(encoding="utf-8-sig") as file:
            return file.read(PARAMS_BYTES + 1)
    if sys.stdin is None:
        raise InvalidInput("--params -: there is no standard input.")
    return sys.stdin.read(PARAMS_BYTES + 1)
