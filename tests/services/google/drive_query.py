"""The language of Drive's `q`, as far as files can be asked for with it.

https://developers.google.com/workspace/drive/api/guides/ref-search-terms
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

__all__ = ["BadQuery", "parse"]

Item = Any
Matches = Callable[[Item], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:\\.|[^'\\])*')|(?P<mark>[(){}]|<=|>=|!=|=|<|>)|(?P<word>[A-Za-z]+))"
)


class BadQuery(Exception):
    """Drive answers 400 to this."""


def parse(text: str) -> Matches:
    """What the query matches. Raises BadQuery."""
    if not text:
        return lambda _: True
    return _Parser(text).all()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens: list[str] = []
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if found is None:
                raise BadQuery(text)
            self._tokens.append(found[0].strip())
            at = found.end()

    def all(self) -> Matches:
        found = self._either()
        if self._tokens:
            raise BadQuery(self._tokens[0])
        return found

    def _either(self) -> Matches:
        found = self._both()
        while self._take("or"):
            found = _or(found, self._both())
        return found

    def _both(self) -> Matches:
        found = self._one()
        while self._take("and"):
            found = _and(found, self._one())
        return found

    def _one(self) -> Matches:
        if self._take("not"):
            inner = self._one()
            return lambda item: not inner(item)
        if self._take("("):
            inner = self._either()
            self._need(")")
            return inner
        if self._tokens and self._tokens[0].startswith("'"):
            return self._membership()
        return self._comparison()

    def _membership(self) -> Matches:
        value = self._text()
        self._need("in")
        self._need("parents")
        return lambda item: value in item.parents

    def _comparison(self) -> Matches:
        term, operator = self._next(), self._next()
        if term in {"appProperties", "properties"} and operator == "has":
            return self._property()
        if term == "trashed" and operator == "=":
            wanted = self._next() == "true"
            return lambda item: item.trashed == wanted
        if term not in _TERMS or operator not in _TERMS[term]:
            raise BadQuery(f"{term} {operator}")
        value, field = self._text(), term
        return lambda item: _OPERATORS[operator](_value(item, field), value)

    def _property(self) -> Matches:
        self._need("{")
        self._need("key")
        self._need("=")
        key = self._text()
        self._need("and")
        self._need("value")
        self._need("=")
        value = self._text()
        self._need("}")
        return lambda item: item.properties.get(key) == value

    def _text(self) -> str:
        token = self._next()
        if not token.startswith("'"):
            raise BadQuery(token)
        return re.sub(r"\\(.)", r"\1", token[1:-1])

    def _take(self, token: str) -> bool:
        if self._tokens and self._tokens[0] == token:
            self._tokens.pop(0)
            return True
        return False

    def _need(self, token: str) -> None:
        if not self._take(token):
            raise BadQuery(f"no {token} in it")

    def _next(self) -> str:
        if not self._tokens:
            raise BadQuery("it ends early")
        return self._tokens.pop(0)


def _or(one: Matches, other: Matches) -> Matches:
    return lambda item: one(item) or other(item)


def _and(one: Matches, other: Matches) -> Matches:
    return lambda item: one(item) and other(item)


def _value(item: Item, field: str) -> str:
    return {"name": item.name, "mimeType": item.mime, "modifiedTime": item.modified}[field]


def _contains(there: str, wanted: str) -> bool:
    """Drive matches the beginnings of a name's words, and of a type."""
    words = re.split(r"[^\w]+", there.lower())
    return there.lower().startswith(wanted.lower()) or any(
        word.startswith(wanted.lower()) for word in words if word
    )


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda there, wanted: there == wanted,
    "!=": lambda there, wanted: there != wanted,
    "contains": _contains,
    "<": lambda there, wanted: there < wanted,
    "<=": lambda there, wanted: there <= wanted,
    ">": lambda there, wanted: there > wanted,
    ">=": lambda there, wanted: there >= wanted,
}
_TERMS = {
    "name": {"=", "!=", "contains"},
    "mimeType": {"=", "!=", "contains"},
    "modifiedTime": {"<", "<=", "=", "!=", ">", ">="},
}
