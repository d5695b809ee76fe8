"""What limiters are told, and what they are asked, in tests."""

from __future__ import annotations

import pytest

from common.limits import Limits, Policy, Throttled

TEN = Limits(name="pixverse", per_second=10)
POLICY = Policy(recovery=100)
ADAPTIVE = Limits(name="heygen", per_second=10, policy=POLICY)


def refused(limiter, after=None):
    with pytest.raises(Throttled):
        limiter.call(lambda: give_up(Throttled("429", after=after)))


def give_up(error):
    raise error


def rate_of(limiter, store):
    return limiter._board.standing().rate(store.now()).per_second
