"""What can be asked for: one table, from which requests are routed and /openapi.json is made.

operation  a method and a path; its query, its body and its answers are said by their types
access     who may ask for it: anyone, those who may use the API, or who brings wake-ups
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from common.web.access.guard import Access
from common.web.asked import Answer, Asked
from common.web.problems import Problem

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["MEBIBYTE", "Handler", "Operation", "Routes", "Said"]

MEBIBYTE = 1024 * 1024
_VARIABLE = re.compile(r"\{([a-z]+)\}")

Handler = Callable[[Asked], Answer]


@dataclass(frozen=True, slots=True)
class Said:
    """One of an operation's answers."""

    what: str
    """In words."""
    type: Any
    """Of its content."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """Something that can be asked for."""

    method: str
    path: str
    """A {variable} stands for one segment, without a colon."""
    id: str
    """Its name in the OpenAPI document."""
    summary: str
    handler: Handler
    answers: Mapping[int, Said]
    access: Access = "api"
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    lines: type[BaseModel] | None = None
    """What the query says where the body is JSON lines; None where it may not be."""
    malformed: int = 422
    """The status where the body is not as its model has it."""
    most: int = MEBIBYTE
    """Bytes of the body."""
    keyed: bool = False
    """Whether it heeds an Idempotency-Key."""

    @property
    def variables(self) -> list[str]:
        """Of the path."""
        return _VARIABLE.findall(self.path)


@dataclass(frozen=True, slots=True)
class Routes:
    """Finds the operation that a request asks for."""

    operations: tuple[Operation, ...]
    _patterns: list[tuple[re.Pattern[str], Operation]] = field(default_factory=list)

    @classmethod
    def of(cls, operations: Iterable[Operation]) -> Routes:
        """The table's routes."""
        found = tuple(operations)
        return cls(found, [(_pattern(each.path), each) for each in found])

    def knows(self, path: str) -> bool:
        """Whether anything is at the path."""
        return any(pattern.fullmatch(path) for pattern, _ in self._patterns)

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        """The operation, and the path's variables. Raises Problem where there is none."""
        method = "GET" if method == "HEAD" else method
        others = set()
        for pattern, operation in self._patterns:
            if matched := pattern.fullmatch(path):
                if operation.method == method:
                    return operation, matched.groupdict()
                others.add(operation.method)
        if others:
            allowed = ", ".join(sorted(others))
            raise Problem(405, f"This takes {allowed}.", headers={"Allow": allowed})
        raise Problem(404, "There is nothing here: see /openapi.json.")


def _pattern(path: str) -> re.Pattern[str]:
    parts = _VARIABLE.split(path)
    texts, names = parts[::2], parts[1::2]
    pattern = re.escape(texts[0])
    for name, text in zip(names, texts[1:], strict=True):
        pattern += f"(?P<{name}>[^/:]+)" + re.escape(text)
    return re.compile(pattern)
