"""Google's own clients, in either way of speaking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc

from common.dispatch.google import access
from common.localcloud.cloud import LocalCloud
from common.localcloud.grpc import grpc_serving

__all__ = ["speaking"]


@contextmanager
def speaking(way: str, client: Any, cloud: LocalCloud, url: str) -> Iterator[Any]:
    """A client of that class, by `rest` at the URL or by `grpc`, while the block runs."""
    if way == "rest":
        yield client(transport="rest", **access(url))
        return
    with grpc_serving(cloud.rpcs) as address, grpc.insecure_channel(address) as channel:
        yield client(transport=client.get_transport_class("grpc")(channel=channel))
