# ruff: noqa: INP001 - it is run as a program
"""The entrypoint, which stops at a point of zip-unpack and waits there for the test.

UNPACK_STOP is the point: `staged N`, after N members of this process; `published`, before the
manifest; `listed`, after it. It says "ready" there, and goes on when it is told a line.
"""

from __future__ import annotations

import os
import sys
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path

from common import services
from common.blobs.file_stage import FileStage
from common.runs import Runs
from common.runtime.entrypoint import main
from jobs.zip_unpack import publishing, share, unpack

lease = timedelta(seconds=float(os.environ.get("UNPACK_LEASE", "60")))
services.Runs = partial(Runs, lease=lease)
share._NOTED = 0.0
share._SILENT = float(os.environ.get("UNPACK_SILENT", "20"))
point, _, number = os.environ.get("UNPACK_STOP", "").partition(" ")
lock, counts = threading.Lock(), {"staged": 0}


def stop() -> None:
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()


def writing(write):
    def written(self, path, source, **options):
        with lock:  # of all threads none goes on
            write(self, path, source, **options)
            counts["staged"] += 1
            with Path(os.environ["UNPACK_LOG"]).open("a") as log:
                log.write(f"{path}\n")
            if point == "staged" and counts["staged"] == int(number):
                stop()

    return written


def before(function):
    def called(*arguments):
        if point == "published":
            stop()
        return function(*arguments)

    return called


def after(function):
    def called(*arguments):
        function(*arguments)
        if point == "listed":
            stop()

    return called


FileStage.write = writing(FileStage.write)
publishing._write_manifest = before(publishing._write_manifest)
unpack.publish = after(unpack.publish)
sys.exit(main())
