"""The video's way from where a provider says that it is to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.backoff import backoff
from common.fetch import FetchError, NotFetched, RefusedURL, TooLarge, fetch
from jobs.video_generation.remote.errors import BadVideo, Unfetched

if TYPE_CHECKING:
    from pathlib import Path

    from common.fetch import Guard
    from common.runtime import Context

__all__ = ["fetched"]

MOST = 1 << 29
"""Bytes. On Cloud Run the disk is memory: a minute of 1080p has a tenth of it."""
SECONDS = 300.0
TRIES = 3
BASE, CAP = 1.0, 10.0


def fetched(url: str, run: Context, *, title: str, guard: Guard) -> Path:
    """The video as a file in the run's folder; whether it is one, the probe decides.

    Raises BadVideo for a URL that is not gone to; Unfetched, after which another attempt fetches it
    from where it then is, since what was made and billed is not made again.
    """
    for number in range(1, TRIES + 1):
        try:
            return _fetched(url, run, guard)
        except (RefusedURL, TooLarge) as error:
            raise BadVideo(f"{title} made a video that is not fetched: {error}") from error
        except (FetchError, NotFetched) as error:
            if number == TRIES:
                why = f"{title} made the video, which could not be fetched: {error}"
                raise Unfetched(why, after=getattr(error, "after", None)) from error
            run.log.warning(f"The video could not be fetched: {error}", action="video-unfetched")
            run.sleep(backoff(number, base=BASE, cap=CAP))
    raise AssertionError("unreachable")


def _fetched(url: str, run: Context, guard: Guard) -> Path:
    file = run.folder / "video.mp4"
    run.progress(0.95, "Fetching the video")
    seconds = min(SECONDS, max(1.0, run.remaining))
    fetch(url, file, most=MOST, seconds=seconds, check=run.check, guard=guard)
    return file
