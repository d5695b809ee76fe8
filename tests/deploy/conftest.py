"""A deployment into the local cloud, served."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from common.deploy import firestore
from common.deploy.api import Api, open_api
from common.deploy.deploy import deploy, plan
from common.deploy.deployment import Deployment, deployment
from common.documents import open_documents
from common.documents.indexes import firestore_indexes
from common.localcloud.cloud import LocalCloud
from common.runs import Schedule
from common.runtime import Context, job
from common.runtime.declare import Job
from common.settings import Settings
from tests.time import FakeTime

PROJECT = "acme"
IMAGE = "us-docker.pkg.dev/acme/runjobs/runjobs@sha256:1"


@job("short", cpu=2, memory="1Gi", timeout=timedelta(minutes=2))
def short(run: Context) -> None:
    """Takes a moment."""


@job("billing", secrets=("STRIPE_SECRET_KEY",), schedule=Schedule("0 2 * * 0", zone="Europe/Paris"))
def billing(run: Context) -> None:
    """Runs by itself, and has a secret."""


JOBS: list[Job] = [billing, short]


@dataclass
class Target:
    """A project in the local cloud, and what deploys into it."""

    cloud: LocalCloud
    url: str
    time: FakeTime
    deployment: Deployment

    def api(self, session: Any = None) -> Api:
        api = open_api(self.url, clock=self.time.clock, rng=lambda: 1.0)
        if session is not None:
            api._session = session(api._session)
        return api

    def plan(self, jobs=JOBS, **options):
        return plan(self.api(), self.deployment, jobs, **options)

    def deploy(self, jobs=JOBS, **options):
        return deploy(self.api(), self.deployment, jobs, **options)

    def with_(self, **changes) -> Target:
        return replace(self, deployment=replace(self.deployment, **changes))


@pytest.fixture
def target(tmp_path, time) -> Iterator[Target]:
    here = Settings.load({"RUNJOBS_HOME": str(tmp_path), "GOOGLE_CLOUD_PROJECT": PROJECT})
    there = deployment({"GOOGLE_CLOUD_PROJECT": PROJECT, "GCS_BUCKET_NAME": "b"}, image=IMAGE)
    documents = open_documents(here.documents)
    cloud = LocalCloud(here, documents)
    with cloud.serving() as url:
        yield Target(cloud=cloud, url=url, time=time, deployment=there)
    documents.close()


@pytest.fixture
def few(monkeypatch):
    """Fewer indexes and fields, which are all alike."""
    indexes = {name: found[:1] for name, found in firestore_indexes().items()}
    monkeypatch.setattr(firestore, "firestore_indexes", lambda: indexes)
    monkeypatch.setattr(firestore, "_expiring", lambda: ["runs"])
