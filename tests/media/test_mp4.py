"""Whatever is in a file, reading its boxes ends, and says what is wrong with it."""

from __future__ import annotations

import io
import subprocess
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.media.ffmpeg import executable
from common.media.mp4.agreeing_sound import why_not_sound
from common.media.mp4.agreement import aspect, colour, disagreement, turn
from common.media.mp4.film import NotMp4, read_film
from common.media.mp4.lanes import pictures, sounds
from common.media.mp4.reel import laid_out
from common.media.probe import NotAVideo

pytestmark = pytest.mark.usefixtures("ffmpeg")
TELLING = b"moov trak mdia minf stbl stts ctts stss stsz stsc stco mdhd tkhd elst stsd avc1 esds"


@pytest.fixture(scope="session")
def film_bytes(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("mp4") / "film.mp4"
    inputs = ["-f", "lavfi", "-i", "testsrc=s=32x32:d=0.4", "-f", "lavfi", "-i", "sine=d=0.4"]
    form = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    argv = [executable(), "-v", "error", *inputs, *form, str(path)]
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)
    return path.read_bytes()


def used(data: bytes) -> None:
    """All that is done with a film before any of its samples is read."""
    film = read_film(io.BytesIO(data), len(data))
    assert film.picture.width > 0
    (aspect(film.picture), colour(film.picture), turn(film.picture), film.seconds, film.late)
    if disagreement([film, film]) or why_not_sound([film, film]):
        return
    tracks = [film.picture] * 2
    assert film.sound
    heard = sounds([film.sound] * 2, [film.picture.seconds] * 2)
    reel = laid_out([pictures(tracks), heard])
    for span in reel.spans:
        assert 0 <= span.offset <= span.offset + span.length <= len(data)


def test_a_film_is_read(film_bytes):
    film = read_film(io.BytesIO(film_bytes), len(film_bytes))

    assert (film.picture.form, film.picture.width, film.picture.rate) == (b"avc1", 32, 25)
    assert film.picture.tables.count == 10
    assert film.sound
    assert film.sound.form == b"mp4a"
    used(film_bytes)


def test_an_edit_that_is_longer_than_the_picture_does_not_make_it_longer(film_bytes):
    changed = bytearray(film_bytes)
    lasts = film_bytes.index(b"elst") + 12
    changed[lasts : lasts + 4] = b"\x7f\xff\xff\xff"
    film = read_film(io.BytesIO(changed), len(changed))

    assert film.seconds == film.picture.seconds


@settings(max_examples=60, deadline=None, database=None)
@given(data=st.data())
def test_whatever_is_changed_in_its_tables_it_is_read_or_refused(film_bytes, data):
    changed = bytearray(film_bytes)
    begin = film_bytes.index(b"moov")
    names = [at for name in TELLING.split() if (at := film_bytes.find(name, begin)) > 0]
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.sampled_from(names)) + data.draw(st.integers(-4, 40))
        new = data.draw(
            st.sampled_from([b"\0", b"\1", b"\x7f", b"\xff", b"\xff\xff\xff\xff", b"\0\0\0\0"])
        )
        changed[at : at + len(new)] = new
    with suppress(NotAVideo):
        used(bytes(changed[: len(film_bytes)]))


@settings(max_examples=60, deadline=None, database=None)
@given(cut=st.floats(0, 1))
def test_wherever_it_is_cut_short_that_is_said(film_bytes, cut):
    end = int(cut * (len(film_bytes) - 100))
    with pytest.raises(NotAVideo):
        used(film_bytes[:end])


@given(data=st.binary(max_size=200))
def test_what_is_no_mp4_is_not_taken_for_one(data):
    with pytest.raises(NotAVideo):
        read_film(io.BytesIO(data), len(data))


def test_a_file_of_another_kind_may_be_a_film_all_the_same():
    with pytest.raises(NotMp4):
        read_film(io.BytesIO(b"\x1a\x45\xdf\xa3" + bytes(60)), 64)
