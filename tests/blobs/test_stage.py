"""What holds for stages on every backend."""

from __future__ import annotations

import io
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from common.blobs import BadPath, BlobNotFound
from common.blobs.stage import Published
from tests.blobs.streams import MIB, Breaking, Pattern, pattern


@pytest.fixture
def stage(blobs):
    return blobs.stage("s1")


NOTHING = Published([], [])


def paths(blobs, prefix: str = "") -> list[str]:
    return [blob.path for blob in blobs.list(prefix)]


def test_what_is_staged_is_no_blob_until_it_is_published(blobs, stage):
    stage.write("a/b.txt", b"hello")
    stage.write("top", io.BytesIO(b"stream"))
    assert paths(blobs) == []
    assert blobs.stat("a/b.txt") is None
    assert stage.publish({"a/b.txt": 5, "top": 6}) == NOTHING
    assert {path: blobs.read(path) for path in paths(blobs)} == {
        "a/b.txt": b"hello",
        "top": b"stream",
    }
    assert blobs.stat("a/b.txt").content_type == "text/plain"


@pytest.mark.parametrize("size", [0, 1, 8 * MIB + 1])
def test_a_stream_of_any_size_is_staged_and_published_whole(blobs, stage, size):
    stage.write("big", Pattern(size))
    assert stage.publish({"big": size}) == NOTHING
    assert blobs.read("big") == pattern(0, size)


def test_what_is_staged_can_be_read_by_ranges(stage):
    stage.write("a/b", pattern(0, MIB))
    with stage.open("a/b") as stream:
        stream.seek(1000)
        assert stream.read(10) == pattern(1000, 1010)
    with pytest.raises(BlobNotFound):
        stage.open("absent")


def test_writing_a_path_again_replaces_what_was_staged(blobs, stage):
    stage.write("a", b"half")
    stage.write("a", b"whole")
    assert stage.publish({"a": 5}) == NOTHING
    assert blobs.read("a") == b"whole"


def test_publishing_leaves_what_is_there_and_says_so(blobs, stage):
    blobs.write("a/taken", b"theirs")
    for path in ("a/taken", "a/free", "b/free"):
        stage.write(path, b"ours")
    wanted = {"a/taken": 4, "a/free": 4, "b/free": 4}
    assert stage.publish(wanted) == Published(["a/taken"], [])
    assert [blobs.read(path) for path in paths(blobs)] == [b"ours", b"theirs", b"ours"]


def test_publishing_goes_on_where_an_earlier_call_was_killed(blobs, stage):
    for path in ("a/1", "a/2"):
        stage.write(path, b"ours")
    wanted = {"a/1": 4, "a/2": 4}
    assert stage.publish(wanted) == NOTHING
    assert blobs.stage("s1").publish(wanted) == Published([], ["a/1", "a/2"])
    assert paths(blobs) == ["a/1", "a/2"]


def test_only_the_paths_named_are_published(blobs, stage):
    for path in ("a/1", "a/2"):
        stage.write(path, b"ours")
    assert stage.publish({"a/1": 4, "b": 4}) == Published([], ["b"])
    assert paths(blobs) == ["a/1"]


def test_what_has_another_size_than_it_should_is_not_published(blobs, stage):
    """Such as a file of which a crash of the machine has lost what was not on the disk yet."""
    for path in ("a/1", "a/2"):
        stage.write(path, b"ours")
    assert stage.publish({"a/1": 4, "a/2": 5}) == Published([], ["a/2"])
    assert paths(blobs) == ["a/1"]


def test_of_racing_publishers_none_loses_a_blob(blobs):
    names = [f"d{number % 3}/{number}" for number in range(12)]
    stages = [blobs.stage("s1") for _ in range(4)]
    for name in names:
        stages[0].write(name, name.encode())
    start = threading.Barrier(len(stages))

    def publish(stage) -> list[str]:
        start.wait()
        return stage.publish({name: len(name) for name in names}).taken

    with ThreadPoolExecutor(len(stages)) as pool:
        assert [*pool.map(publish, stages)] == [[]] * len(stages)
    assert {path: blobs.read(path) for path in paths(blobs)} == {n: n.encode() for n in names}


def test_of_racing_writers_of_one_path_one_is_published_whole(blobs):
    contents = [bytes([65 + number]) * 200_000 for number in range(6)]
    start = threading.Barrier(len(contents))

    def write(content: bytes) -> None:
        stage = blobs.stage("s1")
        start.wait()
        stage.write("a/prize", io.BytesIO(content))

    with ThreadPoolExecutor(len(contents)) as pool:
        assert [*pool.map(write, contents)]
    assert blobs.stage("s1").publish({"a/prize": 200_000}) == NOTHING
    assert blobs.read("a/prize") in contents


def test_a_source_that_breaks_is_not_staged(stage):
    error = ValueError("x")
    with pytest.raises(ValueError, match="x") as caught:
        stage.write("a", Breaking(100, error))
    assert caught.value is error
    with pytest.raises(BlobNotFound):
        stage.open("a")


def test_notes_are_kept_replaced_and_told_apart(blobs, stage):
    assert stage.notes() == {}
    stage.note("one", b"1")
    stage.note("two", b"2")
    before = blobs.stage("s1").notes()
    assert sorted(before) == ["one", "two"]
    stage.note("one", b"3")
    after = stage.notes()
    assert after["two"] == before["two"]
    assert after["one"] != before["one"]
    assert stage.read_note("one") == b"3"
    with pytest.raises(BlobNotFound):
        stage.read_note("three")


def test_a_stage_that_is_removed_leaves_nothing(blobs, stage):
    stage.write("a/b", b"1")
    stage.note("one", b"1")
    stage.remove()
    stage.remove()
    assert stage.notes() == {}
    assert stage.publish({"a/b": 1}).absent == ["a/b"]
    assert paths(blobs) == []


@pytest.mark.parametrize("path", ["../a", "/a", "a/../b", "", "a\\b", ".partial/x"])
def test_a_path_that_no_blob_has_cannot_be_staged(stage, path):
    with pytest.raises(BadPath):
        stage.write(path, b"")


def test_what_is_gone_when_its_turn_comes_is_said_to_be_absent(blobs, stage, monkeypatch):
    """Another one has published or removed it since this one looked."""
    stage.write("a/b", b"1")
    seen = stage._staged()
    stage.remove()
    monkeypatch.setattr(stage, "_staged", lambda: seen)
    assert stage.publish({"a/b": 1}) == Published([], ["a/b"])
    assert paths(blobs) == []


def test_a_folder_that_is_a_link_is_not_published_through(files, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    files.root.mkdir(parents=True)
    (files.root / "a").symlink_to(outside)
    stage = files.blobs.stage("s1")
    stage.write("a/b", b"1")
    assert stage.publish({"a/b": 1}) == Published(["a/b"], [])
    assert list(outside.iterdir()) == []


def test_a_half_written_file_of_a_killed_writer_is_replaced(files):
    stage = files.blobs.stage("s1")
    stage.write("a/b", b"half")
    stage.write("a/b", io.BytesIO(b"whole"))
    assert stage.publish({"a/b": 5}) == NOTHING
    assert files.blobs.read("a/b") == b"whole"


def test_who_removes_a_stage_does_not_disturb_who_writes_there(files):
    one, other = files.blobs.stage("s"), files.blobs.stage("s")
    over = threading.Event()

    def remove() -> None:
        while not over.is_set():
            other.remove()

    with ThreadPoolExecutor(1) as pool:
        removing = pool.submit(remove)
        try:
            for number in range(200):
                one.write(f"deep/er/{number}", io.BytesIO(b"x"))
                one.note("done", b"x")
        finally:
            over.set()
        removing.result()
    one.note("done", b"all")
    assert one.read_note("done") == b"all"


def test_an_abandoned_stage_is_swept_and_one_in_use_is_not(files):
    for name in ("old", "new"):
        files.blobs.stage(name).write("a/b", b"1")
    old = files.root / ".partial" / "old"
    for path in (old, *old.iterdir()):
        os.utime(path, (1, 1))
    files.again().write("c", b"1")
    assert [path.name for path in (files.root / ".partial").iterdir()] == ["new"]
