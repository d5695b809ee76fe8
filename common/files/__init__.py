"""Files that params name: where they are, who may reach them, and lists of them.

place: where one blob or many below one prefix are read or written: a store and a path in it.
source, destination: places that a param names, for reading and for writing.
manifest: a blob that lists files, one JSON object a line, each with its URI, size and SHA-256.
"""

from __future__ import annotations

from common.files.manifest import File, read_manifest, write_manifest
from common.files.place import Place
from common.files.places import OutOfReach, Places
from common.files.spool import TooMuch, spool

__all__ = [
    "Place",
    # what params may name
    "OutOfReach",
    "Places",
    # lists of files
    "File",
    "read_manifest",
    "write_manifest",
    # copies on the disk
    "TooMuch",
    "spool",
]
