"""A batch's params, or a plan's topics, from a file or from standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from common.errors import InvalidInput
from common.runtime.lines import Reading, models_of, values_of
from common.runtime.options import given
from common.runtime.text import printable

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pydantic import BaseModel

    from common.runtime.declare import Job

__all__ = ["read_params", "read_topics", "reading"]

T = TypeVar("T")


def read_params(job: Job, source: str, how: Reading) -> list[BaseModel | None]:
    """The params of a batch, a line each of a file or, for -, of standard input.

    Raises InvalidInput, which names each line that is wrong by its number in the file.
    """
    return _read("--batch", source, lambda file: models_of(job, file, how))


def read_topics(job: Job, source: str, how: Reading) -> list[dict[str, Any]]:
    """The same as they are given, for --topics. Raises InvalidInput."""
    return _read("--topics", source, lambda file: values_of(job, file, how))


def reading(job: Job, values: Mapping[str, Any], option: str) -> Reading:
    """How the lines of such a file are read; the other options say what they have in common."""
    # Imported here: a single run is submitted without it.
    from common.runtime.topics import text_param

    text, others = text_param(job), given(job, values)
    if values.get("params_source") is not None:
        raise click.UsageError(f"Say either --params or {option}, of which each line holds params.")
    if text in others:
        raise click.UsageError(f"What each line of {option} says, {text}, is no option beside it.")
    return Reading(text=text, others=others)


def _read(option: str, source: str, read: Callable[[BinaryIO], T]) -> T:
    try:
        with _opened(option, source) as file:
            return read(file)
    except OSError as error:
        name = printable(source, 100)
        raise InvalidInput(f"{option} {name}: it cannot be read: {error.strerror}.") from None


def _opened(option: str, source: str) -> AbstractContextManager[BinaryIO]:
    if source != "-":
        return Path(source).open("rb")
    if sys.stdin is None:
        raise InvalidInput(f"{option} -: there is no standard input.")
    return nullcontext(sys.stdin.buffer)
