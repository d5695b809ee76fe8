"""Archives made byte by byte, so that each field of them can lie."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from functools import cached_property

STORED, DEFLATED = 0, 8


@dataclass(kw_only=True)
class Item:
    """A member; what is None is as it should be."""

    name: str | bytes
    content: bytes = b"hello"
    method: int = STORED
    data: bytes | None = None
    """What is packed."""
    flags: int = 0
    local_flags: int | None = None
    local_name: bytes | None = None
    local_method: int | None = None
    local_extra: bytes = b""
    local_sizes: tuple[int, int, int] | None = None
    """CRC, packed, unpacked."""
    extra: bytes = b""
    crc: int | None = None
    packed: int | None = None
    size: int | None = None
    offset: int | None = None
    attributes: int = 0
    sign: bytes = b"PK\x03\x04"
    after: bytes = b""
    """Behind the data, such as a data descriptor."""

    @property
    def raw(self) -> bytes:
        return self.name if isinstance(self.name, bytes) else self.name.encode("cp437")

    @cached_property
    def bytes(self) -> bytes:
        """It is asked for several times, and takes a while to pack."""
        if self.data is not None:
            return self.data
        return deflated(self.content) if self.method == DEFLATED else self.content

    @property
    def numbers(self) -> tuple[int, int, int]:
        crc = zlib.crc32(self.content) if self.crc is None else self.crc
        packed = len(self.bytes) if self.packed is None else self.packed
        return crc, packed, len(self.content) if self.size is None else self.size


@dataclass(kw_only=True)
class Crafted:
    """An archive."""

    items: list[Item] = field(default_factory=list)
    before: bytes = b""
    comment: bytes = b""
    count: int | None = None
    directory_size: int | None = None
    directory_offset: int | None = None
    disk: int = 0
    tail: bytes = b""
    zip64: bool = False

    @property
    def bytes(self) -> bytes:
        body, directory = bytearray(), bytearray()
        for item in self.items:
            directory += central(item, len(body) if item.offset is None else item.offset)
            body += local(item)
        count = len(self.items) if self.count is None else self.count
        size = len(directory) if self.directory_size is None else self.directory_size
        offset = len(body) if self.directory_offset is None else self.directory_offset
        end = self._zip64(count, size, offset, len(body) + len(directory)) if self.zip64 else b""
        if self.zip64:
            count, size, offset = 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF
        numbers = (self.disk, 0, count, count, size, offset, len(self.comment))
        end += struct.pack("<4s4H2LH", b"PK\x05\x06", *numbers)
        return self.before + bytes(body + directory) + end + self.comment + self.tail

    @staticmethod
    def _zip64(count: int, size: int, offset: int, at: int) -> bytes:
        numbers = (44, 45, 45, 0, 0, count, count, size, offset)
        record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", *numbers)
        return record + struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)


def crafted(*items: Item | str, **options) -> bytes:
    """An archive of these members; a text is the name of one that is as it should be."""
    found = [Item(name=item) if isinstance(item, str) else item for item in items]
    return Crafted(items=found, **options).bytes


def local(item: Item) -> bytes:
    raw = item.raw if item.local_name is None else item.local_name
    flags = item.flags if item.local_flags is None else item.local_flags
    method = item.method if item.local_method is None else item.local_method
    numbers = item.numbers if item.local_sizes is None else item.local_sizes
    head = struct.pack(
        "<4s5H3L2H",
        item.sign,
        *(20, flags, method, 0, 0x21),
        *numbers,
        *(len(raw), len(item.local_extra)),
    )
    return head + raw + item.local_extra + item.bytes + item.after


def central(item: Item, offset: int) -> bytes:
    head = struct.pack(
        "<4s6H3L5H2L",
        b"PK\x01\x02",
        *(0x0314, 20, item.flags, item.method, 0, 0x21),
        *item.numbers,
        *(len(item.raw), len(item.extra), 0, 0, 0),
        *(item.attributes, offset),
    )
    return head + item.raw + item.extra


def deflated(content: bytes, level: int = 6) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def link(name: str, target: bytes) -> Item:
    return Item(name=name, content=target, attributes=0o120777 << 16)
