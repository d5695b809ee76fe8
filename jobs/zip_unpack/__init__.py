"""zip-unpack: the members of a ZIP archive as files, or a reason why not."""

from __future__ import annotations

from datetime import timedelta

from common.runtime import Context, job
from jobs.zip_unpack.params import Unpacked, ZipUnpack

__all__ = ["Unpacked", "ZipUnpack", "zip_unpack"]


@job(
    "zip-unpack",
    queue="io-tasks",
    cpu=1,
    memory="1Gi",
    timeout=timedelta(minutes=30),
    needs=("isal (zip)",),
)
def zip_unpack(params: ZipUnpack, run: Context) -> Unpacked:
    """Unpack a ZIP archive, checked as a whole before any of it is published."""
    from jobs.zip_unpack.unpack import unpack

    return unpack(params, run)
