"""Which members' names are paths below a destination, and which clash with each other."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence

from common.blobs.paths import fault

__all__ = ["Paths", "TooManyFolders", "clashes", "name_fault", "path_of"]

MOST_FOLDERS = 100_000

_PLAIN = re.compile(r"[\w-][\w .,()+@=-]*(?:/[\w-][\w .,()+@=-]*)*", re.ASCII)
"""Names with nothing about them to look into; most are."""
_DRIVE = re.compile(r"[A-Za-z]:")
_PLAIN_LENGTH = 255
_LONG = 64
_SAME = "another member has the same path, or all but the same"
_BOTH = "its path is a file and a folder at once"

Key = str | bytes


class TooManyFolders(Exception):
    """Raised for members that lie in more folders than MOST_FOLDERS: a kilobyte can name 500."""


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


class Paths:
    """Which paths are files, and which are folders, of members known by their numbers.

    Compared as file systems compare that hold `A` and `a`, or two spellings of `é`, for the same.
    """

    def __init__(self) -> None:
        self.files: dict[Key, int] = {}
        self.folders: dict[Key, int] = {}

    def add(self, number: int, path: str) -> int:
        """Add a member's path; returns whose it was before, or else the number."""
        key = _key(path)
        if key.endswith("/"):
            self._add_folders(key[:-1], number)
            return number
        self._add_folders(key.rpartition("/")[0], number)
        return self.files.setdefault(_mark(key), number)

    def _add_folders(self, path: str, number: int) -> None:
        while path and (mark := _mark(path)) not in self.folders:
            self.folders[mark] = number
            if len(self.folders) > MOST_FOLDERS:
                raise TooManyFolders
            path = path.rpartition("/")[0]


def clashes(paths: Sequence[tuple[int, str]], taken: Paths) -> dict[int, str]:
    """Why members clash with others, by their numbers: `paths` has each one's and its path.

    `taken` are those of other archives. Raises TooManyFolders.
    """
    own, found = Paths(), dict[int, str]()
    for number, path in paths:
        first = own.add(number, path)
        if first != number:
            found[number] = found[first] = _SAME
    if len(own.folders) + len(taken.folders) > MOST_FOLDERS:
        raise TooManyFolders
    found |= {own.files[key]: _SAME for key in own.files.keys() & taken.files.keys()}
    folders = own.folders.keys() | taken.folders.keys() if taken.folders else own.folders.keys()
    found |= {own.files[key]: _BOTH for key in own.files.keys() & folders}
    files = own.files.keys() | taken.files.keys() if taken.files else own.files.keys()
    if both := own.folders.keys() & files:
        found |= {number: _BOTH for number, path in paths if not both.isdisjoint(_above(path))}
    return found


def _above(path: str) -> Iterator[Key]:
    """The folders that a path is in, or is."""
    key = _key(path)
    while key := key.rpartition("/")[0]:
        yield _mark(key)


def _key(path: str) -> str:
    if path.isascii():
        return path.lower()
    composed = unicodedata.normalize("NFKC", path).casefold()
    return unicodedata.normalize("NFC", composed)


def _mark(key: str) -> Key:
    """What is kept of it: paths of a kilobyte, each with its folders', would fill the memory."""
    if len(key) <= _LONG:
        return key
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()
