"""The stream over ranges: it reads what a file would read, by requests that grow."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.blobs.ranges import MAX_AHEAD, MIN_AHEAD, open_ranges
from common.errors import Unavailable
from tests.blobs.streams import MIB, pattern

SIZE = 300_000
DATA = pattern(0, SIZE)

steps = st.one_of(
    st.tuples(st.just("read"), st.integers(0, 200_000)),
    st.tuples(st.just("read1"), st.integers(1, 100_000)),
    st.tuples(st.just("seek"), st.integers(0, SIZE + 10)),
    st.tuples(st.just("read"), st.just(-1)),
)


class Asked:
    """Answers ranges of DATA and remembers them."""

    def __init__(self, data: bytes = DATA) -> None:
        self.data = data
        self.ranges: list[tuple[int, int]] = []

    def __call__(self, start: int, stop: int) -> bytes:
        assert 0 <= start < stop <= len(self.data)
        self.ranges.append((start, stop))
        return self.data[start:stop]


@given(st.lists(steps, max_size=12))
def test_any_steps_give_what_they_give_on_the_bytes_themselves(taken):
    ours, plain = open_ranges(Asked(), SIZE), io.BytesIO(DATA)
    for name, argument in taken:
        if name == "read1":
            part = ours.read1(argument)
            assert part == plain.read(len(part))
            assert part or plain.tell() >= SIZE
        else:
            assert getattr(ours, name)(argument) == getattr(plain, name)(argument)
        assert ours.tell() == plain.tell()


def test_requests_grow_while_reading_on_and_shrink_after_a_seek():
    asked = Asked(bytes(64 * MIB))
    stream = open_ranges(asked, 64 * MIB)
    while stream.tell() < 40 * MIB:
        stream.read(MIN_AHEAD)
    lengths = [stop - start for start, stop in asked.ranges]
    assert lengths == sorted(lengths)
    assert (lengths[0], lengths[-1]) == (MIN_AHEAD, MAX_AHEAD)
    asked.ranges.clear()
    stream.seek(60 * MIB)
    stream.read(1)
    assert asked.ranges == [(60 * MIB, 60 * MIB + MIN_AHEAD)]


def test_the_rest_is_read_by_one_request():
    asked = Asked(bytes(30 * MIB))
    assert len(open_ranges(asked, 30 * MIB).read()) == 30 * MIB
    assert asked.ranges == [(0, 30 * MIB)]


@pytest.mark.parametrize("answer", [b"", b"short"])
def test_a_short_answer_is_an_error_and_not_the_end(answer):
    stream = open_ranges(lambda _start, _stop: answer, SIZE)
    with pytest.raises(Unavailable, match=f"Only {len(answer)} of bytes 0 to"):
        stream.read(10)
    with pytest.raises(Unavailable, match=f"Only {len(answer)} of bytes 0 to"):
        stream.read()
