"""What the children of the zygote do: each program is one process of a deployment."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import astuple
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from tests.chaos.clock import SharedTime
from tests.chaos.platform import Platform

if TYPE_CHECKING:
    from common.clock import Clock
    from common.dispatch import Dispatcher

__all__ = ["live", "prepare"]


def prepare() -> None:
    """Import what children would, and spare them what takes long and does not matter here."""
    import ssl

    import google.cloud.firestore
    import google.genai.types  # noqa: F401

    import common.blobs.files
    import common.dispatch.afterwards
    import common.dispatch.wakeups.local
    import common.runtime.entrypoint  # noqa: F401
    from jobs.video_generation.veo import provider
    from jobs.video_generation.veo.settings import VeoSettings

    sys.path.insert(0, str(Path(__file__).with_name("plugin")))
    import chaos_jobs  # noqa: F401

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ssl.create_default_context = lambda *_, **__: context
    provider.BASE = 0.0
    settings = VeoSettings(project="p", base_url="http://127.0.0.1:1")
    provider.Api(settings).close()  # most of what it imports it does only now
    assert threading.active_count() == 1, "What forks has no other threads."


class Outside:
    """The test, as a child sees it."""

    def __init__(self, say: int, wait: int) -> None:
        self._say, self._wait = say, wait

    def say(self, word: str) -> None:
        os.write(self._say, f"{word}\n".encode())

    def wait(self) -> None:
        """Until it is told to go on, or nobody is there to tell."""
        os.read(self._wait, 1)


def live(order: dict, say: int, wait: int) -> int:
    """Be what the order says; returns the exit code."""
    outside = Outside(say, wait)
    _arrange(order)
    if "knife" in order:
        _sharpen(order["knife"], outside)
    if order.get("wait"):
        outside.say("waits")
        outside.wait()
    return PROGRAMS[order["fork"]](order, outside)


def _arrange(order: dict) -> None:
    """This process's stores and platform, by the test's clock."""
    from common import services
    from common.dispatch import opening
    from common.documents import open_documents
    from common.runs import Runs
    from common.runtime import entrypoint
    from tests.chaos.stores import wrapped

    home = Path(os.environ["RUNJOBS_HOME"])
    time_ = SharedTime(home / "clock")
    clock = _skewed(order["skew"]) if "skew" in order else time_.clock
    services.open_documents = lambda url: wrapped(
        time_.shift(open_documents(url, clock=clock)), order.get("store", {})
    )
    services.Runs = partial(Runs, lease=timedelta(seconds=order.get("lease", 60)))
    if order.get("platform", True):
        opening.open_executor = lambda _: Platform(home / "platform")
    entrypoint._BEGAN = time.monotonic()


def _skewed(seconds: float) -> Clock:
    """The clock of a machine that goes wrong by so much, for all of this process."""
    import datetime as dt

    import grpc._channel

    from common import clock

    true_time, ahead = time.time, timedelta(seconds=seconds)
    # Its core reads the machine's clock, and is told deadlines by it.
    grpc._channel.time = SimpleNamespace(**vars(time))
    time.time = lambda: true_time() + seconds

    class Skewed(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return dt.datetime.now(tz) + ahead

    clock.datetime = Skewed
    return clock.SYSTEM


def _sharpen(knife: dict, outside: Outside) -> None:
    from tests.chaos.knife import Knife

    def act(name: str) -> None:
        outside.say(f"reached-{name}")
        if knife["signal"] == "HOLD":
            outside.wait()
        else:
            os.kill(os.getpid(), signal.Signals[f"SIG{knife['signal']}"])

    Knife(knife["at"], knife["when"], act)


def _dispatcher() -> Dispatcher:
    from common.dispatch.opening import open_dispatcher
    from common.services import Services
    from common.settings import Settings

    return open_dispatcher(Services(Settings.load()))


def _task(_order: dict, _outside: Outside) -> int:
    from common.dispatch.afterwards import look
    from common.runtime.entrypoint import main

    return main([], look=look)


def _submit(order: dict, _outside: Outside) -> int:
    from tests.chaos.world import chaos_run

    dispatcher = _dispatcher()
    for id in order["runs"]:
        dispatcher.submit(chaos_run(id, dispatcher.runs.documents.now(), **order.get("of", {})))
    return 0


def _batch(order: dict, _outside: Outside) -> int:
    from common.runs import Batch, Then
    from tests.chaos.world import chaos_run

    dispatcher, ids = _dispatcher(), order["runs"]
    now = dispatcher.runs.documents.now()
    then = Then(job="chaos-waits", queue="chaos", max_attempts=9)
    batch = Batch(id=order["batch"], total=len(ids), created=now, then=then, open=True)
    how = {"job": "chaos-waits", "batch": batch.id, "awaited": True, "follows": None}
    dispatcher.submit_batch(batch, [chaos_run(id, now, **how) for id in ids])
    return 0


def _dispatch(order: dict, _outside: Outside) -> int:
    sys.stdout.write(json.dumps(_dispatcher().dispatch(order["queue"]).started))
    return 0


def _serve(order: dict, _outside: Outside) -> int:
    """Look at a queue again and again, until nothing of it is left."""
    dispatcher, seconds = _dispatcher(), order["every"]
    while any(astuple(dispatcher.line.depth(order["queue"]))):
        dispatcher.dispatch(order["queue"])
        time.sleep(seconds)
    return 0


def _sweep(_order: dict, _outside: Outside) -> int:
    sys.stdout.write(f"{_dispatcher().sweep()}\n")
    return 0


def _cancel(order: dict, outside: Outside) -> int:
    runs = _dispatcher().runs
    runs.get(order["run"])
    time.sleep(order.get("delay", 0.0))
    outside.say(runs.cancel(order["run"]).state)
    return 0


PROGRAMS: dict[str, Callable[[dict, Outside], int]] = {
    "task": _task,
    "submit": _submit,
    "batch": _batch,
    "dispatch": _dispatch,
    "serve": _serve,
    "sweep": _sweep,
    "cancel": _cancel,
}
