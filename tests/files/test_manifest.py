"""Lists of files, and copies within bounds."""

from __future__ import annotations

import errno
import io
import json
from contextlib import nullcontext

import pytest

from common.blobs import BlobExists, open_blobs
from common.errors import InvalidInput
from common.files import File, Place, TooMuch, read_manifest, spool, write_manifest


@pytest.fixture
def place(tmp_path):
    return Place(open_blobs((tmp_path / "store").as_uri()), "some/manifest.jsonl")


def file(name):
    return File(
        name=name,
        uri=f"gs://b/{name}",
        size=3,
        sha256="ab" * 32,
        content_type="text/plain",
        origin={"archive": "gs://b/a.zip", "number": 7},
    )


def test_a_manifest_is_read_as_it_was_written(place):
    files = [file(name) for name in ("a.txt", "über/日本.txt", 'quo"te\nline\u2028')]
    written = write_manifest(place, files)
    assert written.content_type == "application/jsonl"
    assert [*read_manifest(place)] == files


def test_an_empty_one_is_one_too(place):
    write_manifest(place, [])
    assert [*read_manifest(place)] == []


def test_a_second_one_does_not_take_the_firsts_place(place):
    write_manifest(place, [file("a")])
    with pytest.raises(BlobExists):
        write_manifest(place, [])
    write_manifest(place, [], replace=True)


@pytest.mark.parametrize("line", ["{", "[]", "3", '{"name": "a"}', "x" * 70_000, "[" * 60_000])
def test_what_is_no_manifest_is_named_with_its_line(place, line):
    write_manifest(place, [file("a")])
    place.blobs.write(place.path, place.read() + line.encode(), replace=True)
    with pytest.raises(InvalidInput, match=r"manifest\.jsonl, line 2"):
        [*read_manifest(place)]


WHOLE = {"name": "a", "uri": "b", "size": 1, "sha256": "c", "content_type": "d"}


@pytest.mark.parametrize(
    "wrong",
    [{"name": 3}, {"uri": []}, {"size": "1"}, {"origin": None}, {"name": "\ud800"}, {"more": 1}],
)
def test_a_list_that_somebody_else_made_has_files_or_is_refused(place, wrong):
    for data, is_good in ((WHOLE, True), ({**WHOLE, **wrong}, False)):
        place.blobs.write(place.path, json.dumps(data).encode(), replace=True)
        with nullcontext() if is_good else pytest.raises(InvalidInput, match="line 1"):
            assert [*read_manifest(place)] == [File(**data)]


def test_a_copy_is_no_larger_than_its_limit(tmp_path):
    to = tmp_path / "copy"
    assert spool(io.BytesIO(b"x" * 100), to, most=100, what="a.pdf") == 100
    with pytest.raises(TooMuch, match=r"a\.pdf has more than 99 bytes"):
        spool(io.BytesIO(b"x" * 100), tmp_path / "second", most=99, what="a.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


class Full(io.BytesIO):
    def read(self, *_):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_what_ends_a_copy_leaves_nothing_of_it(tmp_path):
    with pytest.raises(OSError, match="No space"):
        spool(Full(), tmp_path / "copy", most=100, what="a.pdf")
    assert [*tmp_path.iterdir()] == []


def test_a_copy_takes_no_other_files_place(tmp_path):
    (tmp_path / "copy").write_text("there")
    with pytest.raises(FileExistsError):
        spool(io.BytesIO(b"new"), tmp_path / "copy", most=100, what="a.pdf")
    assert (tmp_path / "copy").read_text() == "there"
