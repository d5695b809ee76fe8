"""What holds for blobs on every backend: writing and reading."""

from __future__ import annotations

import hashlib
import inspect
import io
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from common.blobs import Blob, BlobExists, BlobNotFound, Blobs
from common.errors import InvalidInput
from tests.blobs.streams import MIB, Breaking, Pattern, measured, pattern

SIZES = [0, 1, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 16 * MIB, 17 * MIB + 3]


def test_a_backend_has_the_seams_signatures_and_no_other_method(backend):
    ours = {
        name for name in vars(Blobs) if not name.startswith("_") and callable(vars(Blobs)[name])
    }
    theirs = {name for name in dir(backend.type) if not name.startswith("_")}
    assert theirs - ours == {"can_nest", "keeps_content_type"}
    assert 4 <= len(ours) <= 12
    for name in ours:
        signature = inspect.signature(getattr(backend.type, name))
        assert signature == inspect.signature(getattr(Blobs, name)), name


def test_what_was_written_is_read(blobs):
    blobs.write("a/b.txt", b"hello")
    assert blobs.read("a/b.txt") == b"hello"


def test_write_stat_and_list_say_the_same_of_a_blob(blobs):
    written = blobs.write("a/b.txt", b"hello")
    assert blobs.stat("a/b.txt") == written
    assert list(blobs.list()) == [written]
    assert (written.path, written.size, written.content_type) == ("a/b.txt", 5, "text/plain")
    assert written.uri == blobs.uri("a/b.txt")
    assert isinstance(written, Blob)


def test_a_blob_tells_when_it_was_written_in_utc(blobs):
    updated = blobs.write("a", b"").updated
    assert updated.tzinfo is UTC or updated.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - updated) < timedelta(minutes=1)


@pytest.mark.parametrize("size", SIZES)
def test_a_stream_of_any_size_arrives_whole_though_its_reads_are_short(blobs, size):
    assert blobs.write("big", Pattern(size)).size == size
    assert blobs.read("big") == pattern(0, size)


def test_a_file_is_written_from_its_path(blobs, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(pattern(0, 9 * MIB))
    assert blobs.write("copy", source).size == 9 * MIB
    assert blobs.read("copy") == source.read_bytes()


def test_a_stream_is_written_from_where_it_is(blobs):
    stream = io.BytesIO(b"0123456789")
    stream.seek(4)
    blobs.write("rest", stream)
    assert blobs.read("rest") == b"456789"


def test_a_source_that_is_not_there_is_named(blobs, tmp_path):
    with pytest.raises(InvalidInput, match="absent cannot be read: No such file"):
        blobs.write("a", tmp_path / "absent")


def test_a_text_stream_is_refused_with_the_fix(blobs):
    with pytest.raises(InvalidInput, match="gave str, not bytes: open it in mode 'rb'"):
        blobs.write("a", io.StringIO("text"))
    assert blobs.stat("a") is None


@pytest.mark.parametrize("size", [5, 9 * MIB])
def test_an_if_absent_write_leaves_what_is_there(blobs, size):
    blobs.write("a", b"first")
    with pytest.raises(BlobExists, match="exists: choose another path") as caught:
        blobs.write("a", Pattern(size))
    assert caught.value.uri == blobs.uri("a")
    assert blobs.read("a") == b"first"


@pytest.mark.parametrize("size", [5, 9 * MIB])
def test_a_replacing_write_replaces_and_changes_the_etag(blobs, size):
    before = blobs.write("a", b"first")
    after = blobs.write("a", Pattern(size), replace=True)
    assert blobs.read("a") == pattern(0, size)
    assert blobs.stat("a") == after
    assert after.etag != before.etag


def test_a_replacing_write_needs_nothing_to_replace(blobs):
    blobs.write("a", b"first", replace=True)
    assert blobs.read("a") == b"first"


def test_of_racing_if_absent_writers_exactly_one_wins_and_its_bytes_stay(blobs):
    racers = 16
    start = threading.Barrier(racers)

    def race(number: int) -> int | None:
        start.wait()
        try:
            blobs.write("prize", b"%d" % number)
        except BlobExists:
            return None
        return number

    with ThreadPoolExecutor(racers) as pool:
        winners = [number for number in pool.map(race, range(racers)) if number is not None]
    assert len(winners) == 1
    assert blobs.read("prize") == b"%d" % winners[0]


def test_a_write_that_was_applied_and_whose_answer_was_lost_succeeds(backend):
    with backend.losing_an_answer():
        written = backend.blobs.write("a", b"mine")
    assert backend.blobs.stat("a") == written
    assert backend.blobs.read("a") == b"mine"


def test_a_write_that_lost_an_answer_still_sees_anothers_blob(backend):
    backend.blobs.write("b", b"theirs")
    with backend.losing_an_answer():
        backend.blobs.write("a", b"mine")
        with pytest.raises(BlobExists):
            backend.blobs.write("b", b"mine")
    assert backend.blobs.read("b") == b"theirs"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("x"), OSError(5, "theirs")])
@pytest.mark.parametrize("size", [100, 12 * MIB])
def test_a_source_that_breaks_leaves_nothing_and_raises_its_own_error(blobs, size, error):
    with pytest.raises(type(error)) as caught:
        blobs.write("a", Breaking(size, error))
    assert caught.value is error
    assert list(blobs.list()) == []
    blobs.write("a", b"whole")


def test_a_source_that_breaks_leaves_the_blob_it_was_to_replace(blobs):
    blobs.write("a", b"first")
    with pytest.raises(ValueError, match="broken"):
        blobs.write("a", Breaking(12 * MIB, ValueError("broken")), replace=True)
    assert blobs.read("a") == b"first"


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("a.mp4", "video/mp4"),
        ("x/a.json", "application/json"),
        ("a.jsonl", "application/jsonl"),
        ("a.PNG", "image/png"),
        ("a.tar.gz", "application/gzip"),
        ("a.zip", "application/zip"),
        ("no-ending", "application/octet-stream"),
    ],
)
def test_a_content_type_is_guessed_from_the_name(blobs, path, content_type):
    blobs.write(path, b"x")
    assert blobs.stat(path).content_type == content_type


def test_a_content_type_that_is_given_is_kept_where_the_backend_can(blobs):
    blobs.write("a.txt", b"x", content_type="application/x-thing")
    kept = "application/x-thing" if blobs.keeps_content_type else "text/plain"
    assert blobs.stat("a.txt").content_type == kept


def test_reading_what_is_not_there_says_so(blobs):
    assert blobs.stat("a/b") is None
    with pytest.raises(BlobNotFound, match="there is no such blob") as caught:
        blobs.open("a/b")
    assert caught.value.uri == blobs.uri("a/b")


def test_a_reader_seeks_and_tells_as_a_file_does(blobs):
    data = pattern(0, 300_000)
    blobs.write("a", data)
    with blobs.open("a") as stream:
        assert stream.seekable()
        assert stream.readable()
        assert (stream.read(10), stream.tell()) == (data[:10], 10)
        assert (stream.seek(-5, io.SEEK_END), stream.read()) == (299_995, data[-5:])
        assert (stream.seek(250_000), stream.read(100)) == (250_000, data[250_000:250_100])
        assert (stream.seek(-100_000, io.SEEK_CUR), stream.read(7)) == (
            150_100,
            data[150_100:150_107],
        )
        assert (stream.seek(400_000), stream.read(), stream.read(1)) == (400_000, b"", b"")
        with pytest.raises(OSError, match=r"[Ii]nvalid|cannot seek"):
            stream.seek(-1)
        stream.seek(0)
        buffer = bytearray(200_000)
        assert stream.readinto(buffer) == 200_000
        assert bytes(buffer) == data[:200_000]
        assert stream.read(None) == data[200_000:]


def test_an_empty_blob_reads_as_nothing(blobs):
    assert blobs.write("empty", b"").size == 0
    with blobs.open("empty") as stream:
        assert (stream.read(), stream.read(1), stream.seek(0, io.SEEK_END)) == (b"", b"", 0)


def test_a_zip_is_read_in_place(blobs):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        for number in range(20):
            members.writestr(f"{number}.bin", pattern(number, number + 100_000))
    blobs.write("a.zip", archive.getvalue())
    with blobs.open("a.zip") as stream, zipfile.ZipFile(stream) as members:
        assert len(members.namelist()) == 20
        assert members.read("17.bin") == pattern(17, 100_017)


def test_a_reader_never_mixes_two_versions(blobs):
    size = 3 * MIB
    blobs.write("a", bytes(size))
    with blobs.open("a") as stream:
        assert stream.read(10) == bytes(10)
        blobs.write("a", b"\xff" * size, replace=True)
        try:
            rest = stream.read()
        except BlobNotFound as error:
            assert "replaced or deleted" in str(error)  # noqa: PT017 - either outcome is right
        else:
            assert rest == bytes(size - 10)


def test_64_mib_go_through_in_little_memory(blobs):
    size = 64 * MIB
    with measured() as writing:
        blobs.write("big", Pattern(size))
    digest = hashlib.sha256()
    with measured() as reading, blobs.open("big") as stream:
        while part := stream.read(MIB):
            digest.update(part)
    expected = hashlib.sha256()
    for start in range(0, size, MIB):
        expected.update(pattern(start, start + MIB))
    assert digest.digest() == expected.digest()
    assert writing.size < 40 * MIB
    assert reading.size < 40 * MIB


def test_one_store_serves_many_threads(blobs):
    def there_and_back(number: int) -> bool:
        blobs.write(f"t/{number}", b"%d" % number)
        return blobs.read(f"t/{number}") == b"%d" % number

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(there_and_back, range(40)))
    assert len(list(blobs.list("t/"))) == 40


def test_a_usable_root_passes_the_check_which_leaves_nothing(blobs):
    blobs.check()
    assert list(blobs.list()) == []
