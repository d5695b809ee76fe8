"""What is fetched, in memory."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from common.fetch import Fetched, fetch

__all__ = ["fetch_bytes"]


def fetch_bytes(url: str, *, seconds: float = 60.0, **bounds: Any) -> tuple[bytes, Fetched]:
    """Like `fetch`, of what is small."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        found = fetch(url, file, most=1_000_000, seconds=seconds, **bounds)
        return file.read_bytes(), found
