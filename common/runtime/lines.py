"""A batch's params, of which each line is one JSON object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from common.errors import InvalidInput
from common.runtime.jsontext import PARAMS_BYTES, parse_json
from common.runtime.submission import model_of
from common.runtime.together import MOST

if TYPE_CHECKING:
    from pydantic import BaseModel

    from common.runtime.declare import Job

__all__ = ["models_of"]

_SHOWN = 20
"""Of the lines that are wrong, how many are told."""

Lines = Iterable[tuple[int, bytes]]
Models = list["BaseModel | None"]


def models_of(job: Job, file: BinaryIO) -> Models:
    """The params of a batch; blank lines are skipped.

    Raises InvalidInput, which names each line that is wrong by its number in the file.
    """
    return _checked(job, _lines(file))


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that say something, with their numbers; of one that is too long, its beginning."""
    number = 0
    while line := file.readline(4 * PARAMS_BYTES):
        number += 1
        rest = line
        while not rest.endswith(b"\n") and (rest := file.readline(4 * PARAMS_BYTES)):
            pass
        if text := (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip():
            yield number, text


def _checked(job: Job, lines: Lines) -> Models:
    models: Models = []
    wrong: list[str] = []
    for count, (number, line) in enumerate(lines, start=1):
        if count > MOST:
            raise InvalidInput(f"A batch has at most {MOST:,} runs: divide the file.")
        try:
            models.append(_model(job, line))
        except InvalidInput as error:
            wrong.append(f"line {number}: {error}")
    if wrong:
        raise InvalidInput(_told(wrong, len(models) + len(wrong)))
    if not models:
        raise InvalidInput("The batch is empty: write one JSON object per line.")
    return models


def _model(job: Job, line: bytes) -> BaseModel | None:
    try:
        values = parse_json(line.decode(), source="")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"it is not UTF-8 from its byte {error.start + 1} on.") from None
    except InvalidInput as error:
        # It is one line to the parser, too, which tells of it as line 1.
        raise InvalidInput(
            str(error).removeprefix(": ").replace("line 1 column", "column")
        ) from None
    return model_of(job, values)


def _told(wrong: list[str], total: int) -> str:
    more = [f"… and {len(wrong) - _SHOWN:,} more"] if len(wrong) > _SHOWN else []
    head = f"Nothing was submitted, as {len(wrong):,} of {total:,} lines are wrong."
    return "\n".join([head, *wrong[:_SHOWN], *more])
