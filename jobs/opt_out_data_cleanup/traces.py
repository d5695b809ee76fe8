"""Which runs are a person's.

A run has a tenant and no user. It is a person's if its params name the person as `user`, one of the
person's automations or creations, or a folder of the person's; if a document of the person's names
it, or the batch that it is in; or if it came of such a run: as its child, or as one of its batch,
where that has none of anybody else's. One whose params name another user is that user's.
Where nobody of the tenant stays all of its runs go.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common.automations.store import AUTOMATIONS
from common.data.artifacts import ARTIFACTS
from common.data.creations import CREATIONS
from common.data.extraction_jobs import EXTRACTION_JOBS
from jobs.opt_out_data_cleanup.folders import own
from jobs.opt_out_data_cleanup.owned import owned
from jobs.opt_out_data_cleanup.pages import of, pages
from jobs.opt_out_data_cleanup.where import ENDED, RUNS

if TYPE_CHECKING:
    from common.documents import Document, Documents
    from jobs.opt_out_data_cleanup.person import Person

__all__ = ["Trace", "Traces", "traces"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """A run, as far as it matters here."""

    id: str
    version: str
    is_over: bool
    batch: str
    root: str
    parent: str
    """The run that submitted it, or what it continues: a run or a batch."""
    named: bool | None
    """Whether it names the person; False where it names somebody else, None for neither."""

    @property
    def batches(self) -> set[str]:
        """Those that it is in."""
        return {self.batch, self.root} - {""}


@dataclass(frozen=True, kw_only=True, slots=True)
class Traces:
    """A person's runs."""

    levels: list[list[Trace]]
    """Those that are known by themselves, those that are known by them, and so on: whoever removes
    the last ones first finds the rest again."""
    batches: set[str]
    """In which there are no others."""

    @property
    def ids(self) -> set[str]:
        """Of all of them."""
        return {each.id for level in self.levels for each in level}

    @property
    def unfinished(self) -> list[str]:
        """The ids of those that have not ended."""
        return [each.id for level in self.levels for each in level if not each.is_over]


def traces(documents: Documents, person: Person) -> Traces:
    """Those of a person, as they stand now."""
    signs = _Signs(documents, person)
    found = pages(documents, RUNS, of(person.tenant), order=("-created",))
    every = [_trace(document, signs) for document in found]
    levels = [every] if person.is_last else [*_levels(every)]
    ids = {each.id for level in levels for each in level}
    batches = {batch for each in every if each.id in ids for batch in each.batches}
    others = {batch for each in every if each.id not in ids for batch in each.batches}
    return Traces(levels=levels, batches=batches - others)


class _Signs:
    """By what a person's runs are known."""

    def __init__(self, documents: Documents, person: Person) -> None:
        self.person = person
        self.automations = {each.id for each in owned(documents, AUTOMATIONS, person)}
        creations = [*owned(documents, CREATIONS, person)]
        self.creations = {each.id for each in creations}
        made = [*creations, *owned(documents, ARTIFACTS, person)]
        self.runs = {str(each.data["run"]) for each in made if each.data.get("run")}
        jobs = owned(documents, EXTRACTION_JOBS, person)
        self.batches = {str(each.data["batch"]) for each in jobs if each.data.get("batch")}
        self.folders = tuple(f"{folder}/" for folder in own(person))

    def named(self, document: Document) -> bool | None:
        """Whether a run is known by itself; False where it is known to be somebody else's."""
        params = _params(document)
        if user := _text(params.get("user")):
            return user in self.person.names
        follows = document.data.get("follows") or {}
        signs = (
            document.id in self.runs,
            document.data.get("batch") in self.batches,
            _text(params.get("automation")) in self.automations,
            follows.get("collection") == CREATIONS and follows.get("id") in self.creations,
            any(_text(each).startswith(self.folders) for each in params.values()),
        )
        return True if any(signs) else None


def _params(document: Document) -> dict[str, Any]:
    try:
        found = json.loads(document.data.get("params", "{}"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _trace(document: Document, signs: _Signs) -> Trace:
    data = document.data
    return Trace(
        id=document.id,
        version=document.version,
        is_over=data.get("state") in ENDED,
        batch=data.get("batch") or "",
        root=data.get("root") or "",
        parent=data.get("parent") or "",
        named=signs.named(document),
    )


def _levels(every: list[Trace]) -> Iterator[list[Trace]]:
    """From those that name the person on to what came of them."""
    children, members = _grouped(every)
    level = [each for each in every if each.named]
    seen = {each.id for each in level}
    while level:
        yield level
        near = (*(children[each.id] for each in level), *_together(level, children, members))
        coming = {each.id: each for group in near for each in group if each.named is None}
        level = [each for id, each in coming.items() if id not in seen]
        seen |= coming.keys()


def _grouped(every: Iterable[Trace]) -> tuple[Any, Any]:
    children: dict[str, list[Trace]] = defaultdict(list)
    members: dict[str, list[Trace]] = defaultdict(list)
    for each in every:
        children[each.parent].append(each)
        for batch in each.batches:
            members[batch].append(each)
    return children, members


def _together(level: Iterable[Trace], children: Any, members: Any) -> Iterator[list[Trace]]:
    """What is in the same batches, or continues them, unless somebody else is in them, too."""
    for batch in {batch for each in level for batch in each.batches}:
        if not any(each.named is False for each in members[batch]):
            yield members[batch]
            yield children[batch]
