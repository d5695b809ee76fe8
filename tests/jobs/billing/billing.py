"""Users, usage and the ledger, in time that only tests and sleepers move."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from common.data.usage import USAGE_COUNTERS, USAGE_EVENTS, event_data
from common.data.users import USERS, user_data
from common.documents import Create, Documents, Query, Update
from common.ids import random_id
from common.runs import Run
from common.runs.records import evolve
from common.runtime.discover import find_job
from common.runtime.submission import new_run
from tests.jobs.extraction.ledger import Ledger
from tests.time import FakeTime

RECONCILE = "stripe-usage-reconciliation"
RESET = "free-user-period-reset"


class Billing(Ledger):
    """What the application and the two jobs share."""

    def __init__(self, documents: Documents, blobs: str, time: FakeTime) -> None:
        super().__init__(documents, blobs)
        documents.patience = 60.0  # a loaded machine is none of what is tried here
        documents._now = time.now  # its own waits are true ones: they are none of a test's
        self.time = time
        self._count = itertools.count(1)

    # The application's part.

    def user(self, id: str, **fields: Any) -> None:
        self.documents.commit([Create(USERS, id, user_data(**fields))])

    def event(self, id: str = "", **fields: Any) -> str:
        """One that is unreported, unless something else is said."""
        return self.events([id or f"e{next(self._count)}"], **fields)[0]

    def events(self, ids: list[str], **fields: Any) -> list[str]:
        self.documents.commit([Create(USAGE_EVENTS, id, self._event(**fields)) for id in ids])
        return ids

    def _event(self, **fields: Any) -> dict[str, Any]:
        known = {"quantity": 3, "customer": "cus_1", "event_name": "pages"} | fields
        at = known.pop("at", self.time.now() - timedelta(minutes=10))
        rest = {name: known.pop(name) for name in [*known] if name not in _DATA}
        data = event_data(tenant="t", user="u1", metric="pages", at=at, **known)
        return {**data, **rest}

    def change(self, collection: str, id: str, **fields: Any) -> None:
        document = self.documents.get(collection, id)
        assert document is not None
        self.documents.commit([Update(collection, id, fields, document.version)])

    # What is there.

    def __getitem__(self, key: tuple[str, str]) -> dict[str, Any]:
        document = self.documents.get(*key)
        assert document is not None
        return dict(document.data)

    def states(self) -> Counter[str]:
        return Counter(each.data["state"] for each in self.documents.query(Query(USAGE_EVENTS)))

    def counters(self) -> dict[tuple[str, str], int]:
        """What is used, by user and period."""
        found = self.documents.query(Query(USAGE_COUNTERS))
        return {(each.data["user"], each.data["period"]): each.data["used"] for each in found}

    def reset(self, **params: Any) -> dict[str, Any]:
        """What a run of free-user-period-reset returns."""
        return self.result(self.perform(RESET, params))

    def reconcile(self, **params: Any) -> dict[str, Any]:
        """What a run of stripe-usage-reconciliation returns."""
        return self.result(self.perform(RECONCILE, params))

    def parts(self, job: str, count: int) -> list[Run]:
        """One attempt at each of the runs of the tasks that share a piece of work."""
        ids = [random_id() for _ in range(count)]
        return [self.attempt(self._part(job, ids, index).id) for index in range(count)]

    def _part(self, job: str, ids: list[str], index: int) -> Run:
        found = find_job(job)
        run = new_run(found, found.validate({}), id=ids[index], now=self.documents.now())
        return self.runs.submit(evolve(run, part=index, parts=len(ids), whole=ids[0]))

    def pass_to(self, moment: datetime) -> None:
        self.time.elapsed = (moment - self.time.start).total_seconds()


_DATA = ("quantity", "customer", "event_name")
