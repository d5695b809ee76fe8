"""Slots: never more holders than there may be, and none lost for good."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.documents import Query
from common.limits import SlotLost, Slots
from tests.faults import FAULTS, Faulty

TERM = timedelta(seconds=60)


@pytest.fixture
def slots(store, rng):
    return Slots(store, rng=rng)


def acquire(slots, limit, holder="me"):
    return slots.acquire("s", limit, holder, TERM)


@pytest.mark.parametrize("limit", [1, 2, 7, 30])
def test_all_slots_are_had_and_no_more(slots, limit):
    held = [acquire(slots, limit, f"holder-{number}") for number in range(limit)]
    assert {slot.index for slot in held} == set(range(limit))
    assert acquire(slots, limit) is None


def test_where_none_may_there_is_no_slot(slots):
    assert acquire(slots, 0) is None


def test_a_released_slot_is_had_again(slots):
    held = [acquire(slots, 5) for _ in range(5)]
    slots.release(held[3])
    assert acquire(slots, 5).index == held[3].index
    assert acquire(slots, 5) is None


def test_a_container_that_sees_the_slots_for_the_first_time_finds_the_free_one(slots, store):
    held = [acquire(slots, 9) for _ in range(9)]
    slots.release(held[0])
    assert acquire(Slots(store), 9).index == held[0].index


def test_a_holder_that_died_has_its_slot_until_the_term_ends(slots, time):
    acquire(slots, 1, "dead")
    time.advance(59.999)
    assert acquire(slots, 1, "next") is None
    time.advance(0.001)
    assert acquire(slots, 1, "next").holder == "next"


def test_a_slot_that_is_renewed_is_kept(slots, time):
    slot = acquire(slots, 1)
    for _ in range(5):
        time.advance(59)
        slot = slots.renew(slot, TERM)
        assert acquire(slots, 1, "other") is None
    assert slot.until == time.now() + TERM


def test_a_holder_that_lost_its_slot_is_told_and_takes_it_from_nobody(slots, time):
    late = acquire(slots, 1, "late")
    time.advance(60)
    owner = acquire(slots, 1, "owner")
    with pytest.raises(SlotLost, match="renew"):
        slots.renew(late, TERM)
    slots.release(late)
    assert acquire(slots, 1, "third") is None
    slots.renew(owner, TERM)


def test_a_slot_that_ran_out_and_nobody_took_can_still_be_renewed(slots, time):
    slot = acquire(slots, 1)
    time.advance(100)
    assert slots.renew(slot, TERM).until == time.now() + TERM


def test_a_lowered_limit_leaves_holders_and_lets_no_more_in(slots):
    held = [acquire(slots, 4) for _ in range(4)]
    for slot in held:
        if slot.index != 2:
            slots.release(slot)
    assert acquire(slots, 2) is not None
    assert acquire(slots, 2) is not None
    assert acquire(slots, 2) is None


def test_released_slots_beyond_a_lowered_limit_hide_none_within_it(slots, store):
    held = [acquire(slots, 60) for _ in range(60)]
    for slot in sorted(held, key=lambda slot: slot.index):
        slots.release(slot)
    fresh = Slots(store)
    assert [acquire(fresh, 2) is not None for _ in range(3)].count(True) == 2


def test_slots_of_other_names_are_other_slots(slots):
    assert slots.acquire("s", 1, "a", TERM)
    assert slots.acquire("s.0", 1, "a", TERM)
    assert slots.acquire("t", 1, "a", TERM)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_loses_no_slot_and_gives_none_twice(store, time, fault):
    faulty = Faulty(store, clock=time.clock)
    faulty._now = time.now
    slots = Slots(faulty)
    for number in range(3):
        faulty.faults.extend([fault, None, fault])
        assert acquire(slots, 3, f"h{number}") is not None
    assert acquire(slots, 3) is None
    assert len(store.query(Query("slots"))) == 3


def test_a_renewal_whose_answer_never_came_is_followed_by_the_next(store, time):
    faulty = Faulty(store, clock=time.clock, patience=0)
    faulty._now = time.now
    slots = Slots(faulty)
    slot = acquire(slots, 1)
    commit = faulty.inner._commit

    def lost(writes, token):
        commit(writes, token)
        raise faulty_error

    from common.errors import Unavailable

    faulty_error = Unavailable("lost, on command")
    faulty.inner._commit = lost
    with pytest.raises(Unavailable):
        slots.renew(slot, TERM)
    faulty.inner._commit = commit
    time.advance(30)
    assert slots.renew(slot, TERM).until == time.now() + TERM
