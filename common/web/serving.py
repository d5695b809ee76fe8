"""Serving: in the cloud the API alone, on a laptop all that stands by there, on one port."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from common.listening import listening
from common.runtime.log import Log
from common.web.access.loopback import Loopback
from common.web.access.oidc import Oidc
from common.web.app import Api
from common.web.laptop import Laptop
from common.web.openapi import with_openapi
from common.web.table import OPERATIONS

if TYPE_CHECKING:
    from common.dispatch import Client
    from common.localcloud.cloud import LocalCloud
    from common.web.access.guard import Guard

__all__ = ["GRACE", "LOCAL_GRACE", "api", "in_cloud", "on_laptop"]

GRACE = 8
"""Seconds; Cloud Run kills ten after it has told to end."""
LOCAL_GRACE = 3
_AT_ONCE = 40
"""Requests that are answered at once: most of the time they wait for the store."""
_AT_ONCE_HERE = 8
"""Where the store is in this process they only get in each other's way: of 32 that submit, 40 at
once are answered at two thirds of the rate, and the slowest take five times as long."""


def api(client: Client, guard: Guard) -> Api:
    """The dispatcher's API; raises Misconfigured where its client cannot be had.

    What the client opens is opened now, and not by several threads at once.
    """
    _ = client.documents, client.runs, client.queues, client.dispatcher
    here = client.settings.documents.startswith("sqlite")
    at_once = _AT_ONCE_HERE if here else _AT_ONCE
    return Api(client, guard, with_openapi(OPERATIONS), at_once=at_once)


@contextmanager
def in_cloud(client: Client, *, host: str, port: int) -> Iterator[str]:
    """The API while the block runs; nothing else stands by. Yields where it listens."""
    guard = Oidc.of(client.settings, client.documents.now)
    with listening(api(client, guard), host=host, port=port, grace=GRACE) as (name, chosen):
        yield _url(name, chosen)


@contextmanager
def on_laptop(
    client: Client, *, host: str, port: int, grpc_port: int | None = None
) -> Iterator[tuple[str, LocalCloud]]:
    """The API and the local cloud, which answers and does nothing by itself yet, while the block
    runs. Yields where they listen, and the cloud."""
    from common.localcloud.cloud import LocalCloud

    cloud = LocalCloud(client.settings, client.documents)
    app = Laptop(api(client, Loopback()), cloud.rest)
    with (
        listening(app, host=host, port=port, grace=LOCAL_GRACE) as (name, chosen),
        _grpc(cloud, host, grpc_port),
    ):
        cloud.url = _url(name, chosen)
        yield cloud.url, cloud


@contextmanager
def _grpc(cloud: LocalCloud, host: str, port: int | None) -> Iterator[None]:
    if port is None:
        yield
        return
    from common.localcloud.grpc import grpc_serving

    with grpc_serving(cloud.rpcs, host=host, port=port) as address:
        Log().info(f"Google's APIs are at {address} by gRPC.", action="serving-grpc")
        yield


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
