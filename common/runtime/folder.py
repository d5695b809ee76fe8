"""An attempt's folder on the machine that it runs on."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from common.errors import Misconfigured

__all__ = ["make_folder", "remove_folder"]


def make_folder(run: str, attempt: int) -> Path:
    """A new, empty folder that nobody else can read. Raises Misconfigured where that cannot be."""
    root = Path(tempfile.gettempdir()) / f"runjobs-{os.getuid()}"
    root.mkdir(mode=0o700, exist_ok=True)
    if root.is_symlink() or root.stat().st_uid != os.getuid():
        raise Misconfigured(f"{root} is another user's: remove it, or set TMPDIR.")
    base = root / run
    shutil.rmtree(base, ignore_errors=True)  # what a killed attempt left
    folder = base / str(attempt)
    folder.mkdir(parents=True)
    return folder


def remove_folder(folder: Path) -> None:
    """Remove it with all that is in it."""
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):  # by now another attempt may have its own beside it
        folder.parent.rmdir()
