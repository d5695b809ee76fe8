"""What is transferred to try transfers out."""

from __future__ import annotations

import random

from common.google.upload import STEP

DATA = random.Random(5).randbytes(5 * STEP + 1234)  # noqa: S311 - the same ones each time
SIZE = len(DATA)
PUT = "drive.files.create.put"


def download(account):
    with account.download("drive", "files/a", supportsAllDrives=True) as found:
        return b"".join(found)


def begin(account, size=SIZE, **more):
    return account.begin_upload(
        "drive", "files", {"name": "x"}, size=size, content_type="text/plain", fields="id", **more
    )


def read(offset, size):
    return DATA[offset : offset + size]
