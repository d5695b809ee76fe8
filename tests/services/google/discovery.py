"""What Google's discovery documents, as googleapiclient has them stored, say of each method."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

SERVICES = {"drive": "drive.v3", "gmail": "gmail.v1", "oauth2": "oauth2.v2"}
_TYPES = {
    "boolean": re.compile("true|false"),
    "integer": re.compile(r"-?\d{1,19}"),
    "number": re.compile(r"-?\d+(\.\d+)?"),
    "string": re.compile(r"(?s).*"),
}


class Unknown(Exception):
    """Raised for what no discovery document has."""


@dataclass(frozen=True, kw_only=True)
class Method:
    """One method of one API."""

    id: str
    verb: str
    pattern: re.Pattern[str]
    upload: re.Pattern[str] | None
    parameters: dict[str, Any]
    request: str | None
    response: str | None
    downloads: bool
    schemas: dict[str, Any]


@cache
def methods() -> tuple[Method, ...]:
    return tuple(each for name in SERVICES.values() for each in _methods_of(name))


def find(verb: str, path: str) -> tuple[Method, dict[str, str], bool]:
    """The method of a request, its path's parameters, and whether it is of an upload."""
    for upload in (False, True):
        for method in methods():
            pattern = method.upload if upload else method.pattern
            if method.verb == verb and pattern and (found := pattern.fullmatch(path)):
                return method, {k: unquote(v) for k, v in found.groupdict().items()}, upload
    raise Unknown(f"no method is {verb} {path}")


def check_query(method: Method, query: dict[str, list[str]], *, upload: bool) -> None:
    """Refuse parameters that the method does not have, or not like this."""
    for name, values in query.items():
        spec = method.parameters.get(name)
        if spec is None or spec.get("location") == "path":
            raise Unknown(f"{method.id} has no parameter {name}")
        if len(values) > 1 and not spec.get("repeated"):
            raise Unknown(f"{method.id} takes one {name}")
        for value in values:
            _check_value(method, name, spec, value)
    for name, spec in method.parameters.items():
        if spec.get("required") and spec.get("location") == "query" and name not in query:
            raise Unknown(f"{method.id} needs {name}")
    if (query.get("alt") == ["media"]) and not method.downloads:
        raise Unknown(f"{method.id} has no media to download")
    if upload and query.get("uploadType") != ["resumable"]:
        raise Unknown(f"{method.id}: only resumable uploads are played here")


def check_body(method: Method, name: str | None, body: Any, where: str = "") -> None:
    """Refuse JSON with what the schema does not have."""
    schema = method.schemas.get(name or "", {})
    if name is None:
        if body not in (None, {}):
            raise Unknown(f"{method.id} takes no body")
        return
    _check(method, schema, body, where or name)


def _check(method: Method, schema: dict[str, Any], value: Any, where: str) -> None:
    schema = method.schemas.get(schema.get("$ref", ""), schema)
    if "properties" in schema and isinstance(value, dict):
        for key, item in value.items():
            if key not in schema["properties"]:
                raise Unknown(f"{method.id}: {where} has no {key}")
            _check(method, schema["properties"][key], item, f"{where}.{key}")
    elif schema.get("type") == "array" and isinstance(value, list):
        for item in value:
            _check(method, schema["items"], item, f"{where}[]")
    elif schema.get("type") in _KINDS and not isinstance(value, _KINDS[schema["type"]]):
        raise Unknown(f"{method.id}: {where} is no {schema['type']}: {value!r}")


_KINDS: dict[str, Any] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}


def _check_value(method: Method, name: str, spec: dict[str, Any], value: str) -> None:
    wrong = not _TYPES[spec.get("type", "string")].fullmatch(value)
    wrong = wrong or ("enum" in spec and value not in {*spec["enum"]})
    for bound, sign in (("minimum", 1), ("maximum", -1)):
        wrong = wrong or (bound in spec and (int(value) - int(spec[bound])) * sign < 0)
    if wrong:
        raise Unknown(f"{method.id} takes no {name}={value!r}")


def _methods_of(name: str) -> Iterator[Method]:
    stored = files("googleapiclient") / "discovery_cache" / "documents" / f"{name}.json"
    document = json.loads(stored.read_text(encoding="utf-8"))
    for found in _walk(document):
        media = found.get("mediaUpload", {}).get("protocols", {}).get("simple", {})
        yield Method(
            id=found["id"],
            verb=found["httpMethod"],
            pattern=_pattern("/" + document["servicePath"] + found["path"]),
            upload=_pattern(media["path"]) if media else None,
            parameters={**document["parameters"], **_ALT, **found.get("parameters", {})},
            request=found.get("request", {}).get("$ref"),
            response=found.get("response", {}).get("$ref"),
            downloads=found.get("supportsMediaDownload", False),
            schemas=document["schemas"],
        )


_ALT = {"alt": {"type": "string", "enum": ["json", "media"], "location": "query"}}


def _walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from node.get("methods", {}).values()
    for inner in node.get("resources", {}).values():
        yield from _walk(inner)


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{\+?(\w+)\}", path)
    text = [re.escape(part) if i % 2 == 0 else f"(?P<{part}>[^/]+)" for i, part in enumerate(parts)]
    return re.compile("".join(text))
