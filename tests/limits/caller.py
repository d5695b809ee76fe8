"""A process that calls so often, and prints when: `python -m tests.limits.caller URL …`."""

from __future__ import annotations

import sys
import threading
import time

from common.documents import open_documents
from common.limits import Limiter, Limits

LIMITS = Limits(name="p", per_second=40, burst=10, max_concurrent=3)
TOOK = 0.02


def main(url: str, calls: str, threads: str) -> None:
    """Prints lines of `begin end`, by the machine's monotonic clock."""
    lock = threading.Lock()

    def run() -> None:
        for _ in range(int(calls)):
            with limiter.turn():
                began = time.monotonic()
                time.sleep(TOOK)
                ended = time.monotonic()
            with lock:
                sys.stdout.write(f"{began} {ended}\n")

    with Limiter(open_documents(url, patience=60), LIMITS) as limiter:
        running = [threading.Thread(target=run) for _ in range(int(threads))]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
