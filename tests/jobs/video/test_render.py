from __future__ import annotations

import pytest
from PIL import Image

from common.errors import InvalidInput
from common.media.ffmpeg import executable, run
from common.media.poster import poster
from common.media.probe import NotAVideo, probe
from jobs.video_generation.render import render
from tests.jobs.video.films import boxes, film

pytestmark = pytest.mark.usefixtures("ffmpeg")

FRAME = 1 / 30
NASTY = "a b:c'd\"e[f],g;h%03d=\\i{j}é"


@pytest.mark.parametrize(
    ("duration", "width", "height"),
    [(1, 320, 180), (1.01, 180, 320), (2.5, 128, 128), (0.05, 64, 64), (3.333, 160, 90)],
)
def test_it_lasts_as_long_as_asked_to_within_a_frame_at_the_size_asked(
    tmp_path, duration, width, height
):
    clip = film(tmp_path, duration=duration, width=width, height=height)

    assert clip == probe(clip.path)
    assert (clip.width, clip.height) == (width, height)
    assert clip.duration == pytest.approx(duration, abs=FRAME)
    assert clip.frames == pytest.approx(duration / FRAME, abs=1)


def test_it_is_h264_in_yuv420p_with_aac_sound(clip):
    said = run(["-i", str(clip.path), "-f", "null", "-"], keep=10_000)

    assert "Video: h264" in said
    assert "yuv420p" in said
    assert "Audio: aac" in said


def test_its_index_stands_before_its_data_so_that_it_plays_while_it_loads(clip):
    found = boxes(clip.path)

    assert found.index("moov") < found.index("mdat")


def test_only_the_film_is_left_in_the_folder(clip):
    assert [path.name for path in clip.path.parent.iterdir()] == ["video.mp4"]


def test_progress_only_grows_and_ends_at_one(tmp_path):
    told = []
    film(tmp_path, progress=told.append)

    assert told == sorted(told)
    assert told[0] == 0
    assert told[-1] == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"width": 321},
        {"height": 0},
        {"height": -180},
        {"duration": 0},
        {"duration": -1},
        {"duration": float("nan")},
    ],
)
def test_what_cannot_be_filmed_is_refused(tmp_path, asked):
    with pytest.raises(InvalidInput):
        film(tmp_path, **asked)

    assert not list(tmp_path.iterdir())


def test_the_same_prompt_and_seed_give_the_same_bytes_in_whatever_folder(tmp_path):
    plain = film(tmp_path / "plain").path.read_bytes()

    assert film(tmp_path / NASTY).path.read_bytes() == plain


def test_a_poster_is_a_jpeg_of_the_films_size(clip, tmp_path):
    target = tmp_path / f"{NASTY}.jpg"
    poster(clip.path, target, at=0.7)

    with Image.open(target) as picture:
        assert (picture.format, picture.size) == ("JPEG", (clip.width, clip.height))
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_there_is_no_poster_of_a_time_past_the_end(clip, tmp_path):
    with pytest.raises(NotAVideo):
        poster(clip.path, tmp_path / "poster.jpg", at=9)

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"not a video", b"\0\0\0\x18ftypmp42" + b"\0" * 900])
def test_garbage_is_not_a_video(tmp_path, content):
    path = tmp_path / "video.mp4"
    path.write_bytes(content)

    with pytest.raises(NotAVideo, match=r"video\.mp4"):
        probe(path)


def test_a_sound_is_not_a_video(clip, tmp_path):
    path = tmp_path / "sound.mp4"
    run(["-i", str(clip.path), "-vn", "-c", "copy", str(path)])

    with pytest.raises(NotAVideo):
        probe(path)


def test_a_film_cut_short_probes_as_shorter(clip, tmp_path):
    path = tmp_path / "cut.mkv"
    run(["-i", str(clip.path), "-c", "copy", "-f", "matroska", str(path)])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    assert probe(path).frames < clip.frames


def test_ffmpeg_is_found():
    assert executable()


def test_characters_that_no_font_here_draws_are_told_of(tmp_path):
    told = []
    render(
        prompt="fox \U0001f98a \U000f0000",
        seed=1,
        duration=0.5,
        width=320,
        height=180,
        folder=tmp_path,
        progress=lambda _: None,
        left_out=told.append,
    )
    assert told == ["\U0001f98a\U000f0000"]
