"""What a run reaches: its tenant's files, and no other's."""

from __future__ import annotations

import pytest

from common.blobs import BadPath, BlobNotFound, open_blobs
from common.files import OutOfReach, Places

RUNS = {"mine": "acme", "sibling": "acme", "theirs": "rival", "nobodys": ""}


@pytest.fixture
def blobs(tmp_path):
    store = open_blobs((tmp_path / "store").as_uri())
    for path in ("tenants/acme/a.txt", "tenants/rival/a.txt", "runs/theirs/1/a.txt", "open.txt"):
        store.write(path, path.encode())
    return store


@pytest.fixture
def places(blobs):
    def make(*, tenant="acme", in_cloud=True):
        return Places(blobs, run="mine", tenant=tenant, in_cloud=in_cloud, tenant_of=RUNS.get)

    return make


REACHED = ["tenants/acme", "tenants/acme/a.txt", "runs/mine", "runs/mine/1/x", "runs/sibling/1/x"]
OTHERS = [
    "tenants/rival/a.txt",
    "tenants/acm",
    "tenants/acmes/a.txt",
    "tenants",
    "runs/min",
    "runs/theirs/1/a.txt",
    "runs/nobodys/1/x",
    "runs/unknown/1/x",
    "runs",
    "open.txt",
]


@pytest.mark.parametrize("path", REACHED)
@pytest.mark.parametrize("in_cloud", [True, False])
def test_a_tenants_run_reads_its_tenants_files_and_runs(places, blobs, path, in_cloud):
    assert places(in_cloud=in_cloud).source(path).path == path
    assert places(in_cloud=in_cloud).source(blobs.uri(path)).path == path


@pytest.mark.parametrize("path", OTHERS)
@pytest.mark.parametrize("in_cloud", [True, False])
def test_it_reads_no_others(places, blobs, path, in_cloud):
    for text in (path, blobs.uri(path), f"{path}/"):
        with pytest.raises(OutOfReach):
            places(in_cloud=in_cloud).source(text)


@pytest.mark.parametrize(
    "text",
    ["tenants/acme/../rival/a.txt", "tenants/acme//a", "tenants/acme/./a", "runs/mine/../theirs/1"],
)
def test_no_way_leads_around(places, text):
    for way in (places().source, places().destination):
        with pytest.raises((OutOfReach, BadPath)):
            way(text).stat()


@pytest.mark.parametrize(
    "text",
    ["/etc/passwd", "file:///etc/passwd", "file://host/etc/passwd", "gs://other/a", "../secret"],
)
@pytest.mark.parametrize("in_cloud", [True, False])
def test_a_tenants_run_reaches_no_other_store(places, text, in_cloud):
    for way in (places(in_cloud=in_cloud).source, places(in_cloud=in_cloud).destination):
        with pytest.raises(OutOfReach):
            way(text)


@pytest.mark.parametrize(
    "text", ["https://example.com/a.zip", "http://169.254.169.254/", "ftp://a/b", "s3://a/b"]
)
@pytest.mark.parametrize("tenant", ["", "acme"])
def test_what_is_no_store_is_no_place(places, text, tenant):
    with pytest.raises(OutOfReach, match="gs://"):
        places(tenant=tenant).source(text)


def test_a_tenants_run_writes_to_its_tenant_and_itself_alone(places):
    for path in ("tenants/acme", "tenants/acme/new", "runs/mine", "runs/mine/1/new"):
        assert places().destination(path).path == path
    for path in ("runs/sibling/1/new", *OTHERS):
        with pytest.raises(OutOfReach):
            places().destination(path)


def test_the_operators_run_reaches_the_store_but_writes_in_no_other_run(places):
    operator = places(tenant="")
    assert operator.source("tenants/rival/a.txt").stat().size
    assert operator.destination("anywhere/else").path == "anywhere/else"
    with pytest.raises(OutOfReach):
        operator.destination("runs/theirs/2")


def test_files_of_the_machine_are_for_laptops(places, tmp_path):
    file = tmp_path / "ä b.txt"
    file.write_text("here")
    for text in (str(file), file.as_uri()):
        assert places(tenant="", in_cloud=False).source(text).read() == b"here"
        with pytest.raises(OutOfReach):
            places(tenant="", in_cloud=True).source(text)


def test_a_bare_name_is_the_stores_or_else_the_folders(places, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "open.txt").write_text("the folder's")
    (tmp_path / "bill.txt").write_text("the folder's")
    here = places(tenant="", in_cloud=False)
    assert here.source("open.txt").read() == b"open.txt"
    assert here.source("bill.txt").read() == b"the folder's"
    with pytest.raises(BlobNotFound):
        here.source("neither.txt").stat()


def test_a_file_that_is_not_there_is_no_blob_whichever_way_it_is_asked_for(places, tmp_path):
    absent = places(tenant="", in_cloud=False).source(str(tmp_path / "absent.txt"))
    for way in (absent.stat, absent.read, absent.open):
        with pytest.raises(BlobNotFound, match=r"absent\.txt"):
            way()


@pytest.mark.parametrize("text", [".", "./", "..", "../"])
def test_dots_are_the_folder_that_one_is_in_and_the_one_above(places, tmp_path, monkeypatch, text):
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    meant = tmp_path if ".." in text else tmp_path / "in"
    assert places(tenant="", in_cloud=False).destination(text).uri == meant.as_uri()


def test_a_folder_of_the_machine_is_a_place_to_list_and_to_write(places, tmp_path):
    folder = tmp_path / "out"
    destination = places(tenant="", in_cloud=False).destination(folder.as_uri())
    written = destination.below("a/b.txt")
    written.blobs.write(written.path, b"1")
    assert (folder / "a" / "b.txt").read_bytes() == b"1"
    assert destination.uri == folder.as_uri()
    source = places(tenant="", in_cloud=False).source(str(folder))
    assert [blob.path for blob in source.list()] == ["a/b.txt"]


def test_a_tenants_home_is_named_for_it_alone(places):
    assert places(tenant="a/b").home.path == "tenants/a%2Fb"
    assert places(tenant="").home.path == "shared"
