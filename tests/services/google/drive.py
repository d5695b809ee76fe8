"""Drive v3, as far as imports and exports speak it: files, folders, shared drives, shortcuts,
exports, searches, uploads. What it says follows Drive's guides where the documents are silent."""

from __future__ import annotations

import base64
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from tests.services.google.answers import Answer, refused
from tests.services.google.drive_items import FOLDER, SHORTCUT, BadFields, Item, pick
from tests.services.google.drive_query import BadQuery, parse
from tests.services.google.server import Asked, Handler

__all__ = ["DOCUMENT", "Drive", "Item", "SHEET"]

DOCUMENT = "application/vnd.google-apps.document"
SHEET = "application/vnd.google-apps.spreadsheet"
EXPORT_BYTES = 10 << 20
_PAGE = 100
_ROOT = "0AHomeOfTheUserPVA"
_CONVERTED = {"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class Drive:
    """One user's, with the shared drives that the user may see."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.page_most = 1_000
        self.full = False
        """Whether the storage takes no more."""
        self.search_late = False
        """Whether searches do not find yet what was uploaded, as Drive's may for a while."""
        self.exports_late = 0
        """How often a prepared export is looked for in vain."""
        self.created: list[str] = []
        """The ids of files that uploads made, in order."""
        self.updated: list[str] = []
        self._numbers = itertools.count(1)
        self._clock = itertools.count(1)
        self._promised: set[str] = set()
        self._operations: dict[str, tuple[Item, str]] = {}
        self._add(Item(id=_ROOT, name="My Drive", mime=FOLDER, parents=[]))

    # what tests put into it

    def file(
        self, name: str, content: bytes, *, parent: str = _ROOT, mime: str = "", **more: Any
    ) -> Item:
        """Put a file there."""
        item = self._new(name, mime or "application/octet-stream", parent, **more)
        item.write(content)
        return item

    def folder(self, name: str, *, parent: str = _ROOT, **more: Any) -> Item:
        return self._new(name, FOLDER, parent, **more)

    def native(self, name: str, mime: str, *, parent: str = _ROOT, **exports: bytes) -> Item:
        """One of Google's own documents, with its exports by the last part of their types."""
        item = self._new(name, mime, parent)
        item.exports = {kind.replace("__", "."): data for kind, data in exports.items()}
        return item

    def shortcut(self, name: str, target: str, *, parent: str = _ROOT) -> Item:
        return self._new(name, SHORTCUT, parent, target=target)

    def shared(self, name: str, *, member: bool = True) -> Item:
        """A shared drive; what it is the parent of is in it. Whoever is no member sees of it what
        he was given, and finds that in all drives only."""
        id = self._id("0AShared")
        found = Item(id=id, name=name, mime=FOLDER, parents=[], drive=id, member=member)
        return self._add(found)

    def change(self, item: Item, content: bytes) -> None:
        item.write(content)
        item.touch(next(self._clock))

    def named(self, name: str) -> list[Item]:
        """All that are called so."""
        return [item for item in self.items.values() if item.name == name]

    # what it answers

    def methods(self) -> Mapping[str, Handler]:
        return {
            "drive.files.list": self._list,
            "drive.files.get": self._get,
            "drive.files.export": self._export,
            "drive.files.download": self._download,
            "drive.operations.get": self._operation,
            "drive.files.generateIds": self._generate,
            "drive.files.create": self._create,
            "drive.files.update": self._update,
        }

    def _list(self, asked: Asked) -> Any:
        corpora, drive = asked.get("corpora", "user"), asked.get("driveId")
        if (corpora == "drive") != (drive is not None):
            return refused(400, "invalid", "corpora=drive goes with a driveId.")
        if corpora != "user" and not (_yes(asked, "includeItemsFromAllDrives") and _all(asked)):
            return refused(403, "teamDrivesParentLimit", "Say that shared drives are supported.")
        if drive is not None and not (drive in self.items and self.items[drive].member):
            return refused(404, "notFound", f"Shared drive not found: {drive}")
        try:
            matches = parse(asked.get("q", ""))
            found = [item for item in self._within(corpora, drive) if matches(item)]
            return self._page(asked, _ordered(found, asked.get("orderBy", "")))
        except (BadQuery, BadFields) as error:
            return refused(400, "invalid", str(error))

    def _within(self, corpora: str, drive: str | None) -> Iterator[Item]:
        for item in self.items.values():
            late = self.search_late and item.id in self.created
            in_corpora = corpora == "allDrives" or item.drive == drive
            if in_corpora and item.parents and not late:
                yield item

    def _page(self, asked: Asked, found: list[Item]) -> Any:
        begin = _begin(asked.get("pageToken"), asked.get("q", ""))
        if begin is None:
            return refused(400, "invalid", "Invalid Value")
        end = begin + min(int(asked.get("pageSize", _PAGE)), self.page_most)
        page: dict[str, Any] = {
            "kind": "drive#fileList",
            "incompleteSearch": False,
            "files": [self._shown(item) for item in found[begin:end]],
        }
        if end < len(found):
            page["nextPageToken"] = _token(end, asked.get("q", ""))
        return pick(page, asked.get("fields", _LIST_FIELDS), "FileList")

    def _get(self, asked: Asked) -> Any:
        item = self._visible(asked)
        if item is None:
            return _not_found(asked)
        if asked.get("alt") == "media":
            return self._media(item)
        return self._said(item, asked)

    def _media(self, item: Item) -> Answer:
        if item.content is None:
            return refused(403, "fileNotDownloadable", "Only files with binary content can be.")
        if item.refused:
            return refused(403, item.refused)
        return Answer(content=item.content, headers={"Content-Type": item.mime})

    def _export(self, asked: Asked) -> Any:
        item = self._visible(asked, shared=True)
        if item is None:
            return _not_found(asked)
        data = item.exports.get(_last(asked.get("mimeType")))
        if data is None:
            return refused(400, "badRequest", "The requested conversion is not supported.")
        if item.refused:
            return refused(403, item.refused)
        if len(data) > EXPORT_BYTES:
            return refused(403, "exportSizeLimitExceeded", "This file is too large to be exported.")
        return Answer(content=data, headers={"Content-Type": asked.get("mimeType")})

    def _download(self, asked: Asked) -> Any:
        item = self._visible(asked, shared=True)
        if item is None:
            return _not_found(asked)
        name = f"op{next(self._numbers)}"
        self._operations[name] = (item, asked.get("mimeType"))
        return {"name": name, "done": False}

    def _operation(self, asked: Asked) -> Any:
        found = self._operations.get(asked.path["name"])
        if found is None:
            return refused(404, "notFound")
        if self.exports_late > 0:
            self.exports_late -= 1
            return {"name": asked.path["name"], "done": False}
        item, mime = found
        # As what tests say it is exported as, there is a file of its own to be downloaded.
        id = f"{item.id}-export"
        self.items[id] = Item(id=id, name=item.name, mime=mime, parents=[])
        self.items[id].write(item.exports[_last(mime)])
        host = asked.headers["Host"]
        uri = f"http://{host}/drive/v3/files/{quote(id)}?alt=media"
        return {"name": asked.path["name"], "done": True, "response": {"downloadUri": uri}}

    def _generate(self, asked: Asked) -> Any:
        ids = [self._id("1Promised") for _ in range(int(asked.get("count", 10)))]
        self._promised.update(ids)
        return {"kind": "drive#generatedIds", "space": "drive", "ids": ids}

    def _create(self, asked: Asked) -> Any:
        body = asked.body or {}
        if (wrong := self._wrong(asked, body)) is not None:
            return wrong
        (parent,) = body.get("parents", [_ROOT])
        mime = body.get("mimeType") or asked.content_type or "application/octet-stream"
        id = body.get("id") or self._id("1Made")
        item = self._new(body.get("name", "Untitled"), mime, parent, id=id)
        item.properties = dict(body.get("appProperties", {}))
        if asked.media is not None:
            self._fill(item, asked, mime)
            self.created.append(item.id)
        return self._said(item, asked)

    def _fill(self, item: Item, asked: Asked, mime: str) -> None:
        assert asked.media is not None
        if mime == SHEET:
            assert asked.content_type in _CONVERTED
            item.exports["csv"] = asked.media
            item.revisions.append(asked.media)
        else:
            item.write(asked.media)

    def _wrong(self, asked: Asked, body: Mapping[str, Any]) -> Answer | None:
        (parent,) = body.get("parents", [_ROOT])
        folder = self._visible(asked, id=parent)
        if folder is None or folder.mime != FOLDER:
            return refused(404, "notFound", f"File not found: {parent}.")
        if not folder.writable:
            return refused(403, "insufficientFilePermissions")
        if self.full:
            return refused(403, "storageQuotaExceeded", "The user's storage is full.")
        id = body.get("id")
        if id in self.items:
            return refused(409, "fileIdInUse", "A file already exists with the provided ID.")
        if id and (id not in self._promised or body.get("mimeType") == SHEET):
            return refused(400, "invalid", "The provided file ID is not usable.")
        return None

    def _update(self, asked: Asked) -> Any:
        item = self._visible(asked)
        if item is None:
            return _not_found(asked)
        if not item.writable:
            return refused(403, "insufficientFilePermissions")
        body = asked.body or {}
        item.name = body.get("name", item.name)
        item.properties |= body.get("appProperties", {})
        if asked.media is not None:
            self._fill(item, asked, item.mime)
            self.updated.append(item.id)
        item.touch(next(self._clock))
        return self._said(item, asked)

    # what both need

    def _new(self, name: str, mime: str, parent: str, **more: Any) -> Item:
        within = self.items[self._known(parent)]
        more = {"drive": within.drive, "member": within.member, **more}
        id = more.pop("id", None) or self._id("1File")
        return self._add(Item(id=id, name=name, mime=mime, parents=[within.id], **more))

    def _add(self, item: Item) -> Item:
        self.items[item.id] = item
        item.touch(next(self._clock))
        return item

    def _id(self, beginning: str) -> str:
        return f"{beginning}{next(self._numbers):012}"

    @staticmethod
    def _known(id: str) -> str:
        return _ROOT if id == "root" else id

    def _visible(self, asked: Asked, *, id: str = "", shared: bool = False) -> Item | None:
        item = self.items.get(self._known(id or asked.path["fileId"]))
        if item is None or (item.drive and not (shared or _all(asked))):
            return None
        return item

    def _shown(self, item: Item) -> dict[str, Any]:
        return item.shown(self.items.get(item.target or ""))

    def _said(self, item: Item, asked: Asked) -> Any:
        try:
            return pick(self._shown(item), asked.get("fields", _FILE_FIELDS), "File")
        except BadFields as error:
            return refused(400, "invalidParameter", str(error))


_FILE_FIELDS = "kind,id,name,mimeType"
_LIST_FIELDS = f"kind,incompleteSearch,nextPageToken,files({_FILE_FIELDS})"


def _ordered(found: list[Item], by: str) -> list[Item]:
    if by not in _ORDERS:
        raise BadQuery(f"orderBy={by}")
    return sorted(found, key=_ORDERS[by])


def _natural(item: Item) -> list[Any]:
    """By numbers where there are some: 2 before 10."""
    parts = re.split(r"(\d+)", item.name.casefold())
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


_ORDERS: dict[str, Callable[[Item], Any]] = {
    "": lambda _: 0,  # as they came
    "name": lambda item: item.name,
    "name_natural": _natural,
    "modifiedTime": lambda item: item.modified,
}


def _yes(asked: Asked, name: str) -> bool:
    return bool(asked.get(name) == "true")


def _all(asked: Asked) -> bool:
    return _yes(asked, "supportsAllDrives")


def _last(mime: str) -> str:
    """By which tests name an export: `pdf`, `sheet`, `document`."""
    return mime.rpartition("/")[2].rpartition(".")[2]


def _not_found(asked: Asked) -> Answer:
    return refused(404, "notFound", f"File not found: {asked.path['fileId']}.")


def _token(at: int, query: str) -> str:
    return base64.urlsafe_b64encode(f"{at}:{query}".encode()).decode()


def _begin(token: str | None, query: str) -> int | None:
    if token is None:
        return 0
    at, _, of = base64.urlsafe_b64decode(token).decode().partition(":")
    return int(at) if of == query else None
