"""A store with users of several tenants and all that is ever kept of one, and whose it is."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from common.automations import Automation, Automations, Template, Trigger
from common.data.artifacts import artifact_data, artifact_id
from common.data.extraction_jobs import extraction_job_data
from common.data.usage import counter_data, counter_id, event_data
from common.data.users import user_data
from common.documents import Create
from common.files import Place
from common.ids import random_id
from common.integrations.imports import Expected, Imports
from common.runs import Follows, Run, State
from common.runs.batch import Batch
from common.runs.batches import Batches
from common.runs.records import evolve
from jobs.opt_out_data_cleanup import OptOutReport, opt_out_data_cleanup
from tests.jobs.gmail.world import World

__all__ = ["Owner", "Town", "kept_documents"]

Owner = tuple[str, str]
"""A tenant and a user; no user for what is the tenant's."""
_OWN = {"opt_outs", "tallies", "maintenance"}
"""Collections that the job itself writes, beside its own run."""


class Town:
    """Makes data, and knows whose it is."""

    def __init__(self, world: World) -> None:
        self.world, self.documents, self.blobs = world, world.documents, world.blobs
        self.now: datetime = world.documents.now()
        self.documents_of: dict[tuple[str, str], Owner] = {}
        self.blobs_of: dict[str, Owner] = {}

    def create(self, owner: Owner, collection: str, data: Any, id: str = "") -> str:
        id = id or random_id()
        self.documents.commit([Create(collection, id, data)])
        self.documents_of[collection, id] = owner
        return id

    def blob(self, owner: Owner, path: str) -> None:
        self.blobs.write(path, b"x")
        self.blobs_of[path] = owner

    def user(
        self, tenant: str, user: str, *, email: str = "", days: float | None = None, **more: Any
    ) -> Owner:
        """A user, who opted out so many days ago, if at all."""
        opted = {} if days is None else {"opted_out": self.now - timedelta(days=days)}
        year = self.now - timedelta(days=365)
        data = user_data(created=year, tenant=tenant, email=email, **opted, **more)
        self.create((tenant, user), "users", data, user)
        return tenant, user

    def run(self, owner: Owner, params: Any, **more: Any) -> Run:
        """A run that has succeeded, unless it says otherwise, with a blob."""
        run = Run(
            id=random_id(),
            job="zip-unpack",
            queue="io-tasks",
            params=json.dumps(params),
            created=self.now,
            due=self.now,
            tenant=owner[0],
            follows=more.pop("follows", None),
        )
        made = self.world.runs.submit(evolve(run, **{"state": State.SUCCEEDED, **more}))
        self.documents_of["runs", made.id] = owner
        self.blob(owner, f"runs/{made.id}/1/out.txt")
        return made

    def batch(self, owner: Owner) -> str:
        """A batch that somebody waits for."""
        batch = Batch(id=random_id(), total=1, created=self.now, tenant=owner[0], sealed=True)
        Batches(self.world.runs).begin(batch)
        self.documents_of["batches", batch.id] = owner
        return batch.id

    def imported(self, owner: Owner, item: str, *others: str) -> None:
        """A file that came for a user, and for others as well."""
        place = Place(self.blobs, f"{_home(owner[0])}/imports")
        for user in (owner[1], *others):
            imports = Imports(self.documents, place, "drive", run="r", user=user)
            expected = Expected(name="a.pdf")
            if imports.find(item, "1", expected) is None:
                kept = imports.keep(item, "1", _Bytes(b"x"), expected)
        whose = (owner[0], "") if others else owner
        self.blobs_of[self.blobs.path(kept.file.uri)] = whose
        self.documents_of["imports", imports._key(item)] = whose

    def fill(self, owner: Owner, *, connected: bool = True) -> None:
        """Everything that a user may have, where ids allow each in a place of its own."""
        tenant, user = owner
        whose = {"tenant": tenant, "user": user}
        if connected:
            made = self.world.connect(f"{quote(user)}@mail.example", tenant=tenant, user=user)
            self.documents_of["integrations", made.id] = owner
            lease = {"holder": "", "until": self.now, "word": ""}
            self.create(owner, "leases", lease, f"mailbox-{made.id}")
        automation = self.automation(owner)
        for month in range(3):
            period, end = f"2026-0{month + 1}-01", self.now - timedelta(days=30 * month)
            data = counter_data(**whose, metric="pages", period=period, period_end=end)
            self.create(owner, "usage_counters", data, counter_id(tenant, user, "pages", period))
        self.event(owner, state="reported")
        self.create(owner, "exports", {**whose, "state": "done", "run": "r", "link": "https://…"})
        creation = self.create(owner, "creations", {**whose, "status": "completed"})
        self.run(owner, {}, follows=Follows(collection="creations", id=creation))
        self.documents_of["creations", creation] = owner
        self.uploaded(owner)
        self.chain(owner, automation)
        self.imported(owner, f"item-{quote(user, safe='')}-{tenant}")
        self.blob(owner, f"{_home(tenant)}/users/{quote(user, safe='')}/notes.txt")

    def automation(self, owner: Owner) -> str:
        template = Template(sources=("gmail:",), schema="invoice")
        made = Automation(
            tenant=owner[0], user=owner[1], name="A", template=template, trigger=Trigger()
        )
        id = Automations(self.documents).save(made).id
        self.documents_of["automations", id] = owner
        return id

    def event(self, owner: Owner, *, state: str, customer: str = "cus_1") -> str:
        data = event_data(
            tenant=owner[0],
            user=owner[1],
            metric="pages",
            quantity=3,
            at=self.now,
            customer=customer,
            event_name="pages",
        )
        return self.create(owner, "usage_events", {**data, "state": state})

    def uploaded(self, owner: Owner) -> None:
        """What was set up: one with files in the tenant's home, and one with its own."""
        tenant, user = owner
        id = random_id()
        deep = f"{_home(tenant)}/uploads/{quote(user, safe='')}-{id}"
        folder = deep if tenant else f"uploads/{id}"
        batch = self.batch(owner)
        data = extraction_job_data(tenant=tenant, user=user, created=self.now, folder=folder)
        self.create(owner, "extraction_jobs", {**data, "state": "done", "batch": batch}, id)
        self.blob(owner, f"{folder}/a.zip")
        self.run(owner, {}, batch=batch, awaited=True)

    def chain(self, owner: Owner, automation: str) -> None:
        """A run that an automation started, with what came of it."""
        first = self.run(owner, {"automation": automation})
        batch = self.batch(owner)
        second = self.run(owner, {"user": owner[1]}, parent=first.id, batch=batch)
        third = self.run(owner, {"source": "x"}, parent=second.id, batch=batch, root=batch)
        self.run(owner, {}, parent=batch)
        self.artifact(owner, third.id, user="")
        fourth = self.run(owner, {})
        self.artifact(owner, fourth.id, user=owner[1])

    def artifact(self, owner: Owner, run: str, *, user: str) -> None:
        folder = f"runs/{run}/files"
        data = artifact_data(
            tenant=owner[0], user=user, run=run, folder=folder, created=self.now, files=1, bytes=1
        )
        self.create(owner, "artifacts", data, artifact_id(run))
        self.blob(owner, f"{folder}/b.txt")

    def common(self, tenant: str) -> None:
        """What is the tenant's, and nobody's in particular."""
        owner = (tenant, "")
        self.run(owner, {"source": "y"})
        self.create(owner, "monitors", {"tenant": tenant, "monitor": "m"})
        if tenant:
            self.blob(owner, f"tenants/{quote(tenant, safe='')}/common.txt")
            plan = self.create(owner, "plans", {"tenant": tenant, "job": "x"})
            self.blob(owner, f"plans/{plan}/1.jsonl")

    def clean(self, **params: Any) -> OptOutReport:
        return self.world.do(opt_out_data_cleanup, tenant="", **params)

    @property
    def left(self) -> tuple[set[tuple[str, str]], set[str]]:
        """The documents and the blobs that are there."""
        found = kept_documents(self) - {("runs", run.id) for run in self._operators()}
        return found, {blob.path for blob in self.blobs.list("")}

    def of(self, gone: set[Owner]) -> tuple[set[tuple[str, str]], set[str]]:
        """What shall be there when these are gone."""
        documents = {key for key, owner in self.documents_of.items() if owner not in gone}
        return documents, {path for path, owner in self.blobs_of.items() if owner not in gone}

    def _operators(self) -> list[Run]:
        return self.world.children("opt-out-data-cleanup")


def kept_documents(town: Town) -> set[tuple[str, str]]:
    """All that are in the collections that were ever written to."""
    from jobs.opt_out_data_cleanup.pages import pages

    collections = {collection for collection, _ in town.documents_of} - _OWN
    return {(name, found.id) for name in collections for found in pages(town.documents, name)}


def _home(tenant: str) -> str:
    return f"tenants/{quote(tenant, safe='')}" if tenant else "shared"


class _Bytes:
    """A stream that is read once."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, size: int) -> bytes:
        found, self._data = self._data[:size], self._data[size:]
        return found
