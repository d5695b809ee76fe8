"""The schemas that come along, one JSON file each beside this one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jobs.extraction.schema import Schema
from jobs.extraction.schemas.errors import BadSchema
from jobs.extraction.schemas.parse import parse_text

__all__ = ["builtin", "builtins"]

_FOLDER = Path(__file__).parent


@cache
def builtins() -> tuple[str, ...]:
    """The names of all there are."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.json")))


@cache
def builtin(name: str) -> Schema:
    """The schema of that name. Raises BadSchema, which names those that there are."""
    if name not in builtins():
        raise BadSchema(
            f"There is no schema {name[:60]!r}: there are {', '.join(builtins())}. One of your own "
            "is given as JSON, or as the place of a .json file."
        )
    return parse_text((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
