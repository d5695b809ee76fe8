from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.media import ass, font
from common.media.words import clean, drawable, effort, excerpt, split
from jobs.video_generation import layout
from tests.jobs.video.films import apart, film, pictures

HOSTILE = (
    r"C:\new\help {\an8\fs400}BIG{\p1}m 0 0 l 9999 0 9999 9999 0 9999{\p0} \N\n\h",
    "it's 100% %{pts} %s \"quoted\" a:b;c,d=[v] [0:v] 'x' `id` $(id) ${HOME}",
    "line one\nline two\r\n\ttabbed\0null\x1b[31mred\x7f\u2028\u202eevil\u202c",
    "Dialogue: 0,0:00:00.00,9:00:00.00,Main,,0,0,0,,x\n[Events]\nStyle: Main,,,,",
    "\ud800 \udfff lone surrogates \ufffe\uffff",
    "שלום עולם hello مرحبا",
    "漢字かな交じり文。한국어",
    "Z\u0336\u0337\u0338a\u0301\u0302l\u0303g\u0304o " * 5,
    "x" * 2_000,
    "a " * 1_000,
    "😀" * 500,
    " \n\t ",
    "",
)


def none(_):
    return set()


@pytest.mark.usefixtures("ffmpeg")
@pytest.mark.parametrize("prompt", HOSTILE, ids=range(len(HOSTILE)))
def test_any_prompt_gives_a_film_that_is_mostly_background(tmp_path, prompt):
    clip = film(tmp_path, prompt=prompt, duration=0.5, width=160, height=90)

    bright = sum(light > 200 for light in pictures(clip)[8])
    assert bright < clip.width * clip.height / 3


@pytest.mark.usefixtures("ffmpeg")
def test_tags_are_drawn_and_not_obeyed(tmp_path):
    hidden = film(tmp_path / "a", prompt=r"{\alpha&HFF&}", duration=1)

    assert max(pictures(hidden)[18]) > 200


@given(st.text())
def test_nothing_in_a_text_is_a_tag_or_a_break(text):
    drawn = ass.literal(text)

    assert not re.search(r"(?<!\\)[{}]", drawn)
    assert not re.search(r"\\[^{}\u2060]", drawn)
    assert drawn.replace("\u2060", "").replace("\\{", "{").replace("\\}", "}") == text.replace(
        "\u2060", ""
    )


@given(st.text())
def test_a_cleaned_prompt_is_one_line_of_what_the_font_draws(text):
    line = clean(text, none)

    assert all(font.has(char) or char in "\u200c\u200d" for char in line)
    assert line == " ".join(line.split())
    line.encode()


def test_other_scripts_are_kept_if_this_machine_draws_them_but_never_emoji():
    assert clean("漢字 and 😀 words", set) == "漢字 and words"
    assert clean("漢字 and 😀 words", none) == "and words"


@pytest.mark.usefixtures("ffmpeg")
def test_what_no_font_draws_is_found_out(tmp_path):
    assert drawable({"A", "\U0010fffd"}, folder=tmp_path) == {"A"}
    assert not list(tmp_path.iterdir())


def test_latin_greek_and_cyrillic_need_no_other_font():
    assert all(map(font.has, "Ångström Ελλάδα Україна Łódź Đà Nẵng ŝ €£—…“”"))


@given(st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=300), st.integers(1, 200))
def test_an_excerpt_says_so_and_keeps_to_its_length(text, most):
    words = split(clean(text, none))
    kept = excerpt(words, most)

    if len(kept) < len(words):
        assert kept[-1].text.endswith("…")
    assert kept == words or sum(map(effort, kept[:-1])) <= most


@given(st.lists(st.text("abc.,!", min_size=1, max_size=12), min_size=1, max_size=120))
def test_pages_hold_every_word_once_and_in_order(texts):
    words = split(" ".join(texts))
    parts = layout.pages(words)

    assert [word for part in parts for word in part] == words
    assert all(parts)


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (320, 180), (512, 512)])
@given(text=st.text(alphabet=st.characters(max_codepoint=0x4FF), min_size=1, max_size=400))
def test_every_word_stands_inside_the_frame(size, text):
    words = split(clean(text, none))
    em, pages = layout.fit(layout.pages(words), *size)

    for placed in (placed for page in pages for placed in page.placed):
        half = em * font.width(placed.text) / 2
        assert half - 1 <= placed.x <= size[0] - half + 1
        assert em / 2 <= placed.y <= size[1] - em / 2


@pytest.mark.usefixtures("ffmpeg")
def test_a_long_prompt_is_shown_in_pages(tmp_path):
    prompt = "One page is calm and clear. " * 6
    clip = film(tmp_path, prompt=prompt, duration=8, width=160, height=90)
    frames = pictures(clip)

    assert apart(frames[90], frames[100]) < apart(frames[90], frames[115])
