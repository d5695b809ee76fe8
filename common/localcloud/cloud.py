"""The local cloud, put together: what it answers, and what it does by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from common.documents import Documents
from common.listening import listening
from common.localcloud.agenda import Agenda, Clockwork
from common.localcloud.rest import Rest
from common.localcloud.rpc import Rpc
from common.localcloud.store import Store
from common.settings import Settings

__all__ = ["LocalCloud"]


class LocalCloud:
    """Google Cloud over a documents store. All projects and regions are there from the start."""

    def __init__(self, settings: Settings, documents: Documents) -> None:
        self.settings = settings
        self.store = Store(documents)
        self.rpcs: tuple[Rpc, ...] = ()
        self.agendas: tuple[Agenda, ...] = ()
        self.clockwork = Clockwork(self.agendas)
        self.rest = Rest(self.rpcs)

    @contextmanager
    def serving(self, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
        """Answer over HTTP, and do what is due, while the block does; yields the URL."""
        with listening(self.rest, host=host, port=port) as (name, chosen):
            self.clockwork.start()
            try:
                yield f"http://{name}:{chosen}"
            finally:
                self.clockwork.stop()
