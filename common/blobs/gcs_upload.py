"""Uploads to Cloud Storage: by one request, or chunk by chunk where they are large."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import NotFound, PreconditionFailed

from common.blobs.gcs_errors import translated

if TYPE_CHECKING:
    from google.cloud.storage import Blob as StoredBlob

    from common.blobs.sources import SourceReader

__all__ = ["SIMPLE_BYTES", "simple_size", "upload"]

SIMPLE_BYTES = 8 * 1024 * 1024
"""Up to here a blob is one request; beyond, requests of this size each."""

_WRITE = "runjobs-write"


def simple_size(stream: SourceReader) -> int | None:
    """Return the bytes left in `stream` where one request carries them, else None."""
    size = len(stream.peek(SIMPLE_BYTES + 1))
    return size if size <= SIMPLE_BYTES else None


def upload(  # noqa: PLR0913 - what an upload is
    target: StoredBlob,
    stream: SourceReader,
    *,
    size: int | None,
    content_type: str,
    replace: bool,
    calls: dict[str, Any],
) -> bool:
    """Upload `stream` to `target`; False where, without `replace`, an object is there.

    `size` is as `simple_size` says; `calls` are timeout and retry of each request. Raises
    NotFound where there is no bucket.
    """
    mark = uuid.uuid4().hex
    target.metadata = {_WRITE: mark}
    target.chunk_size = SIMPLE_BYTES
    condition = {} if replace else {"if_generation_match": 0}
    try:
        with translated(f"gs://{target.bucket.name}/{target.name}"):
            target.upload_from_file(
                stream, size=size, content_type=content_type, **condition, **calls
            )
    except PreconditionFailed:
        # The first try may have been applied and its answer lost; then the second meets
        # what the first wrote, and that carries this write's own mark.
        return _carries(target, mark, calls)
    return True


def _carries(target: StoredBlob, mark: str, calls: dict[str, Any]) -> bool:
    try:
        with translated(f"gs://{target.bucket.name}/{target.name}"):
            target.reload(**calls)
    except NotFound:
        return False
    return bool((target.metadata or {}).get(_WRITE) == mark)
