# ruff: noqa: INP001 - it is run as a program
"""Unpacks archives, and says of each why it is refused and what the most memory has been so far."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from common.runs import Worker
from common.runtime.perform import perform
from common.runtime.submission import new_run
from common.services import Services
from common.settings import Settings
from jobs.zip_unpack import zip_unpack

services = Services(Settings.load())
for source in map(Path, sys.argv[1:]):
    params = json.loads(source.with_suffix(".json").read_text())
    model = zip_unpack.validate({"source": source.as_uri(), **params})
    new = new_run(zip_unpack, model, now=services.documents.now())
    run = services.runs.begin(new, Worker(execution=None, name="test"))
    run = perform(zip_unpack, services, run)
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(json.dumps([run.error.message if run.error else "", peak]))  # noqa: T201
services.close()
