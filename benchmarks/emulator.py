"""The same throughput on the Firestore emulator: figures that no target goes with.

They tell what the emulator can do, which is far from what Firestore can.
"""

from __future__ import annotations

import pytest

from benchmarks.table import heading, plain, show, skipped
from benchmarks.throughput import ENQUEUED, RUNS, ours
from tests.services.firestore import emulator

__all__ = ["measure"]


def measure(rounds: int) -> None:
    """Print them, of half the rounds, or why there are none."""
    heading(f"On the Firestore emulator: {RUNS:,} no-op runs, two tasks; {ENQUEUED:,} submitted")
    try:
        with emulator() as host:
            taken = [ours(emulator=host) for _ in range((rounds + 1) // 2)]
    except (pytest.skip.Exception, pytest.fail.Exception) as error:
        skipped(error)
        return
    show(
        [
            plain("runjobs, whole", [figures["runs"] for figures in taken], "runs/s"),
            plain("runjobs, submitting", [figures["enqueue"] for figures in taken], "runs/s"),
        ]
    )
