"""Seeing a run through to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from common.backoff import backoff
from common.clock import Clock
from common.dispatch.errors import is_for_now
from common.dispatch.sweep import SOON
from common.errors import RunjobsError

if TYPE_CHECKING:
    from common.dispatch.dispatcher import Dispatcher
    from common.runs import Run

__all__ = ["looks"]


def looks(
    dispatcher: Dispatcher, id: str, on_trouble: Callable[[RunjobsError], None] | None, clock: Clock
) -> Iterator[Run]:
    """The run each time that it has been looked at, and advanced; see `Dispatcher.wait`."""
    run, failures = None, 0
    sweeping = clock.monotonic() + SOON.total_seconds()
    while True:
        try:
            run = dispatcher.runs.get(id)
            run, failures = dispatcher.advance(run), 0
            if clock.monotonic() >= sweeping:
                dispatcher.sweep()
                sweeping = clock.monotonic() + SOON.total_seconds()
        except RunjobsError as error:
            if not is_for_now(error):
                raise
            failures += 1
            if on_trouble is not None:
                on_trouble(error)
        if run is not None:
            yield run
            if run.state.ended:
                return
        if failures:
            clock.sleep(backoff(failures, base=5.0, cap=60.0))
        else:
            dispatcher.pause()
