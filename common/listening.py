"""An ASGI application on a port, in a thread of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from common.errors import Misconfigured

if TYPE_CHECKING:
    import uvicorn

__all__ = ["listening"]

_BACKLOG = 2048
_GRACE = 1
"""Seconds that requests may yet take when it is told to end, unless said otherwise."""


@contextmanager
def listening(
    app: Callable[..., Any], *, host: str = "127.0.0.1", port: int = 0, grace: int = _GRACE
) -> Iterator[tuple[str, int]]:
    """Answer while the block does; yields host and port, which 0 has the system choose.

    Requests may take `grace` seconds more when it is told to end.

    Raises Misconfigured where the port is taken.
    """
    with _bound(host, port) as bound:
        server = _server(app, grace)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [bound]}, daemon=True, name="http"
        )
        thread.start()
        try:
            yield host, int(bound.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()


def _bound(host: str, port: int) -> socket.socket:
    """Bound and listening: whoever comes before the server has begun waits, and is not refused."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's delays off only for what says that it is TCP.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(_BACKLOG)
    except OSError as error:
        bound.close()
        raise Misconfigured(
            f"Port {port} of {host} cannot be had: {error.strerror}. Choose another with --port."
        ) from error
    return bound


def _server(app: Callable[..., Any], grace: int) -> uvicorn.Server:
    import uvicorn

    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=grace,
    )
    return uvicorn.Server(config)
