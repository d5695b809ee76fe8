"""What is sound is unpacked, just as other programs unpack it, and listed."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.zip_unpack.checks import Limits
from jobs.zip_unpack.inflate import Content
from jobs.zip_unpack.plan import make_plan
from tests.jobs.zip_unpack.crafted import Item, crafted
from tests.jobs.zip_unpack.world import why

METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
LIMITS = Limits(files=1_000, bytes=1 << 30, member_bytes=1 << 30, ratio=2_000)


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, **options) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method, **options) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


class Forward(io.RawIOBase):
    """A stream that cannot seek, for which zipfile writes data descriptors."""

    def __init__(self) -> None:
        super().__init__()
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.written += data
        return len(data)


def contents(size: int = 0) -> bytes:
    return hashlib.shake_256(b"x").digest(size // 2) + b"y" * (size - size // 2)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("size", [0, 1, 300_000, 2_000_001])
def test_a_member_of_any_size_and_method_is_unpacked(world, method, size):
    members = {"a/b.bin": contents(size), "c.txt": b"small"}
    assert world.unpacked(zipped(members, method)) == members


def test_each_file_is_listed_with_size_checksum_type_and_origin(world):
    result = world.result(world.run(zipped({"a/b.txt": b"hello", "c.pdf": b"%PDF", "d": b""})))
    assert {**result, "manifest": "", "destination": ""} == {
        "manifest": "",
        "destination": "",
        "files": 3,
        "bytes": 9,
        "skipped": [],
        "skipped_count": 0,
    }
    first, second, third = world.listed(result)
    assert (first.name, first.size, first.content_type) == ("a/b.txt", 5, "text/plain")
    assert first.sha256 == hashlib.sha256(b"hello").hexdigest()
    assert first.uri == result["destination"] + "/a/b.txt"
    assert first.origin["name"] == "a/b.txt"
    assert first.origin["archive"].endswith(".zip")
    assert second.content_type == "application/pdf"
    assert (third.name, third.size) == ("d", 0)


def test_the_destination_is_the_runs_own_unless_it_is_named(world):
    run = world.run(zipped({"a": b"1"}))
    assert world.result(run)["destination"] == world.blobs.uri(f"runs/{run.id}/files")
    result = world.result(
        world.run(zipped({"a": b"1"}), destination="shared/there", manifest="shared/list")
    )
    assert result["manifest"] == world.blobs.uri("shared/list")
    assert world.blobs.read("shared/there/a") == b"1"


def test_folders_are_nothing_and_dots_before_a_path_are_left_out(world):
    archive = crafted(
        Item(name="./", content=b""),
        Item(name="empty/", content=b"", attributes=0o040755 << 16 | 0x10),
        "./a/b",
        Item(name="a/", content=b""),
        Item(name="a/", content=b""),
    )
    assert world.unpacked(archive) == {"a/b": b"hello"}


def test_an_empty_archive_has_no_files(world):
    assert world.unpacked(zipped({})) == {}


def test_data_descriptors_are_read_over(world):
    stream = Forward()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a", "b", "c"):
            archive.writestr(name, contents(50_000))
    assert world.unpacked(bytes(stream.written)) == dict.fromkeys("abc", contents(50_000))


def test_zip64_is_read(world):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, archive.open("a", "w", force_zip64=True) as file:
        file.write(b"hello")
    assert world.unpacked(stream.getvalue()) == {"a": b"hello"}
    assert world.unpacked(crafted("a", "b", zip64=True)) == {"a": b"hello", "b": b"hello"}


def test_sizes_and_places_beyond_four_gigabytes_are_where_zip64_has_them(world):
    extra = struct.pack("<HH3Q", 1, 24, 5, 5, 0)
    header = struct.pack("<HH2Q", 1, 16, 5, 5)
    most = 0xFFFFFFFF
    item = Item(name="a", packed=most, size=most, offset=most, extra=extra, local_extra=header)
    assert world.unpacked(crafted(item)) == {"a": b"hello"}


@pytest.mark.parametrize("before", [b"#!/bin/sh\n" * 100, b"PK"])
@pytest.mark.parametrize("zip64", [True, False])
def test_what_is_before_an_archive_is_not_of_it(world, before, zip64):
    assert world.unpacked(crafted("a", "b", before=before, zip64=zip64)) == dict.fromkeys(
        "ab", b"hello"
    )


def test_a_comment_is_not_of_it_either(world):
    assert world.unpacked(crafted("a", comment=b"a comment" * 100)) == {"a": b"hello"}


NAMES = {
    "UTF-8": (Item(name="日本.txt".encode(), flags=0x800), "日本.txt"),
    "UTF-8 that goes unsaid, as on a Mac": (Item(name="Müller/Öl.txt".encode()), "Müller/Öl.txt"),
    "legacy": (Item(name=b"caf\x82.txt"), "café.txt"),
    "Unicode path": (
        Item(
            name=b"caf?.txt",
            extra=struct.pack("<HHBL", 0x7075, 14, 1, zlib.crc32(b"caf?.txt"))
            + "café.txt".encode(),
        ),
        "café.txt",
    ),
    "Unicode path of a name beyond ASCII": (
        Item(
            name=b"\x93\xfa.txt",
            extra=struct.pack("<HHBL", 0x7075, 12, 1, zlib.crc32(b"\x93\xfa.txt"))
            + "日.txt".encode(),
        ),
        "日.txt",
    ),
    "Unicode path of another name": (
        Item(name=b"caf\x82", extra=struct.pack("<HHBL", 0x7075, 6, 1, 7) + b"x"),
        "café",
    ),
    "padding for an extra field": (Item(name="a", extra=b"\0\0\0"), "a"),
}


@pytest.mark.parametrize("case", NAMES)
def test_names_are_read_as_they_were_meant(world, case):
    item, name = NAMES[case]
    assert world.unpacked(crafted(item)) == {name: b"hello"}


@pytest.mark.parametrize("manifest", ["./list.jsonl", "./new/list.jsonl"])
def test_a_manifest_may_be_a_new_file_of_the_machine(world, monkeypatch, tmp_path, manifest):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.zip").write_bytes(zipped({"a": b"1"}))
    run = world.run("./a.zip", destination="./out", manifest=manifest)
    assert world.result(run)["manifest"] == (tmp_path / manifest).as_uri()
    assert '"name":"a"' in (tmp_path / manifest).read_text().replace(" ", "")


def test_a_source_that_is_not_there_is_named(world):
    run = world.run("in/absent.zip")
    assert "absent.zip cannot be read" in why(run)
    assert not run.attempts[-1].error.trace


def test_what_is_there_already_stays_and_if_it_is_another_nothing_is_published(world):
    archive = zipped({"a": b"1", "b/c": b"2", "d": b"3"})
    world.blobs.write("shared/taken/b/c", b"another")
    said = why(world.run(archive, destination="shared/taken"))
    assert "shared/taken/b/c is there already" in said
    assert [blob.path for blob in world.blobs.list("shared/taken")] == ["shared/taken/b/c"]


def test_a_blob_where_a_folder_must_be_is_in_the_way(world):
    world.blobs.write("shared/way/b", b"another")
    assert "shared/way/b is there already" in why(
        world.run(zipped({"a": b"1", "b/c": b"2"}), destination="shared/way")
    )
    world.blobs.write("shared/way2/b/c/d", b"another")
    assert "shared/way2/b/c/d is there already" in why(
        world.run(zipped({"a": b"1", "b/c": b"2"}), destination="shared/way2")
    )


def test_unpacking_twice_to_one_place_changes_nothing(world):
    archive = zipped({"a": b"1", "b/c": b"2"})
    before = None
    for _ in range(2):
        result = world.result(world.run(archive, destination="shared/twice"))
        assert world.files(result) == {"a": b"1", "b/c": b"2"}
        now = [*world.blobs.list("shared/twice")]
        assert before in {None, tuple(now)}
        before = tuple(now)


def test_a_manifest_that_is_another_ones_stays(world):
    world.blobs.write("shared/other", b"not a manifest")
    run = world.run(zipped({"a": b"1"}), manifest="shared/other")
    assert "shared/other is there already" in why(run)
    assert world.blobs.read("shared/other") == b"not a manifest"


def test_nothing_half_written_is_left(world):
    world.unpacked(zipped({"a": b"1"}))
    assert not [path for path in world.everything if ".partial" in path]


# --- within each other


def nested(depth: int) -> bytes:
    archive = zipped({"deep.txt": b"deep"})
    for number in range(depth):
        archive = zipped({f"{number}.zip": archive, "beside.txt": b"%d" % number})
    return archive


def test_archives_within_archives_are_files_unless_asked_for(world):
    assert sorted(world.unpacked(nested(1))) == ["0.zip", "beside.txt"]


def test_archives_within_archives_are_unpacked_as_deep_as_asked_for(world):
    files = world.unpacked(nested(2), nested=1)
    assert sorted(files) == ["1.zip", "1/0.zip", "1/beside.txt", "beside.txt"]
    result = world.result(world.run(nested(2), nested=2))
    files = world.files(result)
    assert files["1/0/deep.txt"] == b"deep"
    assert result["files"] == 5
    within = {file.name: file.origin.get("within") for file in world.listed(result)}
    assert within["1/0/deep.txt"] == "1/0.zip"


def test_what_is_bad_within_is_refused_with_its_way_there_or_skipped(world):
    archive = zipped({"in.zip": crafted("good", "../evil"), "no.zip": b"no archive", "a": b"1"})
    said = world.refusal(zipped({"in.zip": crafted("good", "../evil")}), nested=1)
    assert "within it 'in.zip' is refused: its member '../evil' is bad" in said
    result = world.result(world.run(archive, nested=1, on_bad="skip"))
    assert sorted(world.files(result)) == ["a", "in.zip", "in/good", "no.zip"]
    assert [skipped["name"] for skipped in result["skipped"]] == ["../evil", "no.zip/"]


def test_limits_hold_for_all_of_them_together(world):
    archive = zipped({f"{n}.zip": zipped({"x": b"1" * 100}) for n in range(10)})
    assert "of at most" in world.refusal(archive, nested=1, max_files=15)
    assert "of at most" in world.refusal(archive, nested=1, max_bytes=1_500)
    assert len(world.unpacked(archive, nested=1)) == 20


def test_a_bomb_of_archives_is_refused(world):
    """Each layer keeps to the ratio, and all of them together do not."""
    bomb = zipped({"zeros": bytes(200_000)}, compresslevel=9)
    for _ in range(2):
        bomb = zipped({f"{n}.zip": bomb for n in range(16)}, compresslevel=9)
    assert "a bomb" in world.refusal(bomb, nested=2)


def test_more_archives_within_one_than_there_may_be_are_refused(world):
    archive = zipped({f"{n}.zip": b"" for n in range(1_001)})
    assert "more than 1,000 archives within" in world.refusal(archive, nested=1)


def test_members_within_that_clash_with_others_are_refused(world):
    archive = zipped({"in.zip": zipped({"x": b"1"}), "in/x": b"2"})
    assert "the same path" in world.refusal(archive, nested=1)
    archive = zipped({"in.zip": zipped({"x/1": b"1", "x/2": b"2", "y": b"3"}), "in/X": b"4"})
    result = world.result(world.run(archive, nested=1, on_bad="skip"))
    assert sorted(world.files(result)) == ["in.zip", "in/X", "in/y"]
    assert result["skipped_count"] == 2


# --- by an oracle

NAME = st.text(
    st.characters(codec="utf-8", exclude_characters="\\/\0", exclude_categories=["Cc", "Cs"]),
    min_size=1,
    max_size=20,
)
PATH = st.lists(NAME, min_size=1, max_size=3).map("/".join)
MEMBER = st.tuples(
    PATH, st.binary(max_size=2_000) | st.just(b"abc" * 100_000), st.sampled_from(METHODS)
)


def read_all(archive: bytes) -> dict[str, bytes]:
    plan = make_plan(io.BytesIO(archive), "it", LIMITS, skip=True)
    found = {}
    for member in plan.members:
        stream = Content(io.BytesIO(archive), member, "it", lambda _: None)
        found[member.entry.name] = b"".join(iter(stream.read, b""))
        assert stream.sha256 == hashlib.sha256(found[member.entry.name]).hexdigest()
    return found | {skipped.name: skipped.reason for skipped in plan.skipped}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(MEMBER, max_size=8, unique_by=lambda member: member[0]), st.booleans())
def test_what_zipfile_writes_is_read_as_zipfile_reads_it(members, forward):
    stream = Forward() if forward else io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, content, method in members:
            archive.writestr(path, content, method)
    written = bytes(stream.written) if forward else stream.getvalue()
    ours = read_all(written)
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        theirs = {info.filename: archive.read(info) for info in archive.infolist()}
    assert ours.keys() == theirs.keys()
    assert {name: ours[name] for name in ours if isinstance(ours[name], bytes)} == {
        name: theirs[name] for name in ours if isinstance(ours[name], bytes)
    }
    # What is refused is so for its name alone: zipfile writes nothing else that is bad.
    reasons = ("no file can be called so", "its path", "another member has the same path")
    assert all(reason.startswith(reasons) for reason in ours.values() if isinstance(reason, str))


def test_a_member_is_read_in_parts():
    item = Item(name="a", content=b"x" * 10_000_000, method=8)
    plan = make_plan(io.BytesIO(crafted(item)), "it", LIMITS, skip=False)
    stream = Content(io.BytesIO(crafted(item)), plan.members[0], "it", lambda _: None)
    sizes = [len(part) for part in iter(stream.read, b"")]
    assert max(sizes) <= 128 * 1024
    assert sum(sizes) == 10_000_000
