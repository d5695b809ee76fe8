from __future__ import annotations

import hashlib
import re

import pytest

from common.media.ffmpeg import run
from common.media.mp4.agreeing_sound import why_not_sound
from common.media.mp4.agreement import disagreement
from common.media.mp4.film import read_film
from tests.jobs.reel.clips import ONSET, frames, heard, onsets
from tests.jobs.video.films import boxes

ABC = ("a.mp4", "b.mp4", "c.mp4")
LENGTHS = {"a": 30, "b": 30, "c": 33}


def film(path):
    with path.open("rb") as stream:
        return read_film(stream, path.stat().st_size)


def packets(path, stream: str) -> list[str]:
    """The checksum of each packet."""
    said = run(
        ["-v", "error", "-i", str(path), "-map", stream, "-c", "copy", "-f", "framecrc", "pipe:2"],
        keep=1 << 20,
    )
    return re.findall(r"^0,.*(0x[0-9a-f]{8})", said, re.MULTILINE)


def test_clips_that_agree_are_joined_packet_by_packet(stitch, clips):
    result, reel = stitch(*ABC)

    assert (result["joined_by"], result["sound"], result["why"]) == ("copy", "copy", "")
    assert packets(reel, "0:v") == [each for name in ABC for each in packets(clips / name, "0:v")]
    assert boxes(reel) == ["ftyp", "moov", "mdat"]
    assert result["duration"] == pytest.approx(3.1, abs=0.001)
    assert [clip["begins"] for clip in result["clips"]] == [0, 1, 2]
    assert hashlib.sha256(reel.read_bytes()).hexdigest() == result["video"]["sha256"]
    assert reel.stat().st_size == result["video"]["size"]


def test_no_frame_is_black_doubled_or_missing_at_the_joints_and_sound_keeps_to_the_picture(stitch):
    _, reel = stitch(*ABC)

    shown = [(frame.clip, frame.number) for frame in frames(reel)]
    assert shown == [(clip, number) for clip, of in LENGTHS.items() for number in range(of)]
    film_of_it = film(reel)
    assert film_of_it.picture.tables.durations == ((93, 512),)
    assert film_of_it.sound.steady  # no gap, and nothing over another: players need not mend it
    for found, begins in zip(onsets(heard(reel)), (0, 1, 2), strict=True):
        assert found == pytest.approx(begins + ONSET, abs=0.012)  # half a packet


def test_many_joints_do_not_add_up(stitch):
    """Each clip has 46.9 packets of sound: as many as fit are taken, now 47, now 46."""
    result, reel = stitch(*["a.mp4"] * 12)

    assert result["sound"] == "copy"
    for number, found in enumerate(onsets(heard(reel))):
        assert found == pytest.approx(number + ONSET, abs=0.012)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("silent-square.mp4", "size"),
        ("fuller.mp4", "set-up of its decoder"),
        ("slower.mp4", "clock|frame rate"),
        ("turned.mp4", "turn"),
    ],
)
def test_what_differs_is_told(clips, other, why):
    films = [film(clips / "a.mp4"), film(clips / other)]

    assert re.search(f"^clip 2 has another ({why})", disagreement(films))


def test_sound_is_judged_by_itself(clips):
    films = [film(clips / name) for name in ("a.mp4", "a-silent.mp4")]

    assert disagreement(films) == ""
    assert why_not_sound(films) == "clip 2 has no sound"


def test_where_only_sound_differs_the_picture_stays_as_it_is(stitch):
    result, reel = stitch("a.mp4", "a-silent.mp4", "b.mp4")

    assert (result["joined_by"], result["sound"]) == ("copy", "encode")
    assert len(packets(reel, "0:v")) == 90
    first, second = onsets(heard(reel), level=500)
    assert first == pytest.approx(ONSET, abs=0.005)
    assert second == pytest.approx(2 + ONSET, abs=0.005)
