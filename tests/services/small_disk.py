"""A disk of a few megabytes, which only the commands run on it see."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.services.missing import missing

__all__ = ["on_small_disk"]

_SCRIPT = """
set -e
mount -t tmpfs -o "size=$1" tmpfs "$2"
folder=$2
shift 2
code=0
"$@" || code=$?
find "$folder" -type f | sed 's/^/left: /'
exit $code
"""


def on_small_disk(argv: list[str], *, folder: Path, size: str = "4m") -> list[str]:
    """The command that runs `argv` where `folder` is such a disk, and then prints a line
    `left: PATH` for each file that it has left there."""
    unshare = shutil.which("unshare") or "unshare"
    trial = [unshare, "-rm", "mount", "-t", "tmpfs", "tmpfs", folder]
    try:
        allowed = subprocess.run(trial, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        allowed = False
    if not allowed:
        missing("a disk of its own", "unshare -rm has to be allowed, as on Linux it mostly is")
    return [unshare, "-rm", "sh", "-c", _SCRIPT, "sh", size, str(folder), *argv]
