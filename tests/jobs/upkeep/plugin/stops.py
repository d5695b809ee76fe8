# ruff: noqa: INP001 - it is run as a program
"""The entrypoint, which stops at a commit of deletions and waits there to be killed.

UPKEEP_STOP is `before N` or `after N`: of the commits of this process the N-th.
"""

from __future__ import annotations

import os
import sys
import threading

from common.documents import Delete
from common.documents.sqlite import SqliteDocuments
from common.maintenance import upkeep, writing
from common.runtime.entrypoint import main

upkeep.BATCH = writing.BATCH = 20
upkeep._PAGE = 80
side, _, number = os.environ.get("UPKEEP_STOP", "").partition(" ")
lock, commits = threading.Lock(), []
commit = SqliteDocuments._commit


def stopping(self, writes, token):
    if not any(isinstance(write, Delete) for write in writes):
        return commit(self, writes, token)
    with lock:  # of all threads none goes on
        commits.append(writes)
        is_it = number == str(len(commits))
        if is_it and side == "before":
            stop()
        done = commit(self, writes, token)
        if is_it:
            stop()
        return done


def stop() -> None:
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()


SqliteDocuments._commit = stopping
sys.exit(main())
