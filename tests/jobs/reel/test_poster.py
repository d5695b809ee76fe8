from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.jobs.reel.clips import frames, spoilt
from tests.jobs.reel.test_join import film

ABC = ("a.mp4", "b.mp4", "c.mp4")


def shown(result) -> tuple[str, int]:
    """Which clip's picture it is, and its number; a JPEG's brightness has all values of a byte."""
    (frame,) = frames(Path(result["poster"]["uri"].removeprefix("file://")))
    return frame.clip, replace(frame, bright=16 + frame.bright * 219 / 255).number


@pytest.mark.parametrize(
    ("at", "clip", "number"),
    [(0.99, "a", 29), (1, "b", 0), (3.09, "c", 32)],
)
def test_it_is_the_picture_that_is_seen_at_that_second(stitch, at, clip, number):
    result, _ = stitch(*ABC, poster_at=at)

    assert shown(result) == (clip, number)
    assert result["poster"]["content_type"] == "image/jpeg"


def test_where_nobody_says_when_it_is_amid_the_clip_a_third_into_the_reel(stitch):
    """Which has key frames at 0 and 15."""
    result, _ = stitch(*ABC)

    assert shown(result) == ("b", 15)


def test_a_clip_whose_picture_cannot_be_decoded_is_left_out(stitch, clips, tmp_path):
    """Its tables are whole, so it would be joined as it is."""
    broken = spoilt(clips / "a.mp4", tmp_path / "broken.mp4")
    result, reel = stitch("b.mp4", str(broken), "c.mp4", on_bad="skip", poster_at=1.5)

    assert [each["source"].rpartition("/")[2] for each in result["skipped"]] == ["broken.mp4"]
    assert film(reel).picture.tables.count == 63
    assert shown(result)[0] == "c"


def test_a_clip_of_one_frame_has_one(stitch):
    result, _ = stitch("one.mp4")

    assert shown(result) == ("a", 0)
