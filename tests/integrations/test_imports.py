"""Importing twice duplicates nothing, whatever came between."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.blobs import Blobs, open_blobs
from common.blobs.paths import fault
from common.errors import Unavailable
from common.files import Place, TooMuch
from common.integrations import imports
from common.integrations.imports import Expected, Imports, Mismatch, safe_name
from tests.blobs.backends import Gcs
from tests.faults import FAULTS, Faulty

TEXT = b"Invoice 7"
PDF = Expected(name="a.pdf", content_type="application/pdf", origin={"id": "f1"})


@pytest.fixture(params=["files", "gcs"])
def blobs(request, tmp_path) -> Iterator[Blobs]:
    if request.param == "files":
        yield open_blobs(f"file://{tmp_path}/blobs")
        return
    backend = Gcs(request.getfixturevalue("gcs_url"))
    yield backend.blobs
    backend.close()


@pytest.fixture
def begin(documents, blobs) -> Callable[..., Imports]:
    def begin_one(run="r1", store=documents, below="imports") -> Imports:
        return Imports(store, Place(blobs, f"tenants/t/{below}"), "drive", run=run)

    return begin_one


def everything(store: Imports) -> list[str]:
    return [blob.path for blob in store._place.list()]


def test_a_file_is_kept_once_and_found_by_later_runs(begin):
    kept = begin().keep("f1", "v1", io.BytesIO(TEXT), PDF)
    assert kept.state == "new"
    assert kept.file.sha256 == hashlib.sha256(TEXT).hexdigest()
    assert (kept.file.size, kept.file.content_type) == (9, "application/pdf")
    assert kept.file.origin == {"id": "f1"}
    assert begin().find("f1", "v1", PDF) == kept
    again = begin("r2").find("f1", "v1", PDF)
    assert (again.file, again.state) == (kept.file, "unchanged")
    assert begin().find("f1", "v2", PDF) is None
    assert begin().find("f2", "v1", PDF) is None


def test_a_changed_file_is_a_new_version_beside_the_old_one(begin):
    begin().keep("f1", "v1", io.BytesIO(TEXT), PDF)
    changed = begin("r2").keep("f1", "v2", io.BytesIO(b"Invoice 8"), PDF)
    assert changed.state == "changed"
    assert len(everything(begin())) == 2
    assert begin("r3").find("f1", "v1", PDF).file.sha256 == hashlib.sha256(TEXT).hexdigest()


def test_killed_between_file_and_document_nothing_is_lost_or_doubled(begin, documents):
    """Without its note the file is found by its place, whatever it is called by now."""
    with suppress(Unavailable):
        begin(store=Faulty(documents, ["unavailable"] * 1000, patience=0)).keep(
            "f1", "v1", io.BytesIO(TEXT), PDF
        )
    (path,) = everything(begin())
    renamed = Expected(name="b.pdf", content_type="application/pdf")
    found = begin().find("f1", "v1", renamed)
    assert found.state == "new"
    assert found.file.uri.endswith(path)
    assert found.file.sha256 == hashlib.sha256(TEXT).hexdigest()
    assert begin("r2").find("f1", "v1", renamed).state == "unchanged"
    assert everything(begin()) == [path]


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_happens_to_the_note_it_is_made_once(begin, documents, fault):
    kept = begin(store=Faulty(documents, [None, fault])).keep("f1", "v1", io.BytesIO(TEXT), PDF)
    assert kept.state == "new"
    assert len(documents.get("imports", begin()._key("f1")).data["files"]) == 1


def test_of_two_that_bring_the_same_one_writes_and_both_have_it(begin):
    """The other's bytes stay also where ours differ, as with an export made twice."""
    ours = begin("r1").keep("f1", "v1", io.BytesIO(TEXT), PDF)
    theirs = begin("r2").keep("f1", "v1", io.BytesIO(b"made anew"), PDF)
    assert theirs.file == ours.file
    assert len(everything(begin())) == 1


def test_a_file_that_was_deleted_is_fetched_again(begin, blobs):
    begin().keep("f1", "v1", io.BytesIO(TEXT), PDF)
    blobs.delete(everything(begin()))
    assert begin("r2").find("f1", "v1", PDF) is None
    assert begin("r2").keep("f1", "v1", io.BytesIO(TEXT), PDF).state == "unchanged"
    assert begin("r2").find("f1", "v1", PDF)


@pytest.mark.parametrize(
    ("announced", "why"),
    [
        ({"size": 10}, "9 bytes instead of 10"),
        ({"sha256": "0" * 64}, "SHA-256"),
        ({"md5": "0" * 32}, "MD5"),
        ({"most": 8}, "more than 8 bytes"),
    ],
)
def test_what_is_not_as_announced_is_never_there(begin, announced, why):
    expected = Expected(name="a.pdf", **announced)
    with pytest.raises((Mismatch, TooMuch), match=why):
        begin().keep("f1", "v1", io.BytesIO(TEXT), expected)
    assert everything(begin()) == []
    assert begin().find("f1", "v1", PDF) is None


def test_what_is_as_announced_is_kept(begin):
    sums = {"sha256": hashlib.sha256(TEXT).hexdigest(), "md5": hashlib.md5(TEXT).hexdigest()}  # noqa: S324
    for number, name in enumerate(sums):
        expected = Expected(name="a", size=9, most=9, **{name: sums[name].upper()})
        assert begin().keep("f1", f"v{number}", io.BytesIO(TEXT), expected).file.size == 9


def test_places_are_apart(begin):
    begin().keep("f1", "v1", io.BytesIO(TEXT), PDF)
    assert begin(below="elsewhere").find("f1", "v1", PDF) is None


def test_ids_that_only_look_alike_are_apart(begin):
    paths = set()
    for id in ("a/b", "a_b", "a:b", "..", "."):
        paths.add(begin().keep(id, id, io.BytesIO(TEXT), PDF).file.uri)
    assert len(paths) == 5


def test_only_so_many_versions_are_noted_and_older_ones_are_found_all_the_same(begin, monkeypatch):
    monkeypatch.setattr(imports, "_VERSIONS", 3)
    for number in range(5):
        begin().keep("f1", f"v{number}", io.BytesIO(TEXT), PDF)
    noted = begin("r2")._documents.get("imports", begin()._key("f1")).data["files"]
    assert [entry["version"] for entry in noted] == ["v2", "v3", "v4"]
    assert begin("r2").find("f1", "v0", PDF).file.size == 9
    assert len(everything(begin())) == 5


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.pdf", "a.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\x\n.txt", "C_x_.txt"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        ("e\u0301.txt", "\u00e9.txt"),
        ("lone\ud800.txt", "lone_.txt"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_names_become_parts_of_paths(name, safe):
    assert safe_name(name) == safe
    assert len(safe_name(name).encode()) <= 200


@pytest.mark.parametrize("documents_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("size", [8 << 20, 16 << 20])
def test_a_large_one_that_is_not_as_announced_is_never_there_either(begin, size):
    """Such are uploaded in chunks: the last of them must not be the end."""
    with pytest.raises(Mismatch):
        begin().keep("f1", "v1", io.BytesIO(bytes(size)), Expected(name="a", sha256="0" * 64))
    assert everything(begin()) == []
    good = Expected(name="a", size=size, sha256=hashlib.sha256(bytes(size)).hexdigest())
    assert begin().keep("f1", "v1", io.BytesIO(bytes(size)), good).file.size == size


@given(st.text(st.characters(), max_size=600))
def test_any_name_becomes_a_part_of_a_path(name):
    safe = safe_name(name)
    assert fault(f"a/{safe}/b") is None
    assert len(safe.encode()) <= 200
    assert safe_name(safe) == safe


def test_all_users_are_noted_for_whom_a_file_came(documents, blobs):
    def begin_for(user: str) -> Imports:
        return Imports(documents, Place(blobs, "tenants/t/imports"), "drive", run=user, user=user)

    def users() -> list[str] | None:
        return documents.get("imports", begin_for("")._key("f1")).data["files"][0].get("users")

    begin_for("ben").keep("f1", "v1", io.BytesIO(TEXT), PDF)
    assert users() == ["ben"]
    for user in ("ann", "ben", ""):
        assert begin_for(user).find("f1", "v1", PDF).state == (
            "new" if user == "ben" else "unchanged"
        )
    assert users() == ["ann", "ben"]
    begin_for("cat").keep("f1", "v1", io.BytesIO(TEXT), PDF)
    assert users() == ["ann", "ben", "cat"]
    found = documents.get("imports", begin_for("")._key("f1"))
    (file,) = found.data["files"]
    old = [{name: value for name, value in file.items() if name != "users"}]
    documents.update("imports", found.id, lambda _: {"files": old})
    begin_for("dan").find("f1", "v1", PDF)
    assert users() is None  # of one that came before users were noted, nobody knows
