"""Which places a run may read and write: params come from users, and a user is one tenant's.

A run of a tenant reaches `tenants/TENANT/` in the store and what the runs of that tenant left under
`runs/ID/`; it writes to the first, and to its own run's. A run of no tenant, which is the
operator's, reaches all of the store, other buckets as far as the service account does, and on a
laptop the files of the machine. Nobody writes under another run's `runs/ID/`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from common.blobs import BadPath, Blobs, open_blobs
from common.errors import InvalidInput
from common.files.place import Place

__all__ = ["OutOfReach", "Places"]

_RUNS = "runs"


class OutOfReach(InvalidInput):
    """Raised when a param names a place that the run may not read, or not write."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(f"{text!r} is out of this run's reach: {why}.")


class Places:
    """The places that one run reaches."""

    def __init__(
        self,
        blobs: Blobs,
        *,
        run: str,
        tenant: str,
        in_cloud: bool,
        tenant_of: Callable[[str], str | None],
    ) -> None:
        """`tenant_of` tells whose a run is by its id; None where there is no such run."""
        self._blobs, self._run, self._tenant = blobs, run, tenant
        self._on_laptop, self._tenant_of = not in_cloud, tenant_of

    def source(self, text: str) -> Place:
        """Where to read what a param names: a path in the store, a gs:// or, on a laptop, a file:
        URI or a file's path. Raises OutOfReach, BadPath."""
        place = self._place(text, is_there=self._is_there)
        if place.blobs is self._blobs:
            self._check_readable(text, place.path)
        return place

    def destination(self, text: str) -> Place:
        """Where to write below what a param names. Raises OutOfReach, BadPath."""
        place = self._place(text, is_there=lambda _: True)
        if place.blobs is self._blobs:
            self._check_writable(text, place.path)
        return place

    @property
    def home(self) -> Place:
        """Where files belong that outlive the run that made them."""
        return Place(self._blobs, self._home)

    @property
    def _home(self) -> str:
        return f"tenants/{quote(self._tenant, safe='')}" if self._tenant else "shared"

    def _place(self, text: str, *, is_there: Callable[[str], bool]) -> Place:
        scheme, found, _ = text.partition("://")
        if not found:
            return self._plain(text.rstrip("/") or text, is_there)
        if scheme not in {"gs", "file"}:
            raise OutOfReach(text, "name a path in the store, a gs:// or a file:/// URI")
        uri = text.rstrip("/")
        try:
            return Place(self._blobs, self._blobs.path(uri))
        except BadPath:  # of another store
            self._check_elsewhere(text)
        if scheme == "file":
            return self._file(Path(open_path(uri)))
        bucket, _, path = uri.removeprefix("gs://").partition("/")
        return Place(open_blobs(f"gs://{bucket}"), path)

    def _plain(self, text: str, is_there: Callable[[str], bool]) -> Place:
        looks_local = text in {".", ".."} or text.startswith(("/", "./", "../", "~"))
        if not looks_local and (self._tenant or not self._on_laptop or is_there(text)):
            return Place(self._blobs, text)
        if looks_local or Path(text).exists():
            self._check_elsewhere(text)
            return self._file(Path(text).expanduser())
        return Place(self._blobs, text)

    def _is_there(self, path: str) -> bool:
        """Whether the store has it, as a blob or as the folder of some."""
        return bool(self._blobs.stat(path) or next(iter(self._blobs.list(f"{path}/")), None))

    def _file(self, file: Path) -> Place:
        """A folder is a root of its own; a file's is the folder that it is in."""
        file = file.resolve()
        if file.is_file():
            return Place(open_blobs(file.parent.as_uri()), file.name)
        return Place(open_blobs(file.as_uri()), "")

    def _check_elsewhere(self, text: str) -> None:
        if self._tenant:
            raise OutOfReach(text, f"a run of a tenant reaches {self._home}/ and its runs only")
        if text.startswith("gs://"):
            return
        if not self._on_laptop:
            raise OutOfReach(text, "on Cloud Run there are no files to read; name a gs:// URI")

    def _check_readable(self, text: str, path: str) -> None:
        if not self._tenant or self._is_ours(path):
            return
        first, _, rest = path.partition("/")
        if first != _RUNS or self._tenant_of(rest.partition("/")[0]) != self._tenant:
            raise OutOfReach(text, f"it is not below {self._home}/, nor of a run of that tenant")

    def _check_writable(self, text: str, path: str) -> None:
        if self._is_ours(path):
            return
        if path == _RUNS or path.startswith(f"{_RUNS}/"):
            raise OutOfReach(text, "what is under runs/ID/ is written by that run alone")
        if self._tenant:
            raise OutOfReach(text, f"it is not below {self._home}/")

    def _is_ours(self, path: str) -> bool:
        return f"{path}/".startswith((f"{_RUNS}/{self._run}/", f"{self._home}/"))


def open_path(uri: str) -> str:
    """The path that a file:// URI names. Raises OutOfReach where it names another machine's."""
    from common.blobs.files import folder_of

    path = folder_of(uri)
    if not path.startswith("/"):
        raise OutOfReach(uri, "write file:///absolute/path, with three slashes")
    return path
