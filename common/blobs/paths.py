"""Which texts are paths of blobs: one rule for every backend, so that none accepts more.

It is the narrower of what Cloud Storage and Unix filesystems take: 1,024 bytes of UTF-8 in
all (https://cloud.google.com/storage/docs/objects#naming) and 255 in each part.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from common.blobs.errors import BadPath
from common.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["PARTIAL", "check_path", "check_paths", "check_prefix", "fault"]

PARTIAL = ".partial"
MAX_PATH_BYTES = 1024
MAX_PART_BYTES = 255


def check_path(path: str) -> str:
    """Return `path`, or raise BadPath saying which rule it breaks."""
    if why := fault(path):
        raise BadPath(path, why)
    return path


def check_paths(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the different ones of `paths`; BadPath for the first that breaks a rule."""
    if isinstance(paths, str):
        raise InvalidInput(f"Pass paths in a list: {paths!r} alone would be read letter by letter.")
    return tuple(dict.fromkeys(check_path(path) for path in paths))


def check_prefix(prefix: str) -> str:
    """Return `prefix`, the beginning of a path's text; BadPath if no path can begin so."""
    for why, breaks in _TEXT_RULES:
        if breaks(prefix):
            raise BadPath(prefix, why)
    return prefix


def fault(path: str) -> str | None:
    """Say in a clause why `path` cannot name a blob, or None where it can."""
    if len(path) <= MAX_PART_BYTES and _PLAIN.fullmatch(path):
        return None
    return next((why for why, breaks in (*_TEXT_RULES, *_PART_RULES) if breaks(path)), None)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _has_control(text: str) -> bool:
    return any(char < " " or "\x7f" <= char <= "\x9f" for char in text)


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in text)


_PLAIN = re.compile(r"[\w-][\w .,()+@=-]*(?:/[\w-][\w .,()+@=-]*)*", re.ASCII)
"""Paths that keep all of the rules below, as nearly all do: one look instead of ten."""
_TEXT_RULES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("it starts with a slash", lambda text: text.startswith("/")),
    ("it has a backslash", lambda text: "\\" in text),
    ("it has a control character", _has_control),
    ("it is not valid Unicode", _has_surrogate),
    (f"it is longer than {MAX_PATH_BYTES} bytes", lambda text: _size(text) > MAX_PATH_BYTES),
)
_PART_RULES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("it is empty", lambda path: not path),
    ("a part of it is empty", lambda path: "" in path.split("/")),
    ("a part of it is '.' or '..'", lambda path: not {".", ".."}.isdisjoint(path.split("/"))),
    (
        f"a part of it is longer than {MAX_PART_BYTES} bytes",
        lambda path: any(_size(part) > MAX_PART_BYTES for part in path.split("/")),
    ),
    (f"{PARTIAL} is where half-written files are", lambda path: path.split("/")[0] == PARTIAL),
)
