"""Looking at one file, one folder, or for what a search finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from common.google.drive import SHARED, corpora, reason
from common.integrations.wanted import is_wanted
from jobs.drive_import.found import FIELDS, Found, found_of
from jobs.drive_import.listing import Looked, Task
from jobs.drive_import.params import DriveImport

if TYPE_CHECKING:
    from common.google import Account

__all__ = ["Looker", "described", "first_tasks"]

_PAGE = 1_000
_LIST = {"pageSize": _PAGE, "fields": f"nextPageToken,incompleteSearch,files({FIELDS})"}


def first_tasks(params: DriveImport) -> list[Task]:
    """What the params name."""
    found = [Task(kind="file", id=id) for id in params.files]
    found += [Task(kind="folder", id=id) for id in params.folders]
    return [*found, Task(kind="search")] if params.query else found


class Looker:
    """Does the tasks of a listing, in several threads."""

    def __init__(self, account: Account, params: DriveImport) -> None:
        self._account, self._params = account, params

    def __call__(self, task: Task) -> Looked:
        """One task. What one file's or folder's owner forbids is skipped, not raised."""
        from common.google import Forbidden, NotFound

        try:
            return self._look(task)
        except (Forbidden, NotFound) as error:
            return Looked(skipped=[_skipped(task.name or task.id, task.id, reason(error))])

    def _look(self, task: Task) -> Looked:
        if task.kind == "file":
            return self._file(task)
        if task.kind == "folder":
            return self._folder(task)
        if task.kind == "within":
            return self._all(task, self._children(task))
        return self._all(task, self._search())

    def _file(self, task: Task) -> Looked:
        found = self._get(task)
        if found.is_folder:
            return _left_out(found, "it is a folder: name it in folders")
        return self._sorted(task, found)

    def _folder(self, task: Task) -> Looked:
        found = self._get(task)
        if not (found.is_folder or found.is_shortcut):
            return _left_out(found, "it is no folder: name it in files")
        return self._sorted(task, found)

    def _get(self, task: Task) -> Found:
        said = self._account.get("drive", ["files", task.id], fields=FIELDS, **SHARED)
        return described(said, within=task.name)

    def _children(self, task: Task) -> dict[str, Any]:
        q = f"'{task.id}' in parents and trashed = false"
        return {"q": q, "orderBy": "name_natural", **corpora(task.drive)}

    def _search(self) -> dict[str, Any]:
        return {"q": f"({self._params.query}) and trashed = false", **corpora(self._params.drive)}

    def _all(self, task: Task, query: dict[str, Any]) -> Looked:
        looked = Looked()
        for page in self._pages(query):
            looked.complete = looked.complete and not page.get("incompleteSearch")
            for said in page.get("files") or ():
                found = described(said, within=task.name)
                if task.kind == "within" or not found.is_folder:
                    _add(looked, self._sorted(task, found))
        return looked

    def _pages(self, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        query = {**query, **_LIST, **SHARED, "includeItemsFromAllDrives": True}
        while True:
            page = self._account.get("drive", "files", **query)
            yield page
            if not (token := page.get("nextPageToken")):
                return
            query["pageToken"] = token

    def _sorted(self, task: Task, found: Found) -> Looked:
        """What a file leaves: itself, or another task, or a reason why not."""
        if found.trashed:
            return _left_out(found, "it is in the trash")
        if found.is_folder:
            return self._below(task, found, found.id)
        if not found.is_shortcut:
            return Looked(files=[found] if self._is_wanted(found) else [])
        if not found.target:
            return _left_out(found, "it leads nowhere")
        kind = "folder" if (found.target_mime or "").endswith(".folder") else "file"
        return self._led(task, found, kind)

    def _led(self, task: Task, found: Found, kind: str) -> Looked:
        """A shortcut's target keeps its own name, below the folder that the shortcut is in."""
        depth = task.depth + 1
        if depth > self._params.depth:
            return _left_out(found, f"it is more than {self._params.depth} folders deep")
        within = found.name.rpartition("/")[0]
        return Looked(tasks=[Task(kind=kind, id=found.target or "", name=within, depth=depth)])

    def _below(self, task: Task, found: Found, id: str) -> Looked:
        depth = task.depth + 1 if task.kind == "within" else task.depth
        if depth > self._params.depth:
            return _left_out(found, f"it is more than {self._params.depth} folders deep")
        is_top = task.kind == "folder" and not task.depth
        name = "" if is_top else found.name
        within = Task(kind="within", id=id, name=name, depth=depth, drive=found.drive)
        return Looked(tasks=[within])

    def _is_wanted(self, found: Found) -> bool:
        names, types = self._params.names, self._params.types
        return is_wanted(found.name.rpartition("/")[2], found.mime, names=names, types=types)


def described(said: Any, *, within: str) -> Found:
    """A file as Drive describes it. Raises BadAnswer."""
    from common.google import BadAnswer

    try:
        return found_of(said, within=within)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadAnswer(f"Google described {error}.") from None


def _add(all: Looked, one: Looked) -> None:
    all.files += one.files
    all.tasks += one.tasks
    all.skipped += one.skipped


def _left_out(found: Found, why: str) -> Looked:
    return Looked(skipped=[_skipped(found.name, found.id, why)])


def _skipped(name: str, id: str, why: str) -> dict[str, str]:
    return {"name": name, "id": id, "reason": why}
