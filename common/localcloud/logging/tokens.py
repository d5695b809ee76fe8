"""The words of the Logging query language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from common.localcloud.errors import invalid

__all__ = ["Token", "tokens"]

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*)
  | (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
  | (?P<operator>>=|<=|!=|=~|!~|[=<>:])
  | (?P<bracket>[()])
  | (?P<comma>,)
  | (?P<minus>-(?=[^\s]))
  | (?P<word>[^\s()"'=<>!:~,]+(?:(?<=\.)"(?:[^"\\]|\\.)*"[^\s()"'=<>!:~,]*)*)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Token:
    """One word."""

    kind: str
    """string, operator, bracket, comma, minus, word or end."""
    text: str
    """Of a string what it says."""

    def is_(self, kind: str, *texts: str) -> bool:
        """Whether it is of that kind, and one of those texts."""
        return self.kind == kind and (not texts or self.text in texts)


def tokens(text: str) -> Iterator[Token]:
    """All words of a query. Raises ApiError INVALID_ARGUMENT."""
    if len(text) > _LONGEST:
        raise invalid("filter", f"it has more than {_LONGEST:,} characters.")
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise invalid("filter", f"{text[at : at + 40]!r} is not understood.")
        at, kind = found.end(), found.lastgroup or ""
        if kind == "string":
            yield Token(kind, unquoted(found[0]))
        elif kind != "space":
            yield Token(kind, found[0])


def unquoted(text: str) -> str:
    """What a string in quotes says."""
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), text[1:-1])
