"""Batches: how they stand, for people and for programs."""

from __future__ import annotations

from common.cli.parts import console, print_json, runs
from common.cli.run_table import COLOURS
from common.dispatch.report.batches import Standing, batch_data

__all__ = ["report_batch"]


def report_batch(found: Standing, *, in_json: bool) -> None:
    """Tell how a batch stands."""
    if in_json:
        print_json(batch_data(found))
        return
    batch, screen = found.batch, console()
    screen.print(f"Batch [bold]{batch.id}[/]: {runs(found.total)}", soft_wrap=True)
    for state, count in found.counts.items():
        if count:
            screen.print(f"  [{COLOURS[state]}]{state:<10}[/]{count:>8,}")
    if not batch.sealed:
        screen.print("  They are not all submitted yet; the same --key completes them.")
    if batch.then is not None:
        done = "was submitted" if not batch.open else "is submitted when all have ended"
        screen.print(f"  then {batch.then.job}, which {done}: {found.next}", soft_wrap=True)
    if found.waits:
        screen.print("  A batch within it is not over: more runs may come.")
    if batch.within is not None:
        screen.print(f"  within batch {batch.within}", soft_wrap=True)
    screen.print(f"  Its runs: `runjobs list --batch {batch.id}`.", soft_wrap=True)
