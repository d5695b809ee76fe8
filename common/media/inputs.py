"""How ffmpeg is given a file that somebody else made.

Some kinds of files are but lists of others: a playlist that is called film.mp4 would have ffmpeg
open whatever files and addresses it names. So only kinds are read that hold all that they show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["KINDS", "reading"]

KINDS = "mov,matroska,webm,avi,mpegts,flv,asf,mp3,wav,flac,ogg,aac,w64,aiff,caf,nut"
"""ffmpeg's names of them."""


def reading(path: Path, *before: str) -> list[str]:
    """The arguments that have ffmpeg read `path`, after other options for that."""
    safe = ["-protocol_whitelist", "file", "-format_whitelist", KINDS]
    return [*safe, *before, "-i", f"file:{path}"]
