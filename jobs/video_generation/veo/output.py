"""The video's way from the operation to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.blobs import BlobNotFound, open_blobs
from jobs.video_generation.remote.errors import BadVideo, OutputGone

if TYPE_CHECKING:
    from pathlib import Path

    from google.genai.types import Video

    from common.runtime import Context

__all__ = ["fetch", "folder"]

SCHEME = "gs://"
CHUNK = 1 << 20


def folder(run: Context) -> str | None:
    """Where Veo shall put the file: this attempt's place, if the blobs are in Cloud Storage."""
    uri = run.blobs.uri(run.path("veo"))
    return f"{uri}/" if uri.startswith(SCHEME) else None


def fetch(video: Video, run: Context) -> Path:
    """The video as a file in the run's folder. Raises OutputGone, BadVideo."""
    file = run.folder / "video.mp4"
    if video.video_bytes:
        file.write_bytes(video.video_bytes)
    else:
        _download(video.uri or "", file, run)
    _check_mp4(file)
    return file


def _download(uri: str, file: Path, run: Context) -> None:
    bucket, _, rest = uri.removeprefix(SCHEME).partition("/")
    if not uri.startswith(SCHEME) or not bucket or not rest:
        raise BadVideo(f"Veo gave {uri[:200]!r}, which is no file in Cloud Storage.")
    # It is Veo that names the file: not always below the root of the run's own blobs.
    blobs = open_blobs(SCHEME + bucket)
    try:
        with blobs.open(blobs.path(uri)) as source, file.open("wb") as target:
            while chunk := source.read(CHUNK):
                run.check()
                target.write(chunk)
    except BlobNotFound as error:
        raise OutputGone(f"Veo's file {uri} is not there, or no longer.") from error


def _check_mp4(file: Path) -> None:
    # ISO/IEC 14496-12: the first box is the file type's, after its length of four bytes.
    with file.open("rb") as stream:
        head = stream.read(12)
    if len(head) < 12 or head[4:8] != b"ftyp":
        size = file.stat().st_size
        raise BadVideo(f"What Veo gave is not an MP4 file: {size} bytes beginning {head!r}.")
