"""runjobs serve: the dispatcher over HTTP, and on a laptop all that stands by there."""

from __future__ import annotations

import os
import sys
import threading
import time
from queue import SimpleQueue
from typing import TYPE_CHECKING

import click

from common.dispatch import Client
from common.runtime.log import Log, configure
from common.runtime.signals import Signals

if TYPE_CHECKING:
    from common.dispatch.serve import Server

__all__ = ["serve_command"]

_GRACE = 0.6
"""Seconds that what is done by itself may yet take once it is told to end; all of it can be left at
any moment, for whoever comes next."""

_port = click.IntRange(0, 65535)


@click.command("serve")
@click.option("--host", help="Where to listen; this machine alone, and on Cloud Run anywhere.")
@click.option("--port", type=_port, help="Of HTTP: 8080, or RUNJOBS_PORT; 0 for any that is free.")
@click.option("--grpc-port", type=_port, help="Speak Google's APIs by gRPC too, at this port.")
def serve_command(host: str | None, port: int | None, grpc_port: int | None) -> None:
    """Answer over HTTP and start what comes due, until Ctrl-C or SIGTERM.

    On a laptop, delayed runs, retries, and what waits for its turn are started when their time has
    come; once an hour, and whenever it is needed, a sweep finds what was left undone; and Google's
    clients find the local cloud at the same port. Several may serve at once, at ports of their own.

    On Cloud Run it answers, and does nothing by itself: the platform calls it.
    """
    with Signals() as signals, Client() as client:
        settings = client.settings
        configure(as_json=settings.in_cloud, stream=sys.stderr, labels={})
        chosen = settings.port if port is None else port
        if settings.in_cloud:
            _in_cloud(client, signals, host or "0.0.0.0", chosen)  # noqa: S104 - its front is Google's
        else:
            _on_laptop(client, signals, host or "127.0.0.1", chosen, grpc_port)
        Log().info("Served.", action="served")


def _in_cloud(client: Client, signals: Signals, host: str, port: int) -> None:
    from common.web.serving import GRACE, in_cloud

    over: SimpleQueue[None] = SimpleQueue()
    with in_cloud(client, host=host, port=port) as url:
        _tell(client, url)
        signals.listen(lambda: over.put(None))
        over.get()
        _leave_in(GRACE + 1)


def _on_laptop(
    client: Client, signals: Signals, host: str, port: int, grpc_port: int | None
) -> None:
    from common.dispatch.schedules import open_cron
    from common.dispatch.serve import Server
    from common.web.serving import LOCAL_GRACE, on_laptop

    dispatcher = client.dispatcher
    cron = open_cron(client, dispatcher.submit)
    server = Server(dispatcher, dispatcher.wakeups, cron=cron)
    over: SimpleQueue[BaseException | None] = SimpleQueue()
    with on_laptop(client, host=host, port=port, grpc_port=grpc_port) as (url, cloud):
        _warn(host)
        _tell(client, url)
        signals.listen(lambda: over.put(None))
        thread = _started(server, over)
        cloud.clockwork.start()
        error = over.get()
        server.stop()
        if error is not None:
            raise error
        told = time.monotonic()
        _leave_in(LOCAL_GRACE + 1)
    _leave_in(max(0.1, told + _GRACE - time.monotonic()))
    cloud.clockwork.stop()
    thread.join()


def _started(server: Server, over: SimpleQueue[BaseException | None]) -> threading.Thread:
    """In a thread of its own, so that the main one always hears signals."""

    def work() -> None:
        try:
            server.run()
        except BaseException as error:  # noqa: BLE001 - it is raised by the main thread
            over.put(error)
        else:
            over.put(None)

    thread = threading.Thread(target=work, daemon=True, name="serve")
    thread.start()
    return thread


def _tell(client: Client, url: str) -> None:
    documents = client.settings.documents
    Log().info(f"Serving at {url}; Ctrl-C ends it.", action="serving", url=url, documents=documents)


def _warn(host: str) -> None:
    from common.visitors import is_loopback

    if not is_loopback(host):
        message = f"Whoever reaches {host} may use this: nothing asks for tokens on a laptop."
        Log().warning(message, action="open")


def _leave_in(seconds: float) -> None:
    """End the process, should it not have ended by then."""
    timer = threading.Timer(seconds, _leave)
    timer.daemon = True
    timer.start()


def _leave() -> None:
    Log().warning("What was being done is left to the next one.", action="left")
    sys.stderr.flush()
    os._exit(0)
