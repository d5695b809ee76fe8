"""A batch's params, of which each line is one JSON object or, where that is allowed, a text.

text      a line that does not begin with { is the value of one param, as people write topics
comment   where texts are allowed, a line that is #, or begins with # and a space or another #
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

from common.errors import InvalidInput
from common.runtime.jsontext import PARAMS_BYTES, parse_json
from common.runtime.submission import model_of
from common.runtime.together import MOST, NothingAccepted

if TYPE_CHECKING:
    from pydantic import BaseModel

    from common.runtime.declare import Job

__all__ = ["JSON_ONLY", "Reading", "models_of", "values_of"]

_COMMENT = re.compile(rb"#(?:[\s#]|$)")

Values = dict[str, Any]
Models = list["BaseModel | None"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """How lines are read."""

    text: str | None = None
    """The param that a line is which is no JSON object; None where each has to be one."""
    others: Mapping[str, Any] = field(default_factory=dict)
    """Params of every line that does not say them itself."""


JSON_ONLY = Reading()


def models_of(job: Job, file: BinaryIO, reading: Reading = JSON_ONLY) -> Models:
    """The params of a batch; blank lines are skipped.

    Raises InvalidInput, which names each line that is wrong by its number in the file.
    """
    return [model for _, model in _checked(job, file, reading)]


def values_of(job: Job, file: BinaryIO, reading: Reading = JSON_ONLY) -> list[Values]:
    """The same as they are given, without the params that nobody has said. Raises InvalidInput."""
    return [values for values, _ in _checked(job, file, reading)]


def _lines(file: BinaryIO, reading: Reading) -> Iterator[tuple[int, bytes]]:
    """The lines that say something, with their numbers; of one that is too long, its beginning."""
    number = 0
    while line := file.readline(4 * PARAMS_BYTES):
        number += 1
        rest = line
        while not rest.endswith(b"\n") and (rest := file.readline(4 * PARAMS_BYTES)):
            pass
        text = (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip()
        if text and not (reading.text and _COMMENT.match(text)):
            yield number, text


def _checked(job: Job, file: BinaryIO, reading: Reading) -> list[tuple[Values, BaseModel | None]]:
    found: list[tuple[Values, BaseModel | None]] = []
    wrong: list[str] = []
    for count, (number, line) in enumerate(_lines(file, reading), start=1):
        if count > MOST:
            raise InvalidInput(f"A batch has at most {MOST:,} runs: divide the file.")
        try:
            values = {**reading.others, **_values(line, reading.text)}
            found.append((values, model_of(job, values)))
        except InvalidInput as error:
            wrong.append(f"line {number}: {error}")
    if wrong:
        raise NothingAccepted(wrong, of=len(found) + len(wrong))
    if not found:
        kind = "one JSON object" if reading.text is None else f"one {reading.text}, or JSON object,"
        raise InvalidInput(f"The batch is empty: write {kind} per line.")
    return found


def _values(line: bytes, text: str | None) -> Values:
    try:
        said = line.decode()
    except UnicodeDecodeError as error:
        raise InvalidInput(f"it is not UTF-8 from its byte {error.start + 1} on.") from None
    if text is not None and not said.startswith("{"):
        return {text: said}
    try:
        return parse_json(said, source="")
    except InvalidInput as error:
        # It is one line to the parser, too, which tells of it as line 1.
        raise InvalidInput(
            str(error).removeprefix(": ").replace("line 1 column", "column")
        ) from None
