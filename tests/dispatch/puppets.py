"""The test's side of the puppets: each is a real process, waited for by its socket."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PATIENCE = 20.0
"""Seconds after which a test that waits in vain fails."""


class Puppet:
    """One process."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(_PATIENCE)
        self._connection = connection
        self._stream = connection.makefile("rw")
        hello = self.heard()
        self.pid: int = hello["pid"]
        self.parent: int = hello["parent"]
        self.argv: list[str] = hello["argv"]
        self.environment: dict[str, str] = hello["environment"]

    def heard(self) -> dict:
        """What it says next; {} when it has ended instead."""
        try:
            line = self._stream.readline()
        except ConnectionResetError:
            return {}
        return json.loads(line) if line else {}

    def do(self, **order: object) -> None:
        """Have it do something, and wait until it is done."""
        self._tell(order)
        assert self.heard() == {"done": True}

    def end(self, code: int) -> None:
        """Have it end, and wait until it has."""
        self._tell({"exit": code})
        self.wait()

    def wait(self) -> None:
        """Wait for its end."""
        while self.heard():
            pass

    def close(self) -> None:
        self._stream.close()
        self._connection.close()

    def _tell(self, order: dict[str, object]) -> None:
        self._stream.write(json.dumps(order) + "\n")
        self._stream.flush()


class Puppets:
    """All puppets of a test."""

    def __init__(self, listener: socket.socket) -> None:
        listener.settimeout(_PATIENCE)
        self._listener = listener
        self._known: list[Puppet] = []

    @property
    def port(self) -> str:
        return str(self._listener.getsockname()[1])

    @property
    def command(self) -> list[str]:
        """What starts one, as a task of a local execution."""
        return [sys.executable, "-S", str(Path(__file__).with_name("puppet.py")), self.port]

    @property
    def worker(self) -> list[str]:
        """What starts the real entrypoint with a noop that is a puppet."""
        return [sys.executable, "-m", "tests.dispatch.worker", self.port]

    def next(self) -> Puppet:
        """The next that has begun."""
        connection, _ = self._listener.accept()
        self._known.append(Puppet(connection))
        return self._known[-1]

    def none_waits(self) -> bool:
        """Whether no other has begun."""
        self._listener.settimeout(0)
        try:
            self._listener.accept()[0].close()
        except BlockingIOError:
            return True
        finally:
            self._listener.settimeout(_PATIENCE)
        return False

    def close(self) -> None:
        for puppet in self._known:
            puppet.close()  # it then ends by itself


@contextmanager
def stage() -> Iterator[Puppets]:
    """Where puppets play; none outlives the block."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        puppets = Puppets(listener)
        try:
            yield puppets
        finally:
            puppets.close()
