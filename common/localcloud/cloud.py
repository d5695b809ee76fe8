"""The local cloud, put together: what it answers, and what it does by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from common.documents import Documents
from common.listening import listening
from common.localcloud import service_rpcs
from common.localcloud.agenda import Agenda, Clockwork
from common.localcloud.calls import Calls
from common.localcloud.firestore_admin import FirestoreAdmin
from common.localcloud.iam import Iam
from common.localcloud.impersonation import Impersonation
from common.localcloud.logging import Logging
from common.localcloud.policies import Policies
from common.localcloud.projects import Projects
from common.localcloud.regions import locations
from common.localcloud.rest import Rest
from common.localcloud.rpc import Rpc
from common.localcloud.run import CloudRun, v1
from common.localcloud.scheduler import CloudScheduler
from common.localcloud.service_usage import ServiceUsage
from common.localcloud.services import Services
from common.localcloud.store import Store
from common.localcloud.tasks import CloudTasks
from common.localcloud.whose import whose
from common.settings import Settings

__all__ = ["LocalCloud"]


class LocalCloud:
    """Google Cloud over a documents store. All projects and regions are there from the start."""

    def __init__(self, settings: Settings, documents: Documents) -> None:
        self.settings = settings
        self.store = Store(documents)
        self.run = CloudRun(settings, self.store)
        self.policies = Policies(self.store)
        self.url = ""
        """Where it answers; whoever serves it without `serving` has to say."""
        self.clockwork = Clockwork()
        calls = Calls.over_http(self.store, own=lambda: self.url, tell=self.clockwork.tell)
        self.tasks = CloudTasks(self.store, calls, self.policies)
        self.scheduler = CloudScheduler(self.store, calls)
        services = Services(self.store)
        self.rpcs: tuple[Rpc, ...] = (
            *self.tasks.rpcs,
            *self.scheduler.rpcs,
            *calls.tokens.rpcs,
            *self.run.rpcs,
            *v1.rpcs(self.run, region=settings.region),
            *Logging(settings).rpcs,
            *Projects(self.policies).rpcs,
            *Iam(self.store, self.policies).rpcs,
            *Impersonation(self.store, calls.tokens).rpcs,
            *ServiceUsage().rpcs,
            whose(settings),
            *service_rpcs.rpcs(services),
            *v1.service_rpcs(services, region=settings.region),
            *locations(),
            *FirestoreAdmin(self.store).rpcs,
        )
        self.agendas: tuple[Agenda, ...] = (self.run, self.tasks.engine, self.scheduler.engine)
        self.clockwork.agendas = self.agendas
        self.clockwork.at_end.append(calls.deliveries.stop)
        self.rest = Rest(self.rpcs)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Answer over HTTP, and do what is due, while the block does; yields the URL."""
        with listening(self.rest) as (host, port):
            self.url = f"http://{host}:{port}"
            self.clockwork.start()
            try:
                yield self.url
            finally:
                self.clockwork.stop()
