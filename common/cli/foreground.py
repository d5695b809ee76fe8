"""Running a job in this very process, with its progress in view."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from common.cli.bar import Bar
from common.runs import Worker
from common.runtime.log import configure
from common.runtime.perform import perform
from common.runtime.signals import Signals
from common.runtime.submission import new_run

if TYPE_CHECKING:
    from pydantic import BaseModel

    from common.runs import Run
    from common.runtime.declare import Job
    from common.services import Services

__all__ = ["run_here"]


def run_here(services: Services, job: Job, params: BaseModel | None, *, quiet: bool) -> Run:
    """Make a run, and one attempt at it here and now.

    Raises Misconfigured, before anything is written, where something that the job needs is missing.
    """
    job.check()
    worker = Worker(execution=None, name=f"foreground-{os.getpid()}")
    new = new_run(job, params, now=services.documents.now())
    with Signals() as signals, Bar(quiet=quiet) as bar:
        # Only now: while the bar is shown stderr is the bar's, which keeps other lines above it.
        configure(as_json=False, stream=sys.stderr, labels={})
        run = services.runs.begin(new, worker)
        return perform(job, services, run, on_progress=bar.show, signals=signals)
