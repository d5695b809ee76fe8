"""A batch's params, from a file or from standard input."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from common.errors import InvalidInput
from common.runtime.lines import models_of
from common.runtime.text import printable

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pydantic import BaseModel

    from common.runtime.declare import Job

__all__ = ["read_params"]


def read_params(job: Job, source: str) -> list[BaseModel | None]:
    """The params of a batch, a JSON object on each line of a file or, for -, of standard input.

    Raises InvalidInput, which names each line that is wrong by its number in the file.
    """
    try:
        with _opened(source) as file:
            return models_of(job, file)
    except OSError as error:
        name = printable(source, 100)
        raise InvalidInput(f"--batch {name}: it cannot be read: {error.strerror}.") from None


def _opened(source: str) -> AbstractContextManager[BinaryIO]:
    if source != "-":
        return Path(source).open("rb")
    if sys.stdin is None:
        raise InvalidInput("--batch -: there is no standard input.")
    return nullcontext(sys.stdin.buffer)
