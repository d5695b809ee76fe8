"""Many containers at once in one thread: each yields the seconds that it waits."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Iterable

from common.limits import Limiter
from tests.time import FakeTime

Actor = Generator[float, None, None]


def simulate(time: FakeTime, actors: Iterable[Actor], *, until: float) -> None:
    """Moves time from one actor's next step to that of another."""
    due = [(time.elapsed, number, actor) for number, actor in enumerate(actors)]
    while due and due[0][0] < until:
        moment, number, actor = heapq.heappop(due)
        time.elapsed = max(time.elapsed, moment)
        wait = next(actor, None)
        if wait is not None:
            heapq.heappush(due, (time.elapsed + wait, number, actor))
    for _, _, actor in due:
        actor.close()


def caller(
    limiter: Limiter,
    time: FakeTime,
    called: list[float],
    took: float,
    at_once: Callable[[int], None] = lambda _: None,
) -> Actor:
    """Waits for a turn, calls for `took` seconds, and again."""
    while True:
        claim = limiter._claim()
        while wait := claim.advance():
            yield wait
        turn = limiter._given(claim, 0.0)
        called.append(time.elapsed)
        at_once(1)
        yield took
        at_once(-1)
        turn.release()
