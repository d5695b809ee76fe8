"""What holds for blobs in Cloud Storage alone."""

from __future__ import annotations

import threading
from http import HTTPStatus

import pytest
import requests
from google.auth import exceptions as auth
from google.cloud.storage.retry import DEFAULT_RETRY

from common.blobs import BadPath, BlobNotFound, open_blobs
from common.blobs.gcs import GcsBlobs
from common.errors import Misconfigured, RunjobsError, Unavailable
from tests.blobs.backends import Wire, answering, connected
from tests.blobs.streams import MIB, Breaking, Pattern, pattern
from tests.services.process import free_port

CALLS = {
    "write": lambda blobs: blobs.write("a", b"x"),
    "large write": lambda blobs: blobs.write("a", Pattern(9 * MIB)),
    "replace": lambda blobs: blobs.write("a", b"x", replace=True),
    "open": lambda blobs: blobs.open("a"),
    "stat": lambda blobs: blobs.stat("a"),
    "list": lambda blobs: list(blobs.list()),
    "delete": lambda blobs: blobs.delete(["a"]),
    "check": lambda blobs: blobs.check(),
}


@pytest.fixture
def blobs(gcs) -> GcsBlobs:
    return gcs.blobs


@pytest.fixture(params=CALLS)
def call(request):
    """Each call that reaches for the bucket."""
    return CALLS[request.param]


def test_a_bucket_that_does_not_exist_is_named_with_the_fix_by_every_call(gcs, call):
    with pytest.raises(Misconfigured) as caught:
        call(gcs.open(bucket="no-such-bucket"))
    assert str(caught.value) == (
        "The bucket gs://no-such-bucket does not exist: make it with"
        " `gcloud storage buckets create gs://no-such-bucket`,"
        " or set RUNJOBS_BLOBS to gs:// and an existing one."
    )


def test_a_service_that_does_not_answer_is_unavailable_for_every_call(call):
    nobody = connected(f"http://127.0.0.1:{free_port()}", Wire())
    retry = DEFAULT_RETRY.with_delay(initial=0.001).with_timeout(0.01)
    with pytest.raises(Unavailable, match="did not answer for gs://bucket"):
        call(GcsBlobs("bucket", connect=lambda: nobody, retry=retry))
    nobody.client.close()


def test_a_refused_access_is_named_with_the_role_that_would_grant_it(gcs, call):
    gcs.wire.alter = answering(HTTPStatus.FORBIDDEN, {}, to="/b/")
    with pytest.raises(Misconfigured, match=r"is refused: grant roles/storage\.objectUser"):
        call(gcs.blobs)


def test_invalid_credentials_are_named_with_the_command_that_renews_them(gcs, call):
    gcs.wire.alter = answering(HTTPStatus.UNAUTHORIZED, {}, to="/b/")
    with pytest.raises(Misconfigured, match="run `gcloud auth application-default login`"):
        call(gcs.blobs)


def test_any_other_refusal_is_passed_on_with_its_reason(gcs, call):
    gcs.wire.alter = answering(HTTPStatus.BAD_REQUEST, {"error": {"message": "odd"}}, to="/b/")
    with pytest.raises(RunjobsError, match=r"Cloud Storage refused gs://b-.*odd"):
        call(gcs.blobs)


@pytest.mark.parametrize("retryable", [True, False])
def test_credentials_that_cannot_be_had_are_misconfigured_unless_they_may_come(retryable):
    def fail():
        raise auth.RefreshError("no token", retryable=retryable)

    expected = Unavailable if retryable else Misconfigured
    with pytest.raises(expected, match="no token"):
        GcsBlobs("bucket", connect=fail).stat("a")


def test_one_failed_try_is_repeated(gcs):
    failed = []

    def fail_once(request, answer):
        if request.method == "POST" and not failed:
            failed.append(request.url)
            answer.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return answer

    gcs.wire.alter = fail_once
    gcs.blobs.write("a", b"x", replace=True)
    assert failed
    assert gcs.blobs.read("a") == b"x"


@pytest.mark.parametrize(
    ("missing", "expected"),
    [([], None), (["create", "delete"], "objects.create, storage.objects.")],
)
def test_the_check_names_the_permissions_that_are_missing(gcs, missing, expected):
    granted = [
        f"storage.objects.{verb}"
        for verb in ("create", "delete", "get", "list")
        if verb not in missing
    ]
    gcs.wire.alter = answering(HTTPStatus.OK, {"permissions": granted}, to="/iam/testPermissions")
    if expected is None:
        gcs.blobs.check()
    else:
        with pytest.raises(Misconfigured, match=rf"{expected}.*Grant roles/storage.objectUser"):
            gcs.blobs.check()


def test_reading_ranges_of_a_large_blob_fetches_little_more_than_the_ranges(gcs):
    size = 64 * MIB
    gcs.bucket.blob("big").upload_from_string(pattern(0, size))
    gcs.wire.received = 0
    with gcs.blobs.open("big") as stream:
        for start in (0, 50 * MIB, 3 * MIB, size - 100):
            stream.seek(start)
            assert stream.read(100) == pattern(start, start + 100)
    assert gcs.wire.received < 5 * 64 * 1024


def test_opening_a_blob_fetches_none_of_its_bytes(gcs):
    gcs.blobs.write("big", Pattern(9 * MIB))
    gcs.wire.received = 0
    gcs.blobs.open("big").close()
    assert gcs.wire.received < 10_000


def test_reading_on_takes_few_requests_and_each_byte_once(gcs):
    size = 40 * MIB
    gcs.bucket.blob("big").upload_from_string(bytes(size))
    gcs.wire.received, gcs.wire.sent = 0, []
    with gcs.blobs.open("big") as stream:
        while stream.read(100_000):
            pass
    assert gcs.wire.received < size + 10_000
    assert len(gcs.wire.sent) <= 16


@pytest.mark.parametrize("already_read", [0, 1])
def test_a_reader_whose_version_was_replaced_says_so_instead_of_mixing(blobs, already_read):
    blobs.write("a", Pattern(MIB))
    with blobs.open("a") as stream:
        assert len(stream.read(already_read)) == already_read
        blobs.write("a", b"second", replace=True)
        with pytest.raises(BlobNotFound, match="replaced or deleted after it was opened"):
            stream.read()


def test_a_range_that_is_cut_short_is_never_taken_for_the_end(gcs):
    gcs.blobs.write("a", Pattern(MIB))

    def cut(_, answer):
        if "alt=media" in answer.url:
            answer.close()
            raise requests.exceptions.ChunkedEncodingError("cut")
        return answer

    with gcs.blobs.open("a") as stream:
        gcs.wire.alter = cut
        gcs.blobs._objects.calls["retry"] = DEFAULT_RETRY.with_timeout(0.01)
        with pytest.raises(Unavailable, match="did not answer"):
            stream.read()


def test_a_small_blob_is_one_request_and_a_large_one_is_chunks(gcs):
    gcs.wire.sent = []
    gcs.blobs.write("small", Pattern(8 * MIB))
    assert [method for method, _ in gcs.wire.sent] == ["POST"]
    gcs.wire.sent = []
    gcs.blobs.write("large", Pattern(20 * MIB), replace=True)
    assert [method for method, _ in gcs.wire.sent] == ["POST", "PUT", "PUT", "PUT"]


def test_nothing_is_sent_beside_what_was_asked_for(gcs, gcs_url, monkeypatch):
    started = []

    def start(thread):
        started.append(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    wire = Wire()
    fresh = connected(gcs_url, wire)
    blobs = GcsBlobs(gcs.bucket.name, connect=lambda: fresh)
    blobs.write("a", b"x")
    assert blobs.stat("a") in list(blobs.list())
    assert started == []
    assert [method for method, _ in wire.sent] == ["POST", "GET", "GET"]
    fresh.client.close()


def test_every_if_absent_upload_carries_the_condition_and_no_replacing_one_does(gcs):
    gcs.wire.sent = []
    for size in (1, 9 * MIB):
        gcs.blobs.write(f"{size}", Pattern(size))
        gcs.blobs.write(f"{size}", Pattern(size), replace=True)
    starts = [url for method, url in gcs.wire.sent if method == "POST"]
    assert ["ifGenerationMatch=0" in url for url in starts] == [True, False, True, False]


def test_a_large_write_to_a_taken_path_is_refused_before_its_bytes_travel(gcs):
    gcs.blobs.write("a", b"x")
    gcs.wire.sent = []
    with pytest.raises(RunjobsError, match="exists"):
        gcs.blobs.write("a", Breaking(8 * MIB + 1, AssertionError("read on")))
    assert [method for method, _ in gcs.wire.sent] == ["GET"]


def test_a_prefix_keeps_stores_in_one_bucket_apart(gcs):
    one, other = gcs.open("/team/one/"), gcs.open("team/one-more")
    one.write("a", b"1")
    other.write("a", b"2")
    assert one.uri("a") == f"gs://{gcs.bucket.name}/team/one/a"
    assert one.path(one.uri("a")) == "a"
    assert [blob.path for blob in one.list()] == ["a"]
    assert [blob.path for blob in gcs.blobs.list()] == ["team/one-more/a", "team/one/a"]
    assert (one.delete(["a"]), one.stat("a"), other.read("a")) == (1, None, b"2")
    with pytest.raises(BadPath):
        one.path(other.uri("a"))


def test_prefix_and_path_together_keep_to_the_limit(gcs):
    with pytest.raises(BadPath, match="longer than 1024"):
        gcs.open("p" * 200).write("/".join(["x" * 200] * 5), b"x")


def test_objects_whose_names_are_no_paths_are_left_out_of_a_list(gcs):
    for name in ("a/", "a//b", "a/b"):
        gcs.bucket.blob(name).upload_from_string(b"")
    assert [blob.path for blob in gcs.blobs.list()] == ["a/b"]


def test_the_emulators_variable_is_honoured(gcs, gcs_url, monkeypatch):
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", gcs_url)
    blobs = open_blobs(f"gs://{gcs.bucket.name}/x")
    blobs.write("a", b"y")
    assert gcs.blobs.read("x/a") == b"y"
    blobs._objects.connection.client.close()
