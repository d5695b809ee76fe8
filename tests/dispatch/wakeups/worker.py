"""A process that drives the wake-ups of a store: `python -m tests.dispatch.wakeups.worker URL`.

It prints the name of each that it handles. Told `hang`, it never comes back from the first; it ends
when its stdin does.
"""

from __future__ import annotations

import sys
import threading
from datetime import timedelta

from common.dispatch.wakeups import Wakeup
from common.dispatch.wakeups.driver import Driver
from common.dispatch.wakeups.local import LocalWakeups
from common.documents import open_documents


def main(url: str, lease: str, mode: str) -> None:
    wakeups = LocalWakeups(open_documents(url, patience=60))
    driver = Driver(
        wakeups, _hang if mode == "hang" else _say, lease=timedelta(seconds=float(lease))
    )
    threading.Thread(target=_await_end, args=(driver,), daemon=True).start()
    driver.run()


def _say(wakeup: Wakeup) -> None:
    # In one write, so that the lines of many who share a pipe stay whole.
    sys.stdout.write(f"{wakeup.name}\n")
    sys.stdout.flush()


def _hang(wakeup: Wakeup) -> None:
    _say(wakeup)
    threading.Event().wait()


def _await_end(driver: Driver) -> None:
    sys.stdin.read()
    driver.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
