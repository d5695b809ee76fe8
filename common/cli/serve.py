"""runjobs serve: a process that starts what comes due."""

from __future__ import annotations

import os
import sys
import threading

import click

from common.dispatch import Client
from common.dispatch.serve import Server
from common.runtime.log import Log, configure
from common.runtime.signals import Signals

__all__ = ["serve_command"]

_GLANCE = 0.2
_GRACE = 0.6
"""Seconds that what is being done may yet take once it is told to end; all of it can be left at any
moment, for whoever comes next."""


@click.command("serve")
def serve_command() -> None:
    """Start what comes due, until Ctrl-C or SIGTERM.

    Delayed runs, retries, and what waits for its turn are started when their time has come; once an
    hour, and whenever it is needed, a sweep finds what was left undone. Several may serve at once.
    """
    with Signals() as signals, Client() as client:
        server = Server(client.dispatcher, client.dispatcher.wakeups)
        configure(as_json=client.settings.in_cloud, stream=sys.stderr, labels={})
        Log().info("Serving; Ctrl-C ends it.", action="serving", documents=client.documents.url)
        _serve(server, signals)
        Log().info("Served.", action="served")


def _serve(server: Server, signals: Signals) -> None:
    """In a thread of its own, so that the main one always hears signals."""
    errors: list[BaseException] = []

    def work() -> None:
        try:
            server.run()
        except BaseException as error:  # noqa: BLE001 - it is raised by the main thread
            errors.append(error)

    thread = threading.Thread(target=work, daemon=True, name="serve")
    signals.listen(server.stop)
    thread.start()
    while thread.is_alive() and not signals.told:
        thread.join(_GLANCE)
    thread.join(_GRACE)
    if thread.is_alive():
        _leave()
    if errors:
        raise errors[0]


def _leave() -> None:
    Log().warning("What was being done is left to the next one.", action="left")
    sys.stderr.flush()
    os._exit(0)
