"""What can go wrong with blobs, beyond Misconfigured and Unavailable."""

from __future__ import annotations

from common.errors import InvalidInput, Misconfigured, RunjobsError, Unavailable

__all__ = ["BadPath", "BlobExists", "BlobNotFound", "CannotSign", "StageRemoved", "StorageFull"]


class BlobExists(RunjobsError):
    """Raised when an if-absent write finds its path taken; `uri` is the blob that is there."""

    def __init__(self, uri: str) -> None:
        super().__init__(f"{uri} exists: choose another path, or write with replace=True.")
        self.uri = uri


class BlobNotFound(RunjobsError):
    """Raised when the blob to read is not there, or no longer; `uri` is where it was sought."""

    def __init__(self, uri: str, why: str = "there is no such blob") -> None:
        super().__init__(f"{uri} cannot be read: {why}.")
        self.uri = uri


class BadPath(InvalidInput):
    """Raised when `path` (a path or a URI) cannot name a blob of this root."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path!r} cannot name a blob: {why}.")
        self.path = path


class CannotSign(Misconfigured):
    """Raised when no signed URL can be made for `uri`: the backend or its credentials cannot."""

    def __init__(self, uri: str, why: str) -> None:
        super().__init__(f"{uri} cannot be given a signed URL: {why}.")
        self.uri = uri


class StageRemoved(Unavailable):
    """Raised when others removed the stage while something was written there: write it again."""

    def __init__(self, file: str) -> None:
        super().__init__(f"The folders of {file} keep being removed: try again.")


class StorageFull(Unavailable):
    """Raised when the disk of `root` has no room left; nothing of the write remains."""

    def __init__(self, root: str) -> None:
        super().__init__(
            f"No space is left on the disk of {root}: free some,"
            " or set RUNJOBS_BLOBS to a folder on another disk."
        )
        self.root = root
