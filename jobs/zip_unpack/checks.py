"""What the directory alone says against a member."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.zip_unpack.entry import BZIP2, DEFLATED, LZMA, STORED, Entry, kind, method_name
from jobs.zip_unpack.names import name_fault

__all__ = ["Limits", "entry_fault"]

_ENCRYPTED, _PATCH, _STRONG, _MASKED = 0x1, 0x20, 0x40, 0x2000
_ODD_FLAGS = _ENCRYPTED | _PATCH | _STRONG | _MASKED
_READ = frozenset({STORED, DEFLATED, BZIP2, LZMA})
_AES = 99
RATIO_FROM = 1 << 20
"""Bytes up to which a member may be any number of times its packed size."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much an archive may hold."""

    files: int
    bytes: int
    member_bytes: int
    ratio: float


def entry_fault(entry: Entry, limits: Limits) -> str:
    """Why a member is bad, as a clause; nothing where the directory says nothing against it."""
    if entry.flaw:
        return entry.flaw
    if why := name_fault(entry.name):
        return why
    if (entry.flags & _ODD_FLAGS or entry.method not in _READ) and (why := _how_fault(entry)):
        return why
    if why := kind(entry):
        return f"it is {why}"
    return _size_fault(entry, limits)


def _how_fault(entry: Entry) -> str:
    if entry.flags & (_ENCRYPTED | _STRONG | _MASKED) or entry.method == _AES:
        return "it is encrypted"
    if entry.flags & _PATCH:
        return "it is a patch to another file"
    return f"it is packed by a method that is not read here: {method_name(entry.method)}"


def _size_fault(entry: Entry, limits: Limits) -> str:
    packed, size = entry.packed, entry.size
    if entry.name.endswith("/"):
        return "it is a folder with content" if size else ""
    if size > limits.member_bytes:
        return f"it has {size:,} bytes, of at most {limits.member_bytes:,}"
    if entry.method == STORED and packed != size:
        return "it is stored as it is, yet its two sizes differ"
    if size > RATIO_FROM and size > packed * limits.ratio:
        bomb = f"a bomb, by the limit {limits.ratio:g}"
        return f"it has {size:,} bytes packed into {packed:,}: {bomb}"
    return ""
