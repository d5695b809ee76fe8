"""Cloud Logging v2: entries:list."""

from __future__ import annotations

from common.localcloud.errors import invalid
from common.localcloud.logging.entries import Entries
from common.localcloud.logging.parsing import parsed
from common.localcloud.rpc import Call, Json, Rpc
from common.settings import Settings

__all__ = ["Logging"]

_PAGE, _MOST = 50, 1000
_SERVICE = "google.logging.v2.LoggingServiceV2"


class Logging:
    """Reads what local tasks have printed."""

    def __init__(self, settings: Settings) -> None:
        self._entries = Entries(settings)
        self.rpcs = (
            Rpc(
                verb="POST",
                path="/v2/entries:list",
                body="*",
                answer=self.list,
                service=_SERVICE,
                method="ListLogEntries",
                response="google.logging.v2.ListLogEntriesResponse",
            ),
        )

    def list(self, call: Call) -> Json:
        """A page of the entries that a filter wants, in the order of their times."""
        query = parsed(call.text("filter"))
        found = sorted(self._entries.wanted(query, _projects(call)), key=_place)
        if _is_newest_first(call):
            found.reverse()
        return _page(call, found)


def _projects(call: Call) -> set[str]:
    names = call.fields.get("resourceNames") or []
    projects = {name.split("/")[1] for name in names if str(name).startswith("projects/")}
    if not projects:
        raise invalid("resourceNames", "name a project, as projects/ID.")
    return projects


def _is_newest_first(call: Call) -> bool:
    order = " ".join(call.text("orderBy").split()) or "timestamp asc"
    if order not in {"timestamp", "timestamp asc", "timestamp desc"}:
        raise invalid("orderBy", f"{order!r} is not timestamp asc or timestamp desc.")
    return order.endswith("desc")


def _place(entry: Json) -> tuple[str, str]:
    return entry["timestamp"], entry["insertId"]


def _page(call: Call, found: list[Json]) -> Json:
    """From after the entry that the token names."""
    size = min(call.number("pageSize") or _PAGE, _MOST)
    start = _after(found, call.text("pageToken"))
    page = found[start : start + size]
    if start + size >= len(found):
        return {"entries": page}
    return {"entries": page, "nextPageToken": " ".join(_place(page[-1]))}


def _after(found: list[Json], token: str) -> int:
    if not token:
        return 0
    for index, each in enumerate(found):
        if " ".join(_place(each)) == token:
            return index + 1
    raise invalid("pageToken", "what it continues after is no longer there.")
