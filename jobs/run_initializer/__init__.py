"""run-initializer: from files, wherever they are, to tables of what stands in them.

start ─► import ──────► unpack ─────► extract ────────────► report    all in one batch but the start
           │              │              │
           drive-import   zip-unpack     extraction-batch ─► extraction, of each document
           gmail-import                                   ─► extraction-table ─► drive-export

stage  one run of this job: it submits the next runs of others, as a batch within the chain's, whose
       continuation is the next stage
plan   what was asked for, checked, which stages hand on to each other
"""

from __future__ import annotations

from datetime import timedelta

from common.runtime import Context, job
from jobs.run_initializer.params import Came, RunInitializer

__all__ = ["Came", "RunInitializer", "run_initializer"]


@job(
    "run-initializer",
    queue="automation-tasks",
    cpu=1,
    memory="1Gi",
    timeout=timedelta(minutes=30),
    drain=timedelta(minutes=10),
)
def run_initializer(params: RunInitializer, run: Context) -> Came:
    """Import, unpack, extract and export: a whole chain, as one batch to watch."""
    from jobs.run_initializer.stages import go_on

    return go_on(params, run)
