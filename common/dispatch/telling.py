"""What a dispatcher did, as log lines; of nothing there is none."""

from __future__ import annotations

from common.dispatch.dispatched import Dispatched
from common.dispatch.sweep import Swept
from common.runtime.log import Log
from common.words import several

__all__ = ["tell_of_queue", "tell_of_sweep"]


def tell_of_queue(queue: str, done: Dispatched) -> None:
    """What was started of a queue, and what could not be."""
    if done.started:
        message = f"Started {several(len(done.started), 'run')} of {queue}."
        Log().info(message, action="dispatched", queue=queue, runs=done.started)
    for error, ids in done.by_error().items():
        message = f"Could not start {several(len(ids), 'run')} of {queue}: {error}"
        Log().warning(message, action="not-started", queue=queue, runs=ids)


def tell_of_sweep(swept: Swept) -> None:
    """What a sweep found, and what went wrong in it."""
    done = {
        "found": swept.found,
        "rescued": len(swept.rescued),
        "started": len(swept.started),
        "continued": len(swept.continued),
        "removed": swept.removed,
    }
    if any(done.values()):
        said = {name: count for name, count in done.items() if count}
        Log().info("Swept.", action="swept", **said)
    for trouble in swept.troubles:
        Log().warning(f"Not all could be swept: {trouble}", action="sweep-trouble")
