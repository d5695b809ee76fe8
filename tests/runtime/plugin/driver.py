# ruff: noqa: INP001 - it stands for an installed package
"""The entrypoint, with a lease of its own length, or told to end just as its claim is done."""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from functools import partial

from common import services
from common.runs import Runs
from common.runtime.entrypoint import main


class Told(Runs):
    """Of SIGTERM, right after the claim."""

    def begin(self, run, worker):
        claimed = super().begin(run, worker)
        os.kill(os.getpid(), signal.SIGTERM)
        return claimed


kind = Told if "TRIAL_TOLD" in os.environ else Runs
lease = timedelta(seconds=float(os.environ.get("TRIAL_LEASE", "60")))
services.Runs = partial(kind, lease=lease)
sys.exit(main())
