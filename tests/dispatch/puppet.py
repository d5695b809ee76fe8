"""A process that does as a test says, over a socket: python puppet.py PORT [NAME]

Its connection ends when it does, however that is: so a test waits for its end without asking.
"""

from __future__ import annotations

import functools
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from pathlib import Path


def obey(port: int) -> int:
    """Connect, say who we are, and obey until told to end; returns the exit code."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        _say(connection, _myself())
        for line in connection.makefile("r"):
            order = json.loads(line)
            if "exit" in order:
                return order["exit"]
            _do(order, connection)
            _say(connection, {"done": True})
    return 1


def _myself() -> dict:
    return {
        "pid": os.getpid(),
        "parent": os.getppid(),
        "argv": sys.argv,
        "environment": dict(os.environ),
    }


def _do(order: dict, connection: socket.socket) -> None:
    if "print" in order:
        sys.stdout.write(f"{order['print']}\n")
        sys.stdout.flush()
    elif "begins" in order:
        _index().begins(order["begins"])
    elif "endure" in order:
        signal.signal(signal.SIGTERM, lambda *_: _say(connection, {"endured": True}))
    elif "notice" in order:
        for number in (signal.SIGTSTP, signal.SIGCONT):
            signal.signal(number, lambda told, _: _say(connection, _named(told)))
    elif "spawn" in order:
        subprocess.Popen([sys.executable, "-S", __file__, order["spawn"]])


def _named(number: int) -> dict:
    return {"signal": signal.Signals(number).name}


@functools.cache
def _index():
    """The real one, of which nothing else need be loaded."""
    output = Path(__file__).parents[2] / "common" / "runtime" / "output.py"
    return runpy.run_path(str(output))["OutputIndex"].from_environ()


def _say(connection: socket.socket, what: dict) -> None:
    """At once, and whole, also from a signal's handler."""
    connection.sendall(json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    sys.exit(obey(int(sys.argv[1])))
