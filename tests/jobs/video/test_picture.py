from __future__ import annotations

from itertools import pairwise

import pytest

from jobs.video_generation.palettes import PALETTES
from tests.jobs.video.films import apart, colours, contrast, film, luminance, pictures

MIDDLE = 1.0  # seconds into a film of one and a half: every word is there
READABLE = 4.5  # WCAG 2, AA


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_white_type_reads_on_every_colour(palette):
    for colour in (palette.ground, *palette.lights):
        assert contrast(1, luminance(colour)) >= READABLE


def test_the_words_stand_out_from_what_is_behind_them(clip):
    seen = sorted(map(luminance, colours(clip, MIDDLE)))
    type_, behind = seen[int(0.99 * len(seen))], seen[int(0.8 * len(seen))]

    assert contrast(type_, behind) >= READABLE


@pytest.mark.usefixtures("ffmpeg")
def test_the_words_are_those_of_the_prompt(tmp_path):
    """Without letters a film has but its rule; with them, bright pixels about its middle."""
    bare = film(tmp_path / "bare", prompt="\U0001f600")
    told = film(tmp_path / "told", prompt="HELLO")

    assert sum(light > 200 for light in pictures(bare)[18]) < 60
    lit = [i for i, light in enumerate(pictures(told)[18]) if light > 200]
    rows, columns = {i // told.width for i in lit}, {i % told.width for i in lit}
    assert len(lit) > 300
    assert 60 < min(rows) < max(rows) < 140
    assert min(columns) + max(columns) == pytest.approx(told.width, abs=8)


def test_it_moves_throughout(clip):
    frames = pictures(clip)

    assert all(apart(a, b) > 0.05 for a, b in zip(frames[1:], frames[4:-4:], strict=False))


def test_it_opens_and_closes_in_the_dark(clip):
    frames = pictures(clip)
    middle = sum(frames[len(frames) // 2])

    assert sum(frames[0]) < middle / 2
    assert sum(frames[-1]) < middle / 2


@pytest.mark.usefixtures("ffmpeg")
def test_another_seed_is_another_look(tmp_path, clip):
    other = film(tmp_path, seed=2, duration=1.5)

    assert apart(pictures(clip)[30], pictures(other)[30]) > 2


@pytest.mark.usefixtures("ffmpeg")
def test_its_background_is_not_banded(tmp_path):
    """Grain: few neighbours on a row of a soft gradient are exactly as bright."""
    clip = film(tmp_path, prompt="\U0001f600", width=640, height=360)
    row = pictures(clip)[15][180 * 640 : 181 * 640]
    same = "".join("=" if a == b else " " for a, b in pairwise(row))

    assert max(map(len, same.split())) < 64
