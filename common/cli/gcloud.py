"""runjobs gcloud: the real gcloud, speaking with this laptop."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from common.localcloud.gcloud import Gcloud

if TYPE_CHECKING:
    from common.localcloud.cloud import LocalCloud
    from common.settings import Settings

__all__ = ["gcloud_command"]

Handler = Callable[[int, object], None]
_FORWARDED = (signal.SIGTERM, signal.SIGHUP)


@click.command("gcloud", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="-- WORDS...")
def gcloud_command(words: tuple[str, ...]) -> None:
    """Have gcloud do to this laptop what it would do to Google Cloud.

    All that follows -- is gcloud's: runjobs gcloud -- run jobs execute noop --wait. The jobs that
    are declared are there from the start. It speaks with a runjobs serve of the same ledger, if
    one runs at RUNJOBS_PORT, and else with a local cloud that ends with it; executions do not.
    """
    program = Gcloud.program()
    with _cloud() as (settings, url):
        gcloud = Gcloud(
            url=url,
            home=settings.home,
            project=settings.project or "local",
            region=settings.region,
        )
        code = _run([program, *words], gcloud.environment())
    sys.exit(code if code >= 0 else 128 - code)


@contextmanager
def _cloud() -> Iterator[tuple[Settings, str]]:
    """The local cloud of this ledger, wherever it is served, with the declared jobs."""
    from common.documents import open_documents
    from common.localcloud.cloud import LocalCloud
    from common.localcloud.whose import served_at
    from common.settings import Settings

    settings = Settings.load()
    documents = open_documents(settings.documents)
    try:
        cloud = LocalCloud(settings, documents)
        _seed(cloud)
        if url := served_at(settings.port, settings):
            yield settings, url
        else:
            with cloud.serving() as url:
                yield settings, url
    finally:
        documents.close()


def _seed(cloud: LocalCloud) -> None:
    from common.deploy.declared import seed

    seed(cloud, cloud.settings)


def _run(argv: Sequence[str], environment: dict[str, str]) -> int:
    """To its end. A Ctrl-C reaches it by itself, being of the same terminal; it says what then."""
    children: list[subprocess.Popen[bytes]] = []
    told: list[int] = []

    def hand_on(number: int, _frame: object) -> None:
        told.append(number)
        for child in children:
            child.send_signal(number)

    # A handler that does nothing: what is ignored here would be ignored by gcloud too.
    handlers: dict[int, Handler] = dict.fromkeys(_FORWARDED, hand_on)
    handlers[signal.SIGINT] = lambda *_: None
    with _handling(handlers), subprocess.Popen(argv, env=environment) as child:
        children.append(child)
        for number in told:  # before there was anybody to be told
            child.send_signal(number)
        return child.wait()


@contextmanager
def _handling(handlers: Mapping[int, Handler]) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
