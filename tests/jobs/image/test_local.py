"""Pictures that are drawn here: the same for the same words and seed, whole whatever was typed."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from common.media import font
from jobs.image_generation.local.canvas import Canvas
from jobs.image_generation.local.colours import PALETTES
from jobs.image_generation.local.figures import FIGURES
from jobs.image_generation.local.kinds import KINDS, PLAIN
from jobs.image_generation.local.lettering import letter, lettered
from jobs.image_generation.local.scene import Scene
from jobs.image_generation.sizes import _TIMES, pixels

RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
MOTIFS = {kind.paint.__name__: kind.paint for kind in (*KINDS, *PLAIN)}


def drawn(prompt: str, seed: int = 1, size: tuple[int, int] = (64, 48)) -> Image.Image:
    return Scene(prompt=prompt, seed=seed).draw(*size, check=lambda: None).image


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean, of 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


@settings(max_examples=6, deadline=None)
@given(st.text(min_size=1, max_size=60), st.integers(0, 2**31 - 1))
def test_the_same_words_and_seed_are_the_same_picture(prompt, seed):
    one = drawn(prompt, seed, (48, 40))
    assert one.tobytes() == drawn(prompt, seed, (48, 40)).tobytes()
    assert one.size == (48, 40)


def test_another_seed_or_other_words_are_another_picture():
    one = drawn("A quiet forest", 1)
    assert difference(one, drawn("A quiet forest", 2)) > 3
    assert difference(one, drawn("A loud city", 1)) > 3


@pytest.mark.parametrize("size", _TIMES)
def test_each_ratio_and_size_is_as_many_pixels_as_it_says(size):
    for ratio in RATIOS:
        width, height = pixels(ratio, size)
        across, down = map(int, ratio.split(":"))
        assert width / height == pytest.approx(across / down, rel=0.03)
        assert math.sqrt(width * height) == pytest.approx(512 * _TIMES[size], rel=0.05)


def test_a_picture_is_the_same_one_at_every_size():
    prompt, size = "Sailing boats at sunset", (256, 144)
    large = drawn(prompt, 3, (512, 288)).resize(size, Image.Resampling.BOX)
    assert difference(large, drawn(prompt, 3, size)) < difference(large, drawn(prompt, 4, size)) / 2


@pytest.mark.parametrize("name", MOTIFS)
@pytest.mark.parametrize("size", [(30, 68), (68, 30)])
def test_every_motif_fills_every_shape(name, size):
    palette = PALETTES[(sum(size) + len(name)) % len(PALETTES)]
    canvas = Canvas(*size, check=lambda: None)
    MOTIFS[name](canvas, palette, Random(7))  # noqa: S311
    assert canvas.image.size == size
    assert ImageStat.Stat(canvas.image.convert("L")).stddev[0] > 6, palette.name


def test_a_cloth_has_no_stripes():
    """Where they are, the brightness of each second row or so bends by much; else at folds only."""
    canvas = Canvas(400, 400, check=lambda: None)
    MOTIFS["silk"](canvas, PALETTES[0], Random(7))  # noqa: S311
    down = canvas.image.convert("L").crop((200, 0, 201, 400)).tobytes()
    bends = [abs(a - 2 * b + c) for a, b, c in zip(down, down[1:], down[2:], strict=False)]
    assert sorted(bends)[380] <= 3


@pytest.mark.parametrize("figure", [figure for _, figure in FIGURES])
@pytest.mark.parametrize("size", [(30, 68), (68, 30), (43, 41)])
def test_every_figure_is_seen_in_every_shape(figure, size):
    canvas = Canvas(*size, check=lambda: None)
    figure(canvas, PALETTES[sum(size) % len(PALETTES)], Random(7))  # noqa: S311
    assert canvas.image.size == size
    assert canvas.image.getbbox() is not None


@pytest.mark.parametrize(
    ("prompt", "kind", "mood"),
    [
        ("Sunset over the ocean", "sea", "dusk"),
        ("Neon city at night in the rain", "city", "neon"),
        ("MOUNTAINS in winter", "mountains", "winter"),
        ("A bouquet of roses, pink", "garden", "rose"),
        ("Saturn and its moons", "space", "night"),
        ("A camel in the desert", "desert", None),
        ("Foggy pines", "forest", "mist"),
        ("A red fox at dawn", "forest", "dawn"),
        ("Pines in the snow of a winter night", "forest", "night"),
        ("The blue sky over a city, at midnight", "city", "night"),
    ],
)
def test_words_decide_scene_and_mood(prompt, kind, mood):
    scene = Scene(prompt=prompt, seed=5)
    found = scene.kind()
    assert found.paint.__name__ == kind
    if mood is not None:
        assert scene.mood(found).name == mood


def test_words_that_are_only_within_others_decide_nothing():
    kinds = {Scene(prompt="Seasonal citymail spacebar", seed=seed).kind() for seed in range(30)}
    assert kinds == set(PLAIN)


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
@pytest.mark.parametrize("text", ["Short", "Words " * 60])
def test_white_letters_are_legible_on_whatever_is_below_them(palette, text):
    canvas = Canvas(300, 300, check=lambda: None)
    canvas.image.paste((255, 255, 255), (0, 0, 300, 300))
    plain = canvas.image.copy()
    letter(canvas, palette, text)
    rows = ImageChops.difference(canvas.image, plain).resize((1, 300), Image.Resampling.BOX)
    last = max(y for y in range(300) if sum(rows.getpixel((0, y))) > 3)
    foot = canvas.image.crop((0, 292, 300, 300))
    assert contrast(foot) >= 4.5
    # Somewhere in the letters' own rows it is as dark between them.
    between = canvas.image.crop((280, last - 24, 300, last))
    assert contrast(between) >= 4.5


def contrast(ground: Image.Image) -> float:
    """Of white on the brightest of it, as WCAG reckons."""

    def linear(band: int) -> float:
        part = band / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    brightest = max(
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
        for r, g, b in zip(*(band.tobytes() for band in ground.split()), strict=True)
    )
    return 1.05 / (brightest + 0.05)


@pytest.mark.parametrize(
    ("prompt", "left_out"),
    [
        ("Plain words", ""),
        ("Zürich, Łódź и Москва", ""),
        ("Party 🎉 at ten 👩‍🚀", "🎉👩🚀"),
        ("東京の夜", "の京夜東"),
        ("مرحبا", "ابحرم"),
        ("a\u202eb\x00c\ufeff", None),
        ("\ud800 alone", None),
        ("🎉", "🎉"),
        ("x" * 2_000, ""),
        ("long words " * 180, ""),
        ("{\\an8}<b>%s</b>", ""),
    ],
)
def test_whatever_was_typed_is_drawn_as_far_as_the_font_goes(prompt, left_out):
    text, missing = lettered(prompt)
    assert all(font.has(char) for char in text.replace(" ", ""))
    if left_out is not None:
        assert set(left_out) <= set(missing)
        assert bool(missing) == bool(left_out)
    assert drawn(prompt, size=(40, 70)).size == (40, 70)


def test_the_words_are_on_the_picture():
    """What differs from the same scene without them is at its foot, and white."""
    size = (256, 256)
    with_words = drawn("Quiet", 4, size)
    white = with_words.convert("L").point([0] * 225 + [255] * 31).crop((0, 200, 256, 256))
    assert ImageStat.Stat(white).mean[0] > 5
    assert difference(with_words, drawn("Quiet", 4, size)) == 0


def test_painting_ends_where_its_run_does():
    class End(BaseException):
        pass

    def check() -> None:
        raise End

    with pytest.raises(End):
        Scene(prompt="Mountains", seed=1).draw(64, 64, check=check)
