"""Blobs: a run's larger inputs and outputs, in files or in Cloud Storage."""

from __future__ import annotations

from common.blobs.base import Blob, Blobs
from common.blobs.errors import (
    BadPath,
    BlobExists,
    BlobNotFound,
    CannotSign,
    StageRemoved,
    StorageFull,
)
from common.blobs.sources import Source
from common.blobs.stage import Stage
from common.errors import Misconfigured

__all__ = [
    # the seam
    "Blob",
    "Blobs",
    "Source",
    "Stage",
    "open_blobs",
    # its errors
    "BadPath",
    "BlobExists",
    "BlobNotFound",
    "CannotSign",
    "StageRemoved",
    "StorageFull",
]


def open_blobs(url: str) -> Blobs:
    """Return the blobs below `url`: file:///absolute/folder or gs://bucket[/prefix].

    Nothing is touched yet; `Blobs.check` looks. Raises Misconfigured for another URL, or
    where Cloud Storage's client is not installed.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "file" and rest.startswith("/"):
        return _open_files(url)
    if scheme == "gs" and rest.partition("/")[0]:
        return _open_gcs(*rest.split("/", 1))
    raise Misconfigured(
        f"RUNJOBS_BLOBS is {url!r}: set it to file:///absolute/folder or gs://bucket[/prefix]."
    )


# A container's cold start pays for each import: only the backend in use is imported.
def _open_files(url: str) -> Blobs:
    from common.blobs.files import FileBlobs, folder_of

    return FileBlobs(folder_of(url))


def _open_gcs(bucket: str, prefix: str = "") -> Blobs:
    try:
        from common.blobs.gcs import GcsBlobs
    except ImportError as error:
        raise Misconfigured(
            f"gs://{bucket} needs google-cloud-storage: pip install 'runjobs[gcp]'."
        ) from error
    return GcsBlobs(bucket, prefix)
