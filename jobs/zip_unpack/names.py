"""Which members' names are paths below a destination, and which clash with each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from common.blobs.paths import fault

__all__ = ["clashes", "name_fault", "path_of"]

_PLAIN = re.compile(r"[\w-][\w .,()+@=-]*(?:/[\w-][\w .,()+@=-]*)*", re.ASCII)
"""Names with nothing about them to look into; most are."""
_DRIVE = re.compile(r"[A-Za-z]:")
_PLAIN_LENGTH = 255


def path_of(name: str) -> str:
    """The path that a name stands for: without the `./` that some programs begin it with."""
    while name.startswith("./"):
        name = name[2:]
    return name


def name_fault(name: str) -> str:
    """Why a member cannot be called so, as a clause; nothing where it can."""
    if _PLAIN.fullmatch(name) and len(name) <= _PLAIN_LENGTH:
        return ""
    if why := _way_out(name):
        return why
    path = path_of(name)
    if not path and name:  # `./`, the folder itself
        return ""
    broken = fault(path.removesuffix("/"))
    return f"no file can be called so: {broken}" if broken else ""


def _way_out(name: str) -> str:
    """How it would lead out of a folder, on one system or another."""
    if name.startswith(("/", "\\")):
        return "its path is absolute"
    if _DRIVE.match(name):
        return "its path has a drive letter"
    if ".." in name.replace("\\", "/").split("/"):
        return "its path leads out of its folder"
    return "its path has a backslash" if "\\" in name else ""


def clashes(paths: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Why members clash with others, by their numbers: `paths` has each one's and its path.

    Compared as file systems compare that hold `A` and `a`, or two spellings of `é`, for the same.
    """
    files: dict[str, int] = {}
    found: dict[int, str] = {}
    folders: dict[str, int] = {}
    for number, path in paths:
        key = _key(path)
        if key.endswith("/"):
            _add_folders(folders, key[:-1], number)
            continue
        _add_folders(folders, key.rpartition("/")[0], number)
        first = files.setdefault(key, number)
        if first != number:
            found[number] = found[first] = "another member has the same path, or all but the same"
    for key in files.keys() & folders.keys():
        found[files[key]] = found[folders[key]] = "its path is a file and a folder at once"
    return found


def _add_folders(folders: dict[str, int], path: str, number: int) -> None:
    while path and path not in folders:
        folders[path] = number
        path = path.rpartition("/")[0]


def _key(path: str) -> str:
    if path.isascii():
        return path.lower()
    composed = unicodedata.normalize("NFKC", path).casefold()
    return unicodedata.normalize("NFC", composed)
