"""What would make new data of a person, held: automations, and consents, which go at once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from common.automations.store import AUTOMATIONS
from common.documents import Delete
from common.integrations import COLLECTION as INTEGRATIONS
from common.integrations.integration import integration_of
from jobs.opt_out_data_cleanup.consent import give_back
from jobs.opt_out_data_cleanup.owned import lease_of, owned
from jobs.opt_out_data_cleanup.told import told_of

if TYPE_CHECKING:
    from common.documents import Document
    from common.runtime import Context
    from jobs.opt_out_data_cleanup.person import Person
    from jobs.opt_out_data_cleanup.removing import Removing
    from jobs.opt_out_data_cleanup.tally import Tally

__all__ = ["Holding"]


class Holding:
    """Those of one person. One thread uses it."""

    def __init__(
        self, person: Person, tally: Tally, run: Context, removing: Removing, *, insists: bool
    ) -> None:
        """`insists` is whether a consent waits for Google to take it back."""
        self._person, self._tally, self._run, self._removing = person, tally, run, removing
        self._documents, self._insists = run.documents, insists

    def automations(self) -> None:
        """Have them start nothing more; they go later, as they tell whose runs are."""
        for document in owned(self._documents, AUTOMATIONS, self._person):
            if document.data.get("enabled"):
                self._documents.update(
                    AUTOMATIONS, document.id, lambda it: {"enabled": False} if it else None
                )

    def consents(self) -> Iterator[str]:
        """Give them back and forget them; yields why one has to stay."""
        for document in owned(self._documents, INTEGRATIONS, self._person):
            self._removing.runs(told_of(self._documents, integration_of(document)))
            if why := self._documents.optimistic(partial(self._consent, document.id)):
                yield f"a consent has to stay: {why}"

    def _consent(self, id: str) -> str:
        found = self._documents.get(INTEGRATIONS, id)
        if found is None or not self._person.owns(found):
            return ""
        failure = give_back(integration_of(found), self._run)
        if failure and self._insists:
            return str(failure).rstrip(".")
        self._forget(found, unrevoked=self._tally.unrevoked + bool(failure))
        return ""

    def _forget(self, found: Document, *, unrevoked: int) -> None:
        going = [found, *filter(None, [lease_of(self._documents, found.id)])]
        self._tally.forget(
            [Delete(each.collection, each.id, each.version) for each in going],
            {each.collection: 1 for each in going},
            unrevoked=unrevoked,
        )
