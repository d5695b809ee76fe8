"""Servers that run while tests need them."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

SHORT_LIVED = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Options of Java: it takes longer to compile itself well than a test process lives."""


@contextmanager
def server(argv: Sequence[str], *, ready: str) -> Iterator[subprocess.Popen[str]]:
    """Runs while the block does, which begins when the server has printed `ready`."""
    process = subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    # What it prints later is read too, or it would wait for its full pipe.
    drain = threading.Thread(target=process.stdout.read, daemon=True)
    try:
        _await(process, ready)
        drain.start()
        yield process
    finally:
        process.kill()
        process.wait()
        if drain.ident:
            drain.join()
        process.stdout.close()


def _await(process: subprocess.Popen[str], ready: str) -> None:
    printed = []
    for line in process.stdout:
        printed.append(line)
        if ready in line:
            return
    raise RuntimeError(f"{process.args!r} ended before it was ready:\n{''.join(printed)}")


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
