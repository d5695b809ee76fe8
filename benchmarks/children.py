"""Child processes that tell a figure or several, as JSON on the last line that they print."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.peers.place import PLACE, ROOT

__all__ = ["Home", "home", "tell"]

Home = Mapping[str, str]
"""The environment of a runjobs with a ledger of its own."""

_PLUGIN = ROOT / "benchmarks" / "plugin"


def tell(
    module: str,
    *arguments: object,
    environment: Mapping[str, str],
    python: Path | str = sys.executable,
) -> Any:
    """What `python -m MODULE ARGUMENTS` says."""
    done = subprocess.run(
        [str(python), "-m", module, *map(str, arguments)],
        env={**_inherited(), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def home(emulator: str = "") -> Iterator[Home]:
    """An empty one, on the disk where the project is, or in the Firestore emulator there."""
    PLACE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=PLACE, prefix="home-", ignore_cleanup_errors=True) as made:
        yield {
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(_PLUGIN)]),
            "RUNJOBS_HOME": made,
            "RUNJOBS_EXECUTOR": "local",
            "RUNJOBS_PARALLELISM": "2",
            **_documents(made, emulator),
        }


def _documents(home: str, emulator: str) -> dict[str, str]:
    if not emulator:
        return {"RUNJOBS_DOCUMENTS": f"sqlite:///{home}/documents.sqlite3"}
    project = f"bench-{uuid.uuid4().hex[:8]}"
    return {
        "RUNJOBS_DOCUMENTS": f"firestore://{project}/(default)",
        "FIRESTORE_EMULATOR_HOST": emulator,
    }


def _inherited() -> dict[str, str]:
    """Without what would write no bytecode, or point at another ledger."""
    return {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONDONTWRITEBYTECODE" and not name.startswith("RUNJOBS_")
    }
