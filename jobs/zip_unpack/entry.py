"""What an archive's directory says of a member."""

from __future__ import annotations

import stat
from typing import NamedTuple

__all__ = ["METHODS", "Entry", "kind", "method_name"]

# https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.4.5
METHODS = {
    1: "shrink",
    2: "reduce",
    3: "reduce",
    4: "reduce",
    5: "reduce",
    6: "implode",
    9: "deflate64",
    10: "PKWARE implode",
    16: "IBM CMPSC",
    18: "IBM TERSE",
    19: "IBM LZ77",
    20: "zstandard",
    93: "zstandard",
    94: "MP3",
    95: "XZ",
    96: "JPEG",
    97: "WavPack",
    98: "PPMd",
    99: "AES",
}
STORED, DEFLATED, BZIP2, LZMA = 0, 8, 12, 14

_UNIX_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFBLK: "a device",
    stat.S_IFCHR: "a device",
}
_DOS_LABEL, _DOS_FOLDER, _DOS_DEVICE, _DOS_REPARSE = 0x08, 0x10, 0x40, 0x400


class Entry(NamedTuple):
    """One member as the directory has it. A named tuple: there may be a hundred thousand."""

    name: str
    """As it is decoded."""
    raw: bytes
    """As it is written."""
    flags: int
    method: int
    crc: int
    packed: int
    """Bytes in the archive."""
    size: int
    """Bytes unpacked."""
    offset: int
    """Where its local header is in the file."""
    attributes: int
    """Unix mode and DOS attributes, as the directory has them."""
    unix_mode: int = 0
    """As an extra field has it."""
    flaw: str = ""
    """Why the directory's own words about it make no sense."""

    @property
    def is_folder(self) -> bool:
        """Whether it stands for a folder, which is nothing in a store of blobs."""
        return self.name.endswith("/")


def kind(entry: Entry) -> str:
    """What it is, where that is neither a file nor a folder by its name; else nothing."""
    for mode in (entry.attributes >> 16, entry.unix_mode):
        if found := _UNIX_KINDS.get(stat.S_IFMT(mode)):
            return found
        if stat.S_IFMT(mode) == stat.S_IFDIR and not entry.is_folder:
            return "a folder by its mode, but a file by its name"
    if entry.attributes & _DOS_REPARSE:
        return "a symbolic link of Windows"
    if entry.attributes & (_DOS_LABEL | _DOS_DEVICE):
        return "a volume label or a device"
    if entry.attributes & _DOS_FOLDER and not entry.is_folder:
        return "a folder by its attributes, but a file by its name"
    return ""


def method_name(method: int) -> str:
    """What a method that is not read here is called."""
    return METHODS.get(method, f"number {method}")
