"""What holds for blobs in files alone."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from common.blobs import BadPath, BlobNotFound, StorageFull
from common.blobs.files import FileBlobs
from common.blobs.partials import Partial
from common.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from pathlib import Path

WRITE_HALF_AND_WAIT = """
import sys
from common.blobs.files import FileBlobs

class Half:
    told = False
    def read(self, size):
        if self.told:
            return sys.stdin.buffer.read(size)
        self.told = True
        return bytes(size)

class Telling(Half):
    def read(self, size):
        if self.told:
            print("half", flush=True)
        return super().read(size)

FileBlobs(sys.argv[1]).write("a/b", Telling())
"""


@pytest.fixture
def blobs(files) -> FileBlobs:
    return files.blobs


@pytest.fixture
def outside(files) -> Path:
    """A folder beside the root, with a file."""
    folder = files.root.parent / "outside"
    folder.mkdir(parents=True)
    (folder / "secret").write_bytes(b"secret")
    return folder


def partials(root: Path) -> list[Path]:
    return list((root / ".partial").iterdir())


def test_a_blob_is_the_file_at_its_path(files):
    files.blobs.write("a/b c.txt", b"x")
    assert (files.root / "a" / "b c.txt").read_bytes() == b"x"
    assert files.blobs.uri("a/b c.txt") == (files.root / "a" / "b c.txt").as_uri()


def test_no_half_written_file_is_left_or_listed(files):
    files.blobs.write("a", b"x")
    assert partials(files.root) == []
    (files.root / ".partial" / "half").write_bytes(b"half")
    assert [blob.path for blob in files.blobs.list()] == ["a"]


def test_a_writer_killed_in_the_middle_leaves_nothing_to_be_seen(files):
    argv = [sys.executable, "-c", WRITE_HALF_AND_WAIT, str(files.root)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout.readline() == b"half\n"
        writer.kill()
    assert len(partials(files.root)) == 1
    assert files.blobs.stat("a/b") is None
    assert list(files.blobs.list()) == []
    files.blobs.write("a/b", b"whole")
    assert files.blobs.read("a/b") == b"whole"


def test_what_a_killed_writer_left_is_swept_a_day_later_and_no_sooner(files):
    files.blobs.write("a", b"x")
    old, young = (files.root / ".partial" / name for name in ("old", "young"))
    for file, hours in ((old, 25), (young, 23)):
        file.write_bytes(b"half")
        then = file.stat().st_mtime - hours * 3600
        os.utime(file, (then, then))
    FileBlobs(files.root).write("b", b"x")
    assert partials(files.root) == [young]


def test_a_full_disk_is_said_so_and_nothing_of_the_write_remains(files, monkeypatch):
    def half_then_full(self, data):
        os.write(self.file, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    files.blobs.write("before", b"x")
    monkeypatch.setattr(Partial, "append", half_then_full)
    with pytest.raises(StorageFull, match=r"No space is left .* RUNJOBS_BLOBS") as caught:
        files.blobs.write("a", b"0123456789")
    assert caught.value.root == str(files.root)
    assert isinstance(caught.value, Unavailable)
    assert partials(files.root) == []
    assert [blob.path for blob in files.blobs.list()] == ["before"]


def test_the_bytes_are_on_the_disk_before_the_name_is(files, monkeypatch):
    steps = []
    for name in ("fsync", "link", "replace"):
        call = getattr(os, name)
        monkeypatch.setattr(
            os, name, lambda *args, n=name, c=call, **kw: (steps.append(n), c(*args, **kw))[1]
        )
    files.blobs.write("a/b", b"x")
    files.blobs.write("a/b", b"y", replace=True)
    assert steps == ["fsync", "link", "fsync", "fsync", "replace", "fsync"]


def test_folders_that_are_left_empty_go_and_others_stay(files):
    files.blobs.write("a/b/c/d", b"x")
    files.blobs.write("a/e", b"x")
    files.blobs.delete(["a/b/c/d"])
    assert not (files.root / "a" / "b").exists()
    files.blobs.delete(["a/e"])
    assert files.root.is_dir()
    assert not (files.root / "a").exists()


def test_a_reader_keeps_its_version_when_the_blob_is_replaced_or_deleted(blobs):
    blobs.write("a", b"first")
    with blobs.open("a") as stream:
        blobs.write("a", b"second", replace=True)
        assert stream.read() == b"first"
    with blobs.open("a") as stream:
        blobs.delete(["a"])
        assert stream.read() == b"second"


@pytest.mark.parametrize("path", ["link/secret", "link/new", "link/deep/new"])
@pytest.mark.parametrize("replace", [True, False])
def test_a_linked_folder_leads_nowhere(files, outside, path, replace):
    files.root.mkdir()
    (files.root / "link").symlink_to(outside, target_is_directory=True)
    assert files.blobs.stat(path) is None
    assert list(files.blobs.list()) == []
    assert list(files.blobs.list("link/")) == []
    assert files.blobs.delete([path]) == 0
    with pytest.raises(BlobNotFound):
        files.blobs.open(path)
    with pytest.raises(BadPath, match="links are not followed"):
        files.blobs.write(path, b"x", replace=replace)
    assert [file.name for file in outside.iterdir()] == ["secret"]
    assert (outside / "secret").read_bytes() == b"secret"


@pytest.mark.parametrize("target", ["secret", "absent"])
def test_a_linked_file_is_no_blob_and_only_its_link_can_be_replaced(files, outside, target):
    files.root.mkdir()
    (files.root / "link").symlink_to(outside / target)
    assert files.blobs.stat("link") is None
    assert list(files.blobs.list()) == []
    assert files.blobs.delete(["link"]) == 0
    with pytest.raises(BlobNotFound):
        files.blobs.open("link")
    with pytest.raises(BadPath, match="links are not followed"):
        files.blobs.write("link", b"x")
    files.blobs.write("link", b"mine", replace=True)
    assert files.blobs.read("link") == b"mine"
    assert (outside / "secret").read_bytes() == b"secret"
    assert not (outside / "absent").exists()


def test_half_written_files_are_not_put_through_a_link(files, outside):
    files.root.mkdir()
    (files.root / ".partial").symlink_to(outside, target_is_directory=True)
    with pytest.raises(BadPath):
        files.blobs.write("a", b"x")
    assert [file.name for file in outside.iterdir()] == ["secret"]


def test_a_root_may_itself_be_a_link(files, outside):
    files.root.symlink_to(outside, target_is_directory=True)
    files.blobs.write("a", b"x")
    assert [blob.path for blob in files.blobs.list()] == ["a", "secret"]


def test_a_pipe_in_the_root_is_no_blob_and_is_not_waited_for(files):
    files.root.mkdir(parents=True)
    os.mkfifo(files.root / "pipe")
    with pytest.raises(BlobNotFound):
        files.blobs.open("pipe")
    assert list(files.blobs.list()) == []


def test_a_file_whose_name_is_no_path_is_not_listed(files):
    files.blobs.write("a", b"x")
    (files.root / "back\\slash").write_bytes(b"x")
    assert [blob.path for blob in files.blobs.list()] == ["a"]


def test_a_name_too_long_for_the_filesystem_is_a_bad_path(files, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(BadPath, match="longer than this filesystem's names"):
        files.blobs.write("a", b"x")


def test_a_filesystem_without_hard_links_is_named(files, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(Misconfigured, match=r"its filesystem has no hard links.*RUNJOBS_BLOBS"):
        files.blobs.write("a", b"x")


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_a_root_that_may_not_be_written_is_named_with_the_fix(files, monkeypatch, code):
    def refuse(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(Misconfigured, match=r"cannot be kept in .*root: .*RUNJOBS_BLOBS"):
        files.blobs.write("a", b"x")


@pytest.mark.parametrize("below", [".", "deep/er"])
def test_a_root_that_is_or_is_below_a_file_is_named_by_every_call(tmp_path, below):
    (tmp_path / "file").write_bytes(b"x")
    blobs = FileBlobs(tmp_path / "file" / below)
    stage = blobs.stage("s")
    for call in (
        blobs.check,
        lambda: blobs.write("a", b"x"),
        stage.notes,
        lambda: stage.open("a"),
        lambda: stage.write("a", b"x"),
        lambda: stage.note("n", b"x"),
    ):
        with pytest.raises(Misconfigured, match=r"file.* Make it a writable folder, or set"):
            call()


def test_the_check_finds_a_folder_that_is_not_writable_and_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # noqa: ARG005 - as root all is
    with pytest.raises(Misconfigured, match=f"{tmp_path} is not writable"):
        FileBlobs(tmp_path / "new" / "root").check()
    assert list(tmp_path.iterdir()) == []


def test_the_check_does_not_make_the_root(tmp_path):
    FileBlobs(tmp_path / "new" / "root").check()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fails_is_unavailable(files, monkeypatch):
    def fail(*_, **__):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    files.blobs.write("a", b"x")
    monkeypatch.setattr(os, "link", fail)
    with pytest.raises(Unavailable, match="root cannot be used just now"):
        files.blobs.write("b", b"x")
