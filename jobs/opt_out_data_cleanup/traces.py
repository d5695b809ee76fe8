"""Which runs are a person's.

A run has a tenant and no user. It is a person's if its params name the person as `user`, one of the
person's automations or creations, or a folder of the person's; if a document of the person's names
it, or the batch that it is in; or if it came of such a run: as its child, or as one of its batch,
where that has none of anybody else's. By the same signs a run is somebody else's: of several signs
one of those is enough for it to stay. Where nobody of the tenant stays all of its runs go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from jobs.opt_out_data_cleanup.pages import of, pages
from jobs.opt_out_data_cleanup.signs import Signs
from jobs.opt_out_data_cleanup.where import ENDED, RUNS

if TYPE_CHECKING:
    from common.blobs import Blobs
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


_Groups: TypeAlias = "dict[str, list[Trace]]"


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


def traces(documents: Documents, blobs: Blobs, person: Person) -> Traces:
    """Those of a person, as they stand now."""
    signs = Signs(documents, blobs, person)
    found = pages(documents, RUNS, of(person.tenant), order=("-created",))
    every = [_trace(document, signs) for document in found]
    levels = [every] if person.is_last else [*_levels(every)]
    ids = {each.id for level in levels for each in level}
    batches = {batch for each in every if each.id in ids for batch in each.batches}
    others = {batch for each in every if each.id not in ids for batch in each.batches}
    return Traces(levels=levels, batches=batches - others)


def _trace(document: Document, signs: Signs) -> Trace:
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


def _levels(every: Sequence[Trace]) -> Iterator[list[Trace]]:
    """From those that name the person on to what came of them."""
    children, members = _grouped(every)
    foreign = _foreign(every, children)
    level = [each for each in every if each.named]
    seen = {each.id for each in level} | foreign
    while level:
        yield level
        near = [children[each.id] for each in level]
        near += _together(level, children, members, foreign)
        coming = {each.id: each for group in near for each in group}
        level = [each for id, each in coming.items() if id not in seen]
        seen |= coming.keys()


def _grouped(every: Iterable[Trace]) -> tuple[_Groups, _Groups]:
    children: _Groups = defaultdict(list)
    members: _Groups = defaultdict(list)
    for each in every:
        children[each.parent].append(each)
        for batch in each.batches:
            members[batch].append(each)
    return children, members


def _foreign(every: Sequence[Trace], children: _Groups) -> set[str]:
    """The ids of those that are somebody else's, with what came of them and says nothing else."""
    rest = [each for each in every if each.named is False]
    found: set[str] = set()
    while rest:
        one = rest.pop()
        if one.id not in found:
            found.add(one.id)
            rest += [each for each in children[one.id] if not each.named]
    return found


def _together(
    level: Iterable[Trace], children: _Groups, members: _Groups, foreign: set[str]
) -> Iterator[list[Trace]]:
    """What is in the same batches, or continues them, unless somebody else is in them, too."""
    for batch in {batch for each in level for batch in each.batches}:
        if foreign.isdisjoint(each.id for each in members[batch]):
            yield members[batch]
            yield children[batch]
