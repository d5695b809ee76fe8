from __future__ import annotations

import math
from itertools import groupby

import pytest

from common.runs import State
from tests.jobs.reel.clips import ONSET, STEP, frames, heard, onsets, spoilt
from tests.jobs.reel.test_join import film

CORNER = "crop=8:8:0:0"
BLACK = 30


def shown(reel) -> list[tuple[str, list[int]]]:
    """Of each clip in turn, which frames of it are seen, beginning with 0."""
    found = []
    for name, group in groupby(frames(reel), lambda frame: frame.clip):
        bright = [frame.bright for frame in group]
        found.append((name, [round((each - bright[0]) / STEP) for each in bright]))
    return found


def test_clips_of_all_kinds_become_alike(stitch):
    """A square without sound at 25 a second, one that is turned, a Matroska, and fragments."""
    names = ("a.mp4", "silent-square.mp4", "turned.mp4", "a.mkv", "frag.mp4")
    result, reel = stitch(*names)

    assert (result["joined_by"], result["sound"]) == ("encode", "encode")
    assert result["why"] == "clip 4 is no plain MP4"
    assert (result["width"], result["height"], result["fps"]) == (160, 90, 30)
    every = [*range(30)]
    square = [round(number * 25 / 30 - 0.01) for number in range(24)]
    assert [name for name, _ in shown(reel)] == ["a", "d", "b", "a", "b"]
    for (_, found), wanted in zip(shown(reel), (every, square, every, every, every), strict=True):
        assert found == pytest.approx(wanted, abs=1)
        assert len(found) == len(wanted)
    bars = [frame.bright < BLACK for frame in frames(reel, CORNER)]
    assert [bar for bar, _ in groupby(bars)] == [False, True, False]
    assert bars.count(True) == 24 + 30
    begins = [clip["begins"] for clip in result["clips"]]
    assert begins == pytest.approx([0, 1, 1.8, 2.8, 3.8])
    sounding = [begins[index] + ONSET for index in (0, 2, 3, 4)]
    assert onsets(heard(reel), level=1_000) == pytest.approx(sounding, abs=0.005)


def test_all_are_equally_loud(stitch):
    """The one is ten times as loud as the other."""
    result, reel = stitch("a.mp4", "b.mp4", loudness="on")

    assert (result["joined_by"], result["sound"]) == ("copy", "encode")
    samples = heard(reel)
    first, second = (power(samples, begin + 0.6, begin + 0.9) for begin in (0, 1))
    assert first == pytest.approx(second, rel=0.06)


def test_crop_fills_the_frame(stitch):
    result, reel = stitch("silent-square.mp4", width=160, height=90, fit="crop")

    assert (result["width"], result["sound"]) == (160, "none")
    assert all(frame.bright > BLACK for frame in frames(reel, CORNER))


def test_a_cross_fade_has_each_frame_once_and_all_between(stitch):
    result, reel = stitch("a.mp4", "b.mp4", "c.mp4", fade=0.2)

    assert result["duration"] == pytest.approx((30 + 30 + 33 - 12) / 30, abs=0.001)
    assert [clip["begins"] for clip in result["clips"]] == pytest.approx([0, 0.8, 1.6])
    found = frames(reel)
    assert len(found) == 81
    blues = [frame.blue for frame in found]
    spans = ((0, 24), (30, 48), (54, 81))
    for (begin, end), name in zip(spans, "abc", strict=True):
        assert {frame.clip for frame in found[begin:end]} == {name}
        assert max(blues[begin:end]) - min(blues[begin:end]) <= 4
    assert blues[24:31] == sorted(blues[24:31])
    assert blues[48:55] == sorted(blues[48:55], reverse=True)
    assert onsets(heard(reel), level=1_000)[0] == pytest.approx(ONSET, abs=0.005)
    assert len(heard(reel)) == pytest.approx(81 * 1600, abs=1024)


def test_what_is_written_is_over_its_own_clip_and_obeys_nobody(stitch, tmp_path):
    srt = tmp_path / "lines.srt"
    srt.write_text("1\n00:00:01,000 --> 00:00:01,500\n<b>MMMMMMMM</b>\n", encoding="utf-8")
    hostile = r"{\an8\p1\fs500}m 0 0 l 900 0 900 900 \N', drop; [0:v]%{n}"
    result, reel = stitch(*["a-silent.mp4"] * 2, captions=["", hostile], subtitles=str(srt))

    assert result["why"] == "words are drawn over it"
    assert result["warnings"] == []
    low = [frame.bright for frame in frames(reel, "crop=100:14:30:68")]
    top = [frame.bright for frame in frames(reel, "crop=160:20:0:0")]
    plain = [frame.bright for frame in frames(reel, "crop=10:60:0:20")]
    assert low[:30] == pytest.approx(plain[:30], abs=3)
    assert all(abs(one - other) > 3 for one, other in zip(low[30:40], plain[30:40], strict=True))
    assert top == pytest.approx(plain, abs=3)


def test_a_title_leaves_the_middle_to_what_the_clip_says_itself(stitch):
    _, reel = stitch("a-silent.mp4", title="■" * 6)

    top, middle, plain = (
        [frame.bright for frame in frames(reel, f"crop={place}")]
        for place in ("20:4:70:12", "160:40:0:35", "10:60:0:20")
    )
    assert middle == pytest.approx(plain, abs=3)
    assert min(one - other for one, other in zip(top, plain, strict=True)) > 20


def test_of_two_captions_the_one_is_gone_before_the_other_comes(stitch):
    asked = {"width": 640, "height": 360, "fade": 0.4}
    _, reel = stitch(*["a-silent.mp4"] * 2, captions=["■" * 20, "."], **asked)

    low, plain = (
        [frame.bright for frame in frames(reel, f"crop={place}")]
        for place in ("20:6:200:321", "40:200:0:80")
    )
    over = [one - other for one, other in zip(low, plain, strict=True)]
    assert min(over[:20]) > 20
    assert max(over[24:]) < 5


def test_music_lasts_to_the_end_and_gives_way(stitch, clips):
    """The music is a tone, as the clip is, that begins in the middle of each second."""
    music = str(clips / "music.flac")
    result, reel = stitch("b.mp4", "a-silent.mp4", "a-silent.mp4", music=music)

    assert (result["joined_by"], result["sound"]) == ("copy", "encode")
    samples = heard(reel)
    below, alone, ending = (tone(samples, 440, at + 0.6, at + 0.9) for at in (0, 1, 2))
    assert below < 0.7 * alone
    assert 0 < ending < 0.7 * alone
    assert len(samples) == pytest.approx(3 * 48_000, abs=1024)


BAD = {
    "empty.mp4": "it is empty",
    "cut-short.mp4": "it is cut short",
    "words.mp4": "it is no film",
    "only-sound.m4a": "it has no picture",
    "playlist.mp4": "it is no film",
}


def test_every_bad_clip_is_named_with_the_reason(ledger, clips):
    run = ledger.perform(
        "reel-stitching", {"clips": [str(clips / name) for name in ("a.mp4", *BAD)]}
    )

    assert run.state is State.FAILED
    said = run.attempts[-1].error.message
    for number, (name, why) in enumerate(BAD.items(), 2):
        assert f"clip {number} ({(clips / name).as_uri()}): {why}" in said


def test_bad_clips_are_left_out_where_that_was_asked_for(stitch):
    result, reel = stitch("empty.mp4", "a.mp4", "words.mp4", "b.mp4", on_bad="skip")

    assert [clip["source"].rpartition("/")[2] for clip in result["clips"]] == ["a.mp4", "b.mp4"]
    assert [each["why"][:12] for each in result["skipped"]] == ["it is empty", "it is no fil"]
    assert film(reel).picture.tables.count == 60


def test_a_clip_that_only_decoding_shows_to_be_broken_is_named(stitch, clips, tmp_path):
    """Its tables are whole, and its pictures are not."""
    broken = spoilt(clips / "a.mp4", tmp_path / "broken.mp4")
    names = ("b.mp4", str(broken), "c.mp4")
    result, reel = stitch(*names, on_bad="skip", width=96, height=54)

    assert [each["source"].rpartition("/")[2] for each in result["skipped"]] == ["broken.mp4"]
    assert film(reel).picture.tables.count == 63


def power(samples, begin: float, end: float) -> float:
    part = samples[int(begin * 48_000) : int(end * 48_000)]
    return math.sqrt(sum(each * each for each in part) / len(part))


def tone(samples, pitch: float, begin: float, end: float) -> float:
    """How loud one pitch is."""
    part = samples[int(begin * 48_000) : int(end * 48_000)]
    turn = math.tau * pitch / 48_000
    real = sum(each * math.cos(turn * index) for index, each in enumerate(part))
    imaginary = sum(each * math.sin(turn * index) for index, each in enumerate(part))
    return math.hypot(real, imaginary) / len(part)
