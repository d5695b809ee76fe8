"""From where Veo put the video to a file."""

from __future__ import annotations

import uuid

import pytest

from common.blobs import Blobs, open_blobs
from jobs.video_generation.remote import errors
from tests.jobs.veo.conftest import STUB
from tests.services.gcs import emulator
from tests.services.vertex import done


@pytest.fixture(scope="session")
def storage_host():
    with emulator() as url:
        yield url


@pytest.fixture
def bucket(storage_host, monkeypatch) -> Blobs:
    """Blobs in a bucket of their own."""
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import storage

    monkeypatch.setenv("STORAGE_EMULATOR_HOST", storage_host)
    name = f"veo-{uuid.uuid4().hex}"
    client = storage.Client(project="p", credentials=AnonymousCredentials())
    client.create_bucket(name)
    client.close()
    return open_blobs(f"gs://{name}/below")


def test_with_blobs_in_cloud_storage_veo_puts_the_video_there(vertex, begin, bucket):
    attempts = begin(blobs=bucket)
    made = bucket.write(f"runs/{attempts.id}/1/veo/123/sample_0.mp4", STUB * 1000)
    vertex.on_look.append(done(videos=[{"gcsUri": made.uri, "mimeType": "video/mp4"}]))
    assert attempts.attempt() == STUB * 1000
    asked = vertex.creates[0]["parameters"]["storageUri"]
    assert asked == bucket.uri(f"runs/{attempts.id}/1/veo") + "/"
    assert made.uri.startswith(asked)


def test_a_video_outside_of_the_runs_own_root_is_found_too(vertex, begin, bucket):
    root = open_blobs(bucket.uri("x").removesuffix("/below/x"))
    made = root.write("elsewhere/video.mp4", STUB)
    vertex.on_look.append(done(videos=[{"gcsUri": made.uri}]))
    assert begin(blobs=bucket).attempt() == STUB


def test_a_video_that_is_not_where_veo_says_has_its_own_error(vertex, begin, bucket):
    vertex.on_look.append(done(videos=[{"gcsUri": bucket.uri("nothing.mp4")}]))
    with pytest.raises(errors.OutputGone):
        begin(blobs=bucket).attempt()


@pytest.mark.parametrize("content", [b"{}", STUB[4:], b"\x00" * 64])
def test_a_file_in_cloud_storage_that_is_no_mp4_has_its_own_error(vertex, begin, bucket, content):
    made = bucket.write("video.mp4", content)
    vertex.on_look.append(done(videos=[{"gcsUri": made.uri}]))
    with pytest.raises(errors.BadVideo):
        begin(blobs=bucket).attempt()


def test_with_blobs_in_files_veo_gives_the_video_inline(vertex, attempts):
    vertex.on_look.append(done())
    with pytest.raises(errors.EmptyResult):
        attempts.attempt()
    assert "storageUri" not in vertex.creates[0]["parameters"]
