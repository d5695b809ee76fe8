"""What holds for blobs on every backend: listing, deleting, names."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from common.blobs import BadPath, BlobExists, BlobNotFound, CannotSign
from common.errors import InvalidInput

# "\uffff" sorts before "\U0001f600" by code point and by UTF-8, but not by UTF-16.
PATHS = [
    "Z",
    "a-b",
    "a/b",
    "a/c/d",
    "a0",
    "ab",
    "r/1/x",
    "r/10/x",
    "z/ü",
    "é",
    "日本/語",
    "\uffff",
    "\U0001f600",
]
ODD_PATHS = ["a b?c#d%20e&f+g", "~", "...", "..a/b..", " ", "\uffff", "e\u0301", "a/.partial", "*"]


def names(blobs, *prefix) -> list[str]:
    return [blob.path for blob in blobs.list(*prefix)]


@pytest.fixture
def filled(blobs):
    for path in reversed(PATHS):
        blobs.write(path, path.encode())
    return blobs


def test_a_list_is_in_the_order_of_the_whole_paths(filled):
    assert names(filled) == sorted(PATHS) == PATHS


@pytest.mark.parametrize(
    "prefix",
    ["", "a", "a/", "a/c", "a/c/", "r/1", "r/1/", "é", "日", "日本/", "a/b", "a/b/", "nope"],
)
def test_a_prefix_is_the_beginning_of_a_paths_text(filled, prefix):
    assert names(filled, prefix) == [path for path in PATHS if path.startswith(prefix)]


@pytest.mark.parametrize("prefix", ["..", "../", ".", "a/../"])
def test_a_prefix_with_dots_lists_nothing(filled, prefix):
    assert names(filled, prefix) == []


@pytest.mark.parametrize("prefix", ["/", "a\\", "a\0", "\ud800", "x" * 1025])
def test_a_prefix_that_no_path_has_is_refused_at_once(blobs, prefix):
    with pytest.raises(BadPath):
        blobs.list(prefix)


def test_an_empty_root_lists_nothing(blobs):
    assert names(blobs) == []


def test_a_list_tells_sizes(filled):
    assert [blob.size for blob in filled.list()] == [len(path.encode()) for path in PATHS]


@pytest.mark.parametrize("path", ODD_PATHS)
def test_an_odd_name_is_kept_as_it_is(blobs, path):
    blobs.write(path, path.encode())
    assert blobs.read(path) == path.encode()
    assert names(blobs) == [path]
    assert blobs.path(blobs.uri(path)) == path
    assert blobs.delete([path]) == 1


def test_the_longest_path_is_kept(blobs):
    path = "/".join(["d" * 254] * 4) + "/éé"
    assert len(path.encode()) == 1024
    blobs.write(path, b"x")
    assert names(blobs) == [path]


def test_delete_counts_what_was_there_and_ignores_the_rest(filled):
    gone = ["a/b", "a/c/d", "nope", "a/b/below", "é", "a/b"]
    assert filled.delete(gone) == 3
    assert names(filled) == [path for path in PATHS if path not in gone]
    assert filled.delete(gone) == 0


def test_many_blobs_are_deleted_by_one_call(blobs):
    paths = [f"d/{number:03}" for number in range(120)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda path: blobs.write(path, b""), paths))
    assert blobs.delete(path for path in paths[1:]) == 119
    assert names(blobs) == paths[:1]


def test_delete_takes_what_list_gives(filled):
    assert filled.delete(blob.path for blob in filled.list("r/")) == 2
    assert names(filled, "r/") == []


def test_delete_of_nothing_deletes_nothing(filled):
    assert filled.delete([]) == 0
    assert names(filled) == PATHS


def test_delete_refuses_a_bad_path_before_it_deletes_any(filled):
    with pytest.raises(BadPath):
        filled.delete(["a/b", "../a"])
    assert names(filled) == PATHS


def test_delete_refuses_one_text_for_it_would_be_read_as_many(filled):
    with pytest.raises(InvalidInput, match="letter by letter"):
        filled.delete("Z")
    assert names(filled) == PATHS


def test_a_deleted_path_is_free_again(blobs):
    blobs.write("a/b", b"1")
    blobs.delete(["a/b"])
    assert blobs.stat("a/b") is None
    with pytest.raises(BlobNotFound):
        blobs.open("a/b")
    blobs.write("a/b", b"2")
    blobs.delete(["a/b"])
    blobs.write("a", b"3")
    assert names(blobs) == ["a"]


def test_a_blob_below_a_blob_is_a_blob_or_a_bad_path_as_the_backend_says(blobs):
    blobs.write("a", b"x")
    assert blobs.stat("a/b") is None
    if blobs.can_nest:
        blobs.write("a/b", b"y")
        assert names(blobs) == ["a", "a/b"]
    else:
        with pytest.raises(BadPath, match="in its way"):
            blobs.write("a/b", b"y")
        assert names(blobs) == ["a"]


@pytest.mark.parametrize("replace", [True, False])
def test_a_folder_is_no_blob(blobs, replace):
    blobs.write("a/b", b"x")
    assert blobs.stat("a") is None
    assert blobs.delete(["a"]) == 0
    with pytest.raises(BlobNotFound):
        blobs.open("a")
    if not blobs.can_nest:
        with pytest.raises(BadPath, match="in its way"):
            blobs.write("a", b"y", replace=replace)
    assert blobs.read("a/b") == b"x"


def test_writers_and_deleters_in_one_folder_do_not_disturb_each_other(blobs):
    def come_and_go(number: int) -> int:
        path = f"shared/deep/{number}"
        for _ in range(30):
            blobs.write(path, b"x")
            assert blobs.delete([path]) == 1
        return number

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(come_and_go, range(4))) == [0, 1, 2, 3]
    assert names(blobs) == []


def test_a_uri_names_the_path_and_no_other_root(blobs):
    uri = blobs.uri("a/b c.txt")
    assert blobs.path(uri) == "a/b c.txt"
    scheme, rest = uri.split("://", 1)
    for other in (
        "a/b",
        f"https://{rest}",
        f"{scheme}://elsewhere/a",
        blobs.uri("x").removesuffix("/x"),
        blobs.uri("x").removesuffix("/x") + "-more/x",
        blobs.uri("x").removesuffix("x") + "../x",
        blobs.uri("x").removesuffix("x"),
    ):
        with pytest.raises(BadPath):
            blobs.path(other)


@pytest.mark.parametrize("span", [timedelta(0), timedelta(days=-1), timedelta(days=7, seconds=1)])
def test_a_signed_url_cannot_live_for_no_time_or_for_over_a_week(blobs, span):
    with pytest.raises(InvalidInput, match="between 1 second and 7 days"):
        blobs.sign("a", span)


def test_who_cannot_sign_says_what_would_help(blobs):
    with pytest.raises(CannotSign, match=r"set RUNJOBS_BLOBS to gs://|there are no credentials"):
        blobs.sign("a", timedelta(hours=1))


def test_a_second_store_on_the_same_root_sees_the_same_blobs(backend):
    backend.blobs.write("a", b"x")
    other = backend.again()
    assert names(other) == ["a"]
    with pytest.raises(BlobExists):
        other.write("a", b"y")
