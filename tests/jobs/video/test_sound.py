from __future__ import annotations

import pytest

from jobs.video_generation.scene import Scene
from tests.jobs.video.films import film, samples

FULL = 32_767
RATE = 48_000


def loudest(part) -> float:
    return max(map(abs, part)) / FULL


def test_it_sounds_without_clipping(clip):
    assert 0.05 < loudest(samples(clip)) < 0.95


def test_it_fades_in_and_out(clip):
    heard = samples(clip)
    edge, whole = RATE // 50 * 2, loudest(heard)

    assert loudest(heard[:edge]) < whole / 4
    assert loudest(heard[-edge:]) < whole / 4


def test_it_lasts_as_long_as_the_picture(clip):
    assert len(samples(clip)) / 2 / RATE == pytest.approx(clip.duration, abs=1 / 30)


def test_its_two_sides_differ(clip):
    heard = samples(clip)

    assert heard[::2] != heard[1::2]


@pytest.mark.usefixtures("ffmpeg")
@pytest.mark.parametrize("seed", range(2, 6))
def test_it_is_loud_enough_and_unclipped_for_any_seed(tmp_path, seed):
    clip = film(tmp_path, seed=seed, duration=4, width=64, height=64)

    assert 0.1 < loudest(samples(clip)) < 0.95


def test_its_graph_names_as_many_chords_as_it_joins(tmp_path):
    scene = {"prompt": "x", "seed": 1, "width": 64, "height": 64}
    for duration in (0.1, 1, 5, 60):
        graph = Scene(**scene, duration=duration).graph(tmp_path / "titles.ass")
        assert graph.count("aevalsrc") == graph.count("acrossfade") + 1
