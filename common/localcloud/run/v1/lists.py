"""Lists: what labels choose, by pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from common.localcloud.rpc import Call, Json
from common.localcloud.run.paging import Listed, paged
from common.localcloud.run.v1.jobs import API
from common.localcloud.run.v1.selectors import Selector

__all__ = ["all_of", "listed"]

_MOST = 1000


def all_of(page: Callable[..., Listed], parent: str) -> Iterator[Json]:
    """All that version 2 lists there, page by page."""
    token, more = "", True
    while more:
        found, token = page(parent, size=_MOST, token=token)
        yield from found
        more = bool(token)


def listed(call: Call, kind: str, found: Iterator[Json], selector: Selector) -> Json:
    """A page of what a selector chooses, in version 1's words."""
    chosen = [each for each in found if selector(each["metadata"].get("labels", {}))]
    items, token = paged(chosen, size=call.number("limit"), token=call.text("continue"))
    metadata = {"continue": token} if token else {}
    return {"apiVersion": API, "kind": f"{kind}List", "metadata": metadata, "items": items}
