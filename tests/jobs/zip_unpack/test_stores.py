"""Archives in Cloud Storage, and whose places a run may reach."""

from __future__ import annotations

import hashlib
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from jobs.zip_unpack.crew import Crew
from tests.blobs.backends import Gcs
from tests.jobs.zip_unpack.crafted import Item, crafted
from tests.jobs.zip_unpack.test_unpacking import nested, zipped
from tests.jobs.zip_unpack.world import World, why

MIB = 1 << 20
TENANT = "tenants/acme"


@pytest.fixture(scope="module")
def bucket(gcs_url):
    backend = Gcs(gcs_url)
    yield backend
    backend.close()


@pytest.fixture(scope="module")
def cloud(bucket, tmp_path_factory):
    """A world whose blobs are in Cloud Storage."""
    found = World(tmp_path_factory.mktemp("cloud"), blobs="gs://unused")
    found.services.__dict__["blobs"] = bucket.blobs
    yield found
    found.close()


def names(bucket: Gcs, beginning: str = "") -> set[str]:
    """All objects there are, also those that no listing of blobs shows."""
    return {blob.name for blob in bucket.bucket.list_blobs(prefix=beginning)}


def test_an_archive_in_cloud_storage_is_unpacked_there(cloud, bucket):
    members = {f"f/{n}.txt": hashlib.shake_256(b"%d" % n).digest(2_000) for n in range(150)}
    members["large"] = b"abc" * 4_000_000
    result = cloud.result(cloud.run(zipped(members), max_ratio=2_000))
    assert cloud.files(result) == members
    assert bucket.bucket.get_blob(cloud.listed(result)[0].uri.split("/", 3)[3]).content_type
    assert names(bucket, ".partial") == set()


def test_one_that_is_bad_leaves_nothing_there(cloud, bucket):
    source = cloud.keep(crafted(*map(str, range(100)), Item(name="bad", crc=1)))
    before = names(bucket)
    assert "checksum" in why(cloud.run(source))
    assert names(bucket) == before


def test_archives_within_archives_are_read_where_they_were_put(cloud):
    assert cloud.unpacked(nested(1), nested=1)["0/deep.txt"] == b"deep"


def test_what_is_not_wanted_of_an_archive_is_not_fetched(cloud, bucket):
    large = Item(name="large", content=hashlib.shake_256(b"").digest(20 * MIB), flags=1)
    source = cloud.keep(crafted("before", large, "behind"))
    before = bucket.wire.received
    result = cloud.result(cloud.run(source, on_bad="skip"))
    assert result["files"] == 2
    assert bucket.wire.received - before < 4 * MIB


@pytest.mark.parametrize("destination", ["", f"{TENANT}/out"])
def test_a_tenants_run_reads_and_writes_within_its_reach(world, destination):
    path = f"{TENANT}/{destination.count('/')}.zip"
    world.blobs.write(path, zipped({"a": b"1"}))
    result = world.result(world.run(path, tenant="acme", destination=destination))
    assert world.files(result) == {"a": b"1"}


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"source": "tenants/rival/a.zip"}, "out of this run's reach"),
        ({"source": "file:///etc/passwd"}, "out of this run's reach"),
        ({"destination": "tenants/rival/out"}, "out of this run's reach"),
        ({"destination": "file:///tmp/out"}, "out of this run's reach"),
        ({"destination": f"{TENANT}/../rival"}, "cannot name a blob"),
        ({"destination": "runs/another/files"}, "out of this run's reach"),
        ({"manifest": "tenants/rival/list"}, "out of this run's reach"),
    ],
)
def test_a_tenants_run_reaches_nothing_else(world, params, said):
    world.blobs.write(f"{TENANT}/mine.zip", zipped({"a": b"1"}), replace=True)
    before = world.everything
    params = {"source": f"{TENANT}/mine.zip", **params}
    run = world.run(params.pop("source"), tenant="acme", **params)
    assert said in why(run)
    assert world.everything == before


def test_a_large_member_does_not_hold_up_the_others():
    """One thread is at the large one, and all others are unpacked meanwhile."""
    import threading

    from jobs.zip_unpack.segments import Outcome

    others_done, order = threading.Event(), []

    def work(segment, _reader, _told):
        if segment == "large":
            assert others_done.wait(10)
        order.append(segment)
        return Outcome()

    with Crew(work, [io.BytesIO(), io.BytesIO()]) as crew:
        for segment in ("large", *"abcdef"):
            crew.give(segment)
        for _ in range(6):
            assert crew.take(10)
        others_done.set()
        assert crew.take(10)
    assert order == [*"abcdef", "large"]


def test_two_runs_at_once_to_one_place_publish_one_and_the_same(world):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(100):
            archive.writestr(f"{number % 5}/{number}", b"%d" % number)
    source = world.keep(stream.getvalue())
    worlds = [World(world.folder) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        runs = [*pool.map(lambda one: one.run(source, destination="shared/both"), worlds)]
    for one, run in zip(worlds, runs, strict=True):
        assert len(one.files(one.result(run))) == 100
        one.close()
