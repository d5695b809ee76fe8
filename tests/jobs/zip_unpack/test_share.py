"""How tasks divide an archive among them, in a time that only the test moves."""

from __future__ import annotations

import random

import pytest

from common.blobs import open_blobs
from jobs.zip_unpack.entry import Entry
from jobs.zip_unpack.errors import BadArchive
from jobs.zip_unpack.plan import Member
from jobs.zip_unpack.segments import Outcome, segments
from jobs.zip_unpack.share import REFUSED, Share


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def members(*sizes: int) -> list[Member]:
    entries = (Entry(f"{n}", b"", 0, 0, 0, size, size, n, 0) for n, size in enumerate(sizes))
    return [Member(entry, entry.name, 10**12) for entry in entries]


PARTS = segments(members(*[5_000_000] * 12))


@pytest.fixture
def clock():
    return Time()


@pytest.fixture
def share(tmp_path, clock):
    """A task's share, as often as asked: each has a process of its own."""

    def open_one(part: int = 0, parts: int = 1) -> Share:
        stage = open_blobs(tmp_path.as_uri()).stage("s")
        return Share(stage, "0", PARTS, part=part, parts=parts, clock=clock)

    return open_one


def work(share: Share) -> int | None:
    """Do one segment; returns its number."""
    if (segment := share.next()) is None:
        return None
    share.ended(segment, outcome(segment.number))
    share.note()
    return segment.number


def outcome(number: int) -> Outcome:
    return Outcome(sha256={number: "x"})


@pytest.mark.parametrize(
    ("sizes", "counts"),
    [
        ([], []),
        ([1], [1]),
        ([1] * 64, [64]),
        ([1] * 65, [64, 1]),
        ([10**9, 1, 1, 10**9, 1], [1, 2, 1, 1]),
        ([2_000_000] * 5, [2, 2, 1]),
    ],
)
def test_small_members_go_together_and_large_ones_alone(sizes, counts):
    found = segments(members(*sizes))
    assert [len(segment.members) for segment in found] == counts
    assert [segment.first for segment in found] == [sum(counts[:n]) for n in range(len(counts))]
    assert sum(segment.bytes for segment in found) == sum(sizes)


def test_one_that_is_alone_does_all_and_an_attempt_after_it_the_rest(share):
    first = share()
    assert [work(first) for _ in range(5)] == [0, 1, 2, 3, 4]
    assert first.next().number == 5  # and is killed
    again = share()
    assert [work(again) for _ in range(8)] == [*range(5, 12), None]
    assert again.is_over
    assert again.bytes == 12 * 5_000_000
    assert again.done == {number: outcome(number) for number in range(12)}


def test_large_segments_are_begun_first(tmp_path, clock):
    stage = open_blobs(tmp_path.as_uri()).stage("s")
    found = segments(members(5_000_000, 9_000_000, 7_000_000))
    share = Share(stage, "0", found, clock=clock)
    assert [share.next().number for _ in range(3)] == [1, 2, 0]


def test_each_begins_with_its_own_and_helps_the_others_from_the_end(share, clock):
    zero, one = share(0, 2), share(1, 2)
    assert [work(zero) for _ in range(6)] == [0, 2, 4, 6, 8, 10]
    clock.now += 1
    assert work(zero) == 11
    clock.now += 1
    assert [work(one) for _ in range(6)] == [1, 3, 5, 7, 9, None]
    assert one.is_over


def test_what_another_has_in_hand_is_left_to_it_as_long_as_it_gives_signs(share, clock):
    zero, one = share(0, 2), share(1, 2)
    theirs = one.next()
    while work(zero) is not None:
        clock.now += 0.2
    for _ in range(20):
        clock.now += 5
        one._look_around()
        assert zero.next() is None
        assert zero.others_are_busy
    clock.now += 10
    assert zero.next() is None
    clock.now += 11
    assert zero.next() == theirs


def test_tasks_that_share_do_each_segment_once_however_they_take_turns(tmp_path):
    for trial in range(60):
        dice, clock, done = random.Random(trial), Time(), []  # noqa: S311
        blobs = open_blobs((tmp_path / str(trial)).as_uri())
        shares = [
            Share(blobs.stage("s"), "0", PARTS, part=n, parts=3, clock=clock) for n in range(3)
        ]
        hands = {}
        while not all(share.is_over for share in shares):
            clock.now += dice.random()
            number = dice.randrange(3)
            if segment := hands.pop(number, None):
                shares[number].ended(segment, outcome(segment.number))
                shares[number].note()
                done.append(segment.number)
            elif segment := shares[number].next():
                hands[number] = segment
        assert sorted(done) == [*range(12)]


def test_one_that_has_refused_it_is_followed_by_the_others(share, clock):
    one = share(1, 2)
    one._stage.note(REFUSED, b'["a.zip", "it is bad"]')
    clock.now += 1
    with pytest.raises(BadArchive, match=r"a\.zip is refused: it is bad"):
        one.next()
