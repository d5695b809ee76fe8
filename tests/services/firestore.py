"""The official Firestore emulator, one for each test process that asks for it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.services.missing import missing
from tests.services.process import SHORT_LIVED, free_port, server

_MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"


@contextmanager
def emulator() -> Iterator[str]:
    """Runs while the block does; yields HOST:PORT for FIRESTORE_EMULATOR_HOST."""
    jar, java = _jar(), shutil.which("java")
    if jar is None or java is None:
        missing("Firestore's emulator", "install gcloud with cloud-firestore-emulator, and Java")
    port = free_port()
    # The jar itself: a TERM to the gcloud wrapper would leave its java behind.
    started = ["-cp", str(jar), _MAIN, "start", "--host=127.0.0.1", f"--port={port}"]
    argv = [java, "-Xmx512m", *SHORT_LIVED, *started]
    with server(argv, ready="is now running"):
        _warm(port)
        yield f"127.0.0.1:{port}"


def _warm(port: int) -> None:
    """A first commit takes seconds on a machine that is busy, longer than a test may wait."""
    documents = f"http://127.0.0.1:{port}/v1/projects/warm/databases/(default)/documents"
    owner = {"Authorization": "Bearer owner"}
    httpx.post(f"{documents}/a", json={}, headers=owner, timeout=60).raise_for_status()


def _jar() -> Path | None:
    gcloud = shutil.which("gcloud")
    if gcloud is None:
        return None
    sdk = Path(os.path.realpath(gcloud)).parent.parent
    return next(sdk.glob("platform/cloud-firestore-emulator/*.jar"), None)
