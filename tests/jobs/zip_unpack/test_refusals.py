"""Each hostile archive is refused with its member's name and the reason, and leaves nothing.

Row 26 of the faults: and where bad members are to be skipped, the good ones are there.
"""

from __future__ import annotations

import struct
import unicodedata

import pytest

from tests.jobs.zip_unpack.crafted import (
    DEFLATED,
    Crafted,
    Item,
    central,
    crafted,
    deflated,
    link,
    local,
)

MIB = 1 << 20
ZEROS = bytes(8 * MIB)


def overlapping() -> list[Item]:
    """Two members of which the second one's data begin within the first one's."""
    inner = Item(name="inner", content=b"x" * 50)
    outer = Item(name="outer", content=b"")
    body = crafted(inner)[: 30 + 5 + 50]
    outer.content = body
    return [outer, Item(name="inner", content=b"x" * 50, offset=30 + 5)]


def zip64_extra(*numbers: int) -> bytes:
    return struct.pack(f"<HH{len(numbers)}Q", 1, 8 * len(numbers), *numbers)


BAD = {
    "traversal": (Item(name="a/../../evil"), "leads out of its folder"),
    "traversal at the start": (Item(name="../evil"), "leads out of its folder"),
    "traversal by backslashes": (Item(name="a\\..\\..\\evil"), "leads out of its folder"),
    "absolute": (Item(name="/etc/passwd"), "path is absolute"),
    "two slashes": (Item(name="//server/share"), "path is absolute"),
    "a share of Windows": (Item(name="\\\\server\\share"), "path is absolute"),
    "drive letter": (Item(name="C:/evil"), "drive letter"),
    "drive letter without a slash": (Item(name="c:evil"), "drive letter"),
    "backslash": (Item(name="a\\b"), "backslash"),
    "no name": (Item(name=""), "no file can be called so: it is empty"),
    "an empty part": (Item(name="a//b"), "a part of it is empty"),
    "a dot for a part": (Item(name="a/./b"), "a part of it is '.' or '..'"),
    "NUL": (Item(name=b"evil.exe\0.txt"), "control character"),
    "a new line": (Item(name=b"a\nb"), "control character"),
    "half-written files": (Item(name=".partial/x"), "half-written"),
    "a part too long": (Item(name="x" * 256), "longer than 255 bytes"),
    "a name of kilobytes": (Item(name="y" * 60_000), "longer than 1024 bytes"),
    "a path too long": (Item(name="/".join(["x" * 200] * 6)), "longer than 1024 bytes"),
    "no UTF-8": (Item(name=b"caf\xe9", flags=0x800), "not the UTF-8"),
    "symbolic link": (link("link", b"/etc/passwd"), "it is a symbolic link"),
    "named pipe": (Item(name="pipe", attributes=0o010644 << 16), "a named pipe"),
    "socket": (Item(name="socket", attributes=0o140644 << 16), "a socket"),
    "device": (Item(name="disk", attributes=0o060644 << 16), "a device"),
    "terminal": (Item(name="tty", attributes=0o020644 << 16), "a device"),
    "link of Windows": (Item(name="junction", attributes=0x400), "a symbolic link of Windows"),
    "link in an extra field": (
        Item(name="link", extra=struct.pack("<HHLHLHH", 0x756E, 14, 0, 0o120777, 0, 0, 0)),
        "a symbolic link",
    ),
    "folder by its mode": (Item(name="d", attributes=0o040755 << 16), "a folder by its mode"),
    "folder by its attributes": (Item(name="d", attributes=0x10), "a folder by its attributes"),
    "volume label": (Item(name="label", attributes=0x08), "a volume label"),
    "folder with content": (Item(name="d/", content=b"x"), "a folder with content"),
    "encrypted": (Item(name="secret", flags=0x1), "it is encrypted"),
    "strongly encrypted": (Item(name="secret", flags=0x41), "it is encrypted"),
    "AES": (Item(name="secret", flags=0x1, method=99), "it is encrypted"),
    "encrypted by its header alone": (Item(name="secret", local_flags=0x1), "another way"),
    "patch": (Item(name="patch", flags=0x20), "a patch"),
    "deflate64": (Item(name="x", method=9), "not read here: deflate64"),
    "zstandard": (Item(name="x", method=93), "not read here: zstandard"),
    "an unknown method": (Item(name="x", method=77), "not read here: number 77"),
    "another method in its header": (Item(name="x", local_method=8), "another way"),
    "another name in its header": (Item(name="name", local_name=b"evil"), "another name"),
    "other sizes in its header": (Item(name="x", local_sizes=(0, 5, 5)), "another checksum"),
    "stored with two sizes": (Item(name="x", size=3), "its two sizes differ"),
    "a bomb": (Item(name="bomb", content=ZEROS, method=DEFLATED), "a bomb, by the limit 250"),
    "more bytes than it says": (
        Item(name="x", content=b"y" * 9_000, method=DEFLATED, size=100, crc=0),
        "more bytes than the directory says",
    ),
    "many more bytes than it says": (
        Item(name="x", content=ZEROS, method=DEFLATED, size=900_000, crc=0),
        "more bytes than the directory says",
    ),
    "fewer bytes than it says": (
        Item(name="x", content=b"y" * 10, method=DEFLATED, size=100),
        "fewer bytes than the directory says",
    ),
    "fewer bytes than it says, by far": (
        Item(name="x", content=b"y" * 10, method=DEFLATED, size=900_000),
        "fewer bytes than the directory says",
    ),
    "a wrong checksum": (Item(name="x", crc=1), "its checksum is another"),
    "a wrong checksum of a large one": (
        Item(name="x", content=b"abc" * 400_000, data=b"abc" * 400_000, crc=1),
        "its checksum is another",
    ),
    "broken data": (Item(name="x", method=DEFLATED, data=b"\xff" * 40), "cannot be unpacked"),
    "data that break off": (
        Item(
            name="x", method=DEFLATED, content=b"abcdefg" * 99, data=deflated(b"abcdefg" * 99)[:-3]
        ),
        "break off",
    ),
    "data after the end": (
        Item(name="x", method=DEFLATED, data=deflated(b"hello") + b"hidden"),
        "go on after their end",
    ),
    "data after the end of a large one": (
        Item(
            name="x",
            method=DEFLATED,
            content=bytes(range(256)) * 4_000,
            data=deflated(bytes(range(256)) * 4_000) + b"hidden" * 90_000,
        ),
        "go on after their end",
    ),
    "no header": (Item(name="x", sign=b"PK\3\5"), "no header"),
    "beyond the directory": (Item(name="x", offset=10**6), "beyond the archive's end"),
    "no larger sizes": (Item(name="x", size=0xFFFFFFFF), "sizes are missing"),
    "packed to exabytes": (
        Item(name="x", method=DEFLATED, packed=0xFFFFFFFF, extra=zip64_extra(10**15)),
        "beyond the archive's end",
    ),
    "a size of exabytes": (
        Item(name="x", size=0xFFFFFFFF, extra=zip64_extra(2**63)),
        "of at most",
    ),
    "bzip2 that is none": (Item(name="x", method=12), "cannot be unpacked"),
    "LZMA that is none": (Item(name="x", method=14), "its properties are missing"),
    "LZMA that asks for memory": (
        Item(name="x", method=14, data=b"\x09\x04\x05\x00\x5d\xff\xff\xff\xff" + bytes(20)),
        "asks for 4,294,967,295 bytes of memory",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_member_is_refused_by_name_and_reason(world, case):
    item, reason = BAD[case]
    said = world.refusal(crafted("good", item, "good too"))
    assert reason in said
    name = item.name if isinstance(item.name, str) else item.name.decode("cp437")
    assert f"its member {name[:200]!r}"[:-1] in said


@pytest.mark.parametrize("case", BAD)
def test_a_bad_member_is_skipped_by_name_and_reason_where_that_is_asked_for(world, case):
    item, reason = BAD[case]
    result = world.result(world.run(crafted("good", item, "good too"), on_bad="skip"))
    (skipped,) = result["skipped"]
    assert reason in skipped["reason"]
    assert result["skipped_count"] == 1
    assert world.files(result) == {"good": b"hello", "good too": b"hello"}


NFC, NFD = unicodedata.normalize("NFC", "café"), unicodedata.normalize("NFD", "café")
TOGETHER = {
    "duplicates": (("a", "a"), "the same path"),
    "duplicates but for a dot": (("a", "./a"), "the same path"),
    "case": (("Readme", "README"), "the same path"),
    "case of a folder": (("A/x", "a/X"), "the same path"),
    "case of letters beyond ASCII": ((NFC, NFC.upper()), "the same path"),
    "case of sharp s": (("straße", "STRASSE"), "the same path"),
    "normal forms": ((NFC, NFD), "the same path"),
    "ligatures": (("ﬁle", "file"), "the same path"),
    "a file as a folder": (("a", "a/b"), "a file and a folder at once"),
    "a folder as a file": (("a/b", "a"), "a file and a folder at once"),
    "a file as an empty folder": (("a", "A/"), "a file and a folder at once"),
    "a file as a folder of several": (
        ("a", "a/b", "a/c/d", "a/c/e"),
        "a file and a folder at once",
    ),
    "long ones": (("x" * 90 + "/y", "X" * 90 + "/Y"), "the same path"),
}


@pytest.mark.parametrize("case", TOGETHER)
def test_members_that_clash_are_refused_or_all_skipped(world, case):
    names, reason = TOGETHER[case]
    clashing = [
        Item(name=name.encode(), flags=0x800, content=b"" if name.endswith("/") else b"x")
        for name in names
    ]
    archive = crafted("good", *clashing)
    assert reason in world.refusal(archive)
    result = world.result(world.run(archive, on_bad="skip"))
    assert {skipped["name"] for skipped in result["skipped"]} == set(names)
    assert world.files(result) == {"good": b"hello"}


def test_members_that_overlap_are_refused_or_all_skipped(world):
    archive = crafted(*overlapping(), "good")
    assert "overlap another member's" in world.refusal(archive)
    result = world.result(world.run(archive, on_bad="skip"))
    assert [skipped["name"] for skipped in result["skipped"]] == ["outer", "inner"]
    assert world.files(result) == {"good": b"hello"}


def test_many_members_over_the_same_data_are_refused(world):
    """The bomb that Python 3.11.7 and 3.12.1 extract."""
    content = bytes(200_000)
    first = Item(name="0", content=content, method=DEFLATED)
    again = [Item(name=str(n), content=content, method=DEFLATED, offset=0) for n in range(1, 500)]
    items = [first, *again]
    body, directory = local(first), b"".join(central(item, 0) for item in items)
    numbers = (0, 0, len(items), len(items), len(directory), len(body), 0)
    archive = body + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", *numbers)
    assert len(archive) * 1_000 < len(items) * len(content)
    assert "overlap another member's" in world.refusal(archive)


def test_extra_fields_of_a_header_that_reach_into_the_next_member_are_refused(world):
    first = Item(name="a", local_extra=b"")
    archive = bytearray(crafted(first, "b"))
    archive[28:30] = struct.pack("<H", 20)
    assert "overlap another member's" in world.refusal(bytes(archive))


WHOLE = {
    "nothing": (b"", "it is empty"),
    "no archive": (b"hello" * 1_000, "it is no ZIP archive"),
    "cut off": (crafted("a", "b")[:-1], "cut short, or followed by something else"),
    "cut in two": (crafted("a", "b")[:60], "it is no ZIP archive, or is cut short"),
    "without its beginning": (crafted("a", "b", "c")[40:], "cut short"),
    "something behind it": (crafted("a", tail=b"more"), "followed by something else"),
    "two ends": (
        crafted("a", comment=b"PK\x05\x06" + bytes(16) + b"\0\0"),
        "two ends",
    ),
    "more members than there are": (crafted("a", count=2), "breaks off after 1 of 2"),
    "fewer members than there are": (crafted("a", "b", count=1), "more than the 1 members"),
    "too many members": (crafted("a", count=60_000), "breaks off after 1 of 60,000"),
    "several disks": (crafted("a", disk=1), "several files"),
    "directory beyond the end": (crafted("a", directory_offset=10**9), "cut short"),
    "directory larger than all": (crafted("a", directory_size=10**9), "cut short"),
    "the larger end missing": (
        crafted("a", directory_offset=0xFFFFFFFF),
        "the larger record of its end is missing",
    ),
    "a count of billions": (
        Crafted(items=[Item(name="a")], zip64=True, count=2**40).bytes,
        "1,099,511,627,776 members, of at most 100,000",
    ),
    "a directory of megabytes": (
        crafted(*(Item(name=str(n), extra=bytes(65_000)) for n in range(400))),
        "its directory has 26,019,490 bytes, of at most 25,600,000",
    ),
    "folders without end": (
        crafted(*(f"{n}/" + "a/" * 450 for n in range(250))),
        "it has more than 100,000 folders",
    ),
}


@pytest.mark.parametrize("case", WHOLE)
@pytest.mark.parametrize("on_bad", ["fail", "skip"])
def test_what_is_no_sound_archive_is_refused_as_a_whole(world, case, on_bad):
    archive, reason = WHOLE[case]
    assert reason in world.refusal(archive, on_bad=on_bad)


def test_the_two_records_of_an_end_must_agree(world):
    archive = bytearray(crafted("a", zip64=True))
    archive[-12:-10] = b"\x05\x00"
    assert "different things" in world.refusal(bytes(archive))


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"max_files": 2}, "3 members, of at most 2"),
        ({"max_bytes": 10}, "there are 15 bytes in it, of at most 10"),
        ({"max_member_bytes": 4}, "it has 5 bytes, of at most 4"),
    ],
)
def test_an_archive_keeps_to_the_limits(world, limits, reason):
    assert reason in world.refusal(crafted("a", "b", "c"), **limits)


def test_many_members_that_are_small_bombs_each_are_one_together(world):
    items = [Item(name=str(n), content=bytes(MIB), method=DEFLATED) for n in range(40)]
    assert "a bomb, by the limit 250" in world.refusal(crafted(*items))
    assert len(world.unpacked(crafted(*items), max_ratio=2_000)) == 40


def test_a_path_that_is_too_long_where_it_belongs_is_a_bad_member(world):
    there = "/".join(["there"] * 50)
    archive = crafted("good", "/".join(["x" * 200] * 4))
    said = world.refusal(archive, destination=there)
    assert "at its destination: it is longer than 1024 bytes" in said
    result = world.result(world.run(archive, destination=there, on_bad="skip"))
    assert (world.files(result), result["skipped_count"]) == ({"good": b"hello"}, 1)


def test_the_first_of_several_bad_members_is_named_and_the_others_counted(world):
    said = world.refusal(crafted("good", "/a", "/b", "../c"))
    assert "its member '/a' is bad" in said
    assert "and 2 others are bad too" in said


def test_a_member_that_only_unpacking_shows_to_be_bad_leaves_nothing_of_the_others(world):
    """Hundreds of files and megabytes are unpacked by then, and none was published."""
    good = [
        Item(name=f"f/{n}", content=bytes([n % 256]) * 50_000, method=DEFLATED) for n in range(300)
    ]
    assert "checksum" in world.refusal(crafted(*good, Item(name="last", crc=7)))
