"""Clips in Cloud Storage: the disk is memory there, and what is fetched is soon removed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from common.media.mp4.film import read_film
from jobs.reel_stitching import sources
from tests.blobs.backends import Gcs
from tests.chaos.counts import CHAOS
from tests.jobs.extraction.ledger import Ledger


@pytest.fixture
def bucket(ledger, clips, gcs_url):
    ledger.__dict__["blobs"] = blobs = Gcs(gcs_url).blobs
    for name in ("a", "b", "c"):
        blobs.write(f"shared/{name}.mp4", clips / f"{name}.mp4")
    return blobs


@pytest.mark.parametrize("params", [{}, {"width": 96, "height": 54}] if CHAOS else [{}])
def test_clips_of_a_bucket_are_joined_with_one_on_the_disk_at_a_time(
    ledger, bucket, monkeypatch, params
):
    monkeypatch.setattr(sources, "ROOM", 0)
    most = watched(monkeypatch)
    run = ledger.perform("reel-stitching", {"folder": "shared", **params})
    result = Ledger.result(run)

    data = bucket.read(bucket.path(result["video"]["uri"]))
    assert read_film(io.BytesIO(data), len(data)).picture.tables.count == 93
    assert len(data) == result["video"]["size"]
    assert [blob.path.rpartition("/")[2] for blob in bucket.list(f"runs/{run.id}/")] == [
        "poster.jpg",
        "reel.mp4",
    ]
    assert 1 <= max(most) <= 2  # the one that is joined or encoded, beside another or a poster


def watched(monkeypatch) -> list[int]:
    """How many copies there are, whenever there is one more."""
    found: list[int] = []
    fetched = sources.Copies._fetched

    def counted(copies, source) -> Path:
        path = fetched(copies, source)
        found.append(sum(each.is_file() for each in path.parent.iterdir()))
        return path

    monkeypatch.setattr(sources.Copies, "_fetched", counted)
    return found
