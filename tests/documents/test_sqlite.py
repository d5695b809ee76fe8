"""The file that SQLite's documents are in, and the connections to it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import threading
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from common.documents import Create, open_documents
from common.documents.sqlite_schema import FORMAT
from common.errors import Misconfigured

HERE = Path("/proc/self/fd")
NOBODY = 65534


@contextmanager
def without_rights():
    """Root may look and write anywhere, so be nobody for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def place():
    """A folder that everybody may reach, which is not so below pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for below in folder.rglob("*"):
        below.chmod(0o755)
    shutil.rmtree(folder)


def check(path):
    with closing(open_documents(f"sqlite:///{path}")) as store:
        store.check()


def filled(path):
    with closing(open_documents(f"sqlite:///{path}")) as store:
        store.commit([Create("things", "a", {"n": 1})])


def test_the_check_makes_neither_the_file_nor_its_folder(tmp_path):
    check(tmp_path / "new" / "x.sqlite3")
    check(tmp_path / "x.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_the_check_of_a_sound_file_leaves_it_as_it_is(tmp_path):
    filled(tmp_path / "x.sqlite3")
    before = (tmp_path / "x.sqlite3").read_bytes()
    check(tmp_path / "x.sqlite3")
    assert (tmp_path / "x.sqlite3").read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["x.sqlite3"]


def test_the_check_does_not_make_another_programs_file_its_own(tmp_path):
    with closing(sqlite3.connect(tmp_path / "x.sqlite3")) as other:
        other.execute("CREATE TABLE theirs (id)")
    before = (tmp_path / "x.sqlite3").read_bytes()
    check(tmp_path / "x.sqlite3")
    assert (tmp_path / "x.sqlite3").read_bytes() == before


@pytest.mark.parametrize(
    "path",
    [
        "/dev/null",
        "/dev/null/x.sqlite3",
        "/dev/null/deep/er/x.sqlite3",
        pytest.param(
            "/proc/x/y.sqlite3",
            marks=pytest.mark.skipif(not HERE.exists(), reason="there is no /proc"),
        ),
    ],
)
def test_the_check_finds_a_place_where_no_file_can_be(path):
    with pytest.raises(Misconfigured, match=f"{path} cannot be used .*RUNJOBS_DOCUMENTS"):
        check(path)


def test_the_check_finds_a_folder_where_a_file_should_be(tmp_path):
    with pytest.raises(Misconfigured, match="not a file"):
        check(tmp_path)


def test_the_check_finds_a_link_that_leads_nowhere_where_a_folder_should_be(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Misconfigured, match="link is not a folder"):
        check(tmp_path / "link" / "x.sqlite3")


@pytest.mark.parametrize("mode", [0o000, 0o444, 0o555])
@pytest.mark.parametrize("below", ["x.sqlite3", "deep/er/x.sqlite3"])
def test_the_check_finds_a_folder_that_one_may_not_write_in(place, mode, below):
    (place / "closed").mkdir()
    filled(place / "closed" / "x.sqlite3")
    (place / "closed").chmod(mode)
    with without_rights(), pytest.raises(Misconfigured, match="closed is not writable"):
        check(place / "closed" / below)


def test_the_check_finds_a_link_into_a_folder_that_one_may_not_look_in(place):
    (place / "closed" / "in").mkdir(parents=True)
    (place / "link").symlink_to(place / "closed" / "in")
    (place / "closed").chmod(0o000)
    with without_rights(), pytest.raises(Misconfigured, match="link is not a folder"):
        check(place / "link" / "x.sqlite3")


@pytest.mark.parametrize("mode", [0o000, 0o444, 0o222])
def test_the_check_finds_a_file_that_one_may_not_read_and_write(place, mode):
    place.chmod(0o777)
    filled(place / "x.sqlite3")
    (place / "x.sqlite3").chmod(mode)
    with without_rights(), pytest.raises(Misconfigured, match="not readable and writable"):
        check(place / "x.sqlite3")


def test_the_check_finds_what_is_no_sound_file(tmp_path):
    (tmp_path / "x.sqlite3").write_bytes(b"no database at all " * 100)
    with pytest.raises(Misconfigured, match="not a sound SQLite file"):
        check(tmp_path / "x.sqlite3")


def test_a_file_that_newer_code_wrote_is_left_alone(tmp_path):
    filled(tmp_path / "x.sqlite3")
    with closing(sqlite3.connect(tmp_path / "x.sqlite3")) as newer:
        newer.execute(f"PRAGMA user_version = {FORMAT + 1}")
    for act in (check, filled):
        with pytest.raises(Misconfigured, match="upgrade runjobs"):
            act(tmp_path / "x.sqlite3")


@pytest.mark.skipif(not HERE.exists(), reason="open files are counted in /proc")
def test_threads_that_have_ended_leave_no_more_than_one_connection_open(tmp_path):
    path = tmp_path / "x.sqlite3"
    with closing(open_documents(f"sqlite:///{path}")) as store:
        store.commit([Create("things", "a", {"n": 1})])
        alone = open_files(path)
        for _ in range(50):
            in_a_thread(lambda: store.get("things", "a"))
        assert 0 < open_files(path) <= 2 * alone
        assert store.get("things", "a").data == {"n": 1}
    assert open_files(path) == 0


def test_threads_that_go_on_keep_their_connections(tmp_path):
    with closing(open_documents(f"sqlite:///{tmp_path}/x.sqlite3")) as store:
        store.commit([Create("things", "a", {"n": 1})])
        opened, others_ended = threading.Event(), threading.Event()
        found = []

        def stay():
            store.get("things", "a")
            opened.set()
            others_ended.wait(30)
            found.append(store.get("things", "a"))

        thread = threading.Thread(target=stay)
        thread.start()
        opened.wait(30)
        for _ in range(3):
            in_a_thread(lambda: store.get("things", "a"))
        others_ended.set()
        thread.join()
        assert found[0].data == {"n": 1}


def in_a_thread(act):
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


def open_files(path):
    """Of the file and those beside it."""
    return sum(os.path.realpath(link).startswith(str(path)) for link in HERE.iterdir())
