"""Lines of a batch or of a topics file: objects, texts, comments; what is wrong has its number."""

from __future__ import annotations

from io import BytesIO

import pytest
from pydantic import Field

from common.errors import InvalidInput
from common.runtime import Params, job
from common.runtime.discover import find_job
from common.runtime.lines import Reading, models_of, values_of
from common.runtime.topics import job_of_topics, text_param

VIDEO = find_job("video-generation")
TEXT = Reading(text="prompt", others={"duration": 5.0})


class _Two(Params):
    title: str
    text: str = Field(alias="words")


@job("two")
def two(params: _Two, run) -> None: ...


@job("chosen", topics="text")
def chosen(params: _Two, run) -> None: ...


def read(*lines: bytes, reading: Reading = TEXT):
    return values_of(VIDEO, BytesIO(b"\n".join(lines)), reading)


def test_a_text_is_the_param_that_it_is_said_to_be_and_the_others_go_with_it():
    assert read(b"AI Innovation") == [{"duration": 5.0, "prompt": "AI Innovation"}]


def test_an_object_says_its_own_and_has_the_others_where_it_does_not():
    assert read(b'{"prompt": "a", "duration": 9}', b'{"prompt": "b"}') == [
        {"prompt": "a", "duration": 9},
        {"prompt": "b", "duration": 5.0},
    ]


@pytest.mark.parametrize(
    "line",
    ["[1] of 3", '"quoted"', "null", "12", "#hashtag", "a # b", "🚀 emoji", "\u200bzero", "- list"],
)
def test_whatever_does_not_begin_like_an_object_is_a_text(line):
    assert [each["prompt"] for each in read(line.encode())] == [line.strip()]


@pytest.mark.parametrize("line", [b"#", b"# a comment", b"## of two", b"#\ttab", b"", b"  ", b"\r"])
def test_comments_and_blank_lines_are_left_out(line):
    assert [each["prompt"] for each in read(line, b"x", line)] == ["x"]


def test_a_mark_at_the_beginning_and_windows_line_ends_are_no_part_of_it():
    assert [each["prompt"] for each in read(b"\xef\xbb\xbfa\r", b"b\r", b"")] == ["a", "b"]


def test_ten_thousand_lines_are_read_and_keep_their_order():
    found = read(*(f"topic {number}".encode() for number in range(10_000)))
    assert [each["prompt"] for each in found] == [f"topic {number}" for number in range(10_000)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"prompt": ', "line 2: this is not JSON"),
        (b"{no object}", "line 2: this is not JSON"),
        (b'{"prompt": "a", "colour": 1}', "line 2: video-generation: colour"),
        (b"caf\xe9", "line 2: it is not UTF-8 from its byte 4 on"),
        (b"x" * 2_001, "line 2: video-generation: prompt"),
        (b"a\x00b", "line 2: video-generation: a param holds a NUL"),
        ("\u3000".encode(), "line 2: video-generation: prompt"),
    ],
)
def test_what_is_wrong_is_told_by_its_number_and_all_is_refused(line, words):
    with pytest.raises(InvalidInput, match=words):
        read(b"good", line)


def test_without_a_text_each_line_is_an_object():
    for line in (b"text", b"# text"):
        with pytest.raises(InvalidInput, match="line 1: this is not JSON"):
            models_of(VIDEO, BytesIO(line))


def test_an_empty_file_is_a_sentence():
    with pytest.raises(InvalidInput, match="write one prompt, or JSON object, per line"):
        read(b"# nothing")


def test_the_param_is_the_one_that_is_declared_or_the_only_text_that_is_required():
    assert text_param(VIDEO) == "prompt"
    assert text_param(find_job("noop")) is None
    assert text_param(two) is None
    assert text_param(chosen) == "words"


def test_one_job_takes_topics_where_none_is_named():
    assert job_of_topics().name == "video-generation"
