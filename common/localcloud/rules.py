"""From an HTTP request to a call, by the rules of google.api.http: https://google.aip.dev/127"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from common.localcloud.errors import invalid
from common.localcloud.rpc import Json, Rpc

__all__ = ["Rules", "check_names"]

_VARIABLE = re.compile(r"\{([A-Za-z0-9_.]+)(?:=([^}]+))?\}")
_SYSTEM = {"alt", "$alt", "key", "prettyPrint", "$prettyPrint", "fields", "quotaUser", "uploadType"}
"""Parameters that every API takes and that say nothing here: https://cloud.google.com/apis/docs/system-parameters"""


class Rules:
    """All that may be asked for over HTTP."""

    def __init__(self, rpcs: Iterable[Rpc]) -> None:
        self._rules: dict[str, list[tuple[re.Pattern[str], list[str], Rpc]]] = {}
        for rpc in rpcs:
            for verb, path in ((rpc.verb, rpc.path), *rpc.more):
                self._rules.setdefault(verb, []).append((*_compiled(path), rpc))

    def find(self, verb: str, path: str) -> tuple[Rpc, Json] | None:
        """What answers to a path, still quoted, and the fields that the path holds; None where
        nothing does."""
        for pattern, names, rpc in self._rules.get(verb, ()):
            if found := pattern.fullmatch(path):
                fields: Json = {}
                for name, value in zip(names, found.groups(), strict=True):
                    _put(fields, name, unquote(value))
                return rpc, fields
        return None

    @staticmethod
    def fill(rpc: Rpc, fields: Json, query: Iterable[tuple[str, str]], body: object) -> Json:
        """The fields of path, query and body together; what the path says counts."""
        filled: Json = {}
        for name, value in query:
            if name not in _SYSTEM:
                _put(filled, name, _beside(filled.get(name), value))
        if rpc.body and body is not None:
            if not isinstance(body, dict):
                raise invalid("body", "it is not a JSON object.")
            filled = {**filled, **body} if rpc.body == "*" else {**filled, rpc.body: body}
        for name, said in _flat(fields):
            _put(filled, name, said)
        return filled


def check_names(rpc: Rpc, fields: Json) -> None:
    """Raise ApiError INVALID_ARGUMENT for a name that no path of the call could hold: over gRPC it
    may be anything."""
    for path, segments in _VARIABLE.findall(rpc.path):
        held: object = fields
        for name in path.split("."):
            held = held.get(name) if isinstance(held, dict) else None
        if not re.fullmatch(_pattern(segments), str(held or "")):
            raise invalid(path, f"{held or ''!r} is not like {segments or '*'}.")


def _compiled(path: str) -> tuple[re.Pattern[str], list[str]]:
    """A pattern with a group for each variable, and their names."""
    pattern, names, end = "", [], 0
    for found in _VARIABLE.finditer(path):
        pattern += re.escape(path[end : found.start()])
        pattern += f"({_pattern(found[2])})"
        names.append(found[1])
        end = found.end()
    return re.compile(pattern + re.escape(path[end:])), names


def _pattern(segments: str | None) -> str:
    return re.escape(segments or "*").replace(r"\*\*", ".+").replace(r"\*", "[^/:]+")


def _put(fields: Json, path: str, value: object) -> None:
    """Set a field, which may be one of a message within."""
    *outer, name = path.split(".")
    for each in outer:
        within = fields.setdefault(each, {})
        if not isinstance(within, dict):
            raise invalid(path, f"{each} is not an object.")
        fields = within
    fields[name] = value


def _beside(before: object, value: str) -> object:
    """A parameter that is said more than once is a list."""
    if before is None:
        return value
    return [*before, value] if isinstance(before, list) else [before, value]


def _flat(fields: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    for name, value in fields.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value
