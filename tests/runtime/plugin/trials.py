# ruff: noqa: INP001 - it stands for an installed package
"""Jobs that behave in every way that a job can."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
import warnings
from datetime import timedelta
from typing import Any, Literal

from common.errors import InvalidInput
from common.runtime import Context, Interrupted, Params, Permanent, Retry, Retryable, job

NAN = float("nan")
SOON = Retry((0.0,))


class How(Params):
    how: str = ""


def say(word: object, *, flush: bool = True) -> None:
    print(word, flush=flush)  # noqa: T201


class Mute(Exception):
    """One that cannot say what it is."""

    def __str__(self) -> str:
        raise ValueError


class Rude(BaseException):
    """One that no `except Exception` catches."""


def _raise(error: BaseException) -> Any:
    raise error


def _again() -> None:
    _again()


ENDINGS = {
    "": lambda: {"fine": True},
    "nothing": lambda: None,
    "prints": lambda: say("printed"),
    "unflushed": lambda: say("printed", flush=False),
    "exit-0": lambda: sys.exit(0),
    "exit-3": lambda: sys.exit(3),
    "error": lambda: _raise(ValueError("no good")),
    "mute": lambda: _raise(Mute()),
    "rude": lambda: _raise(Rude("rude")),
    "keyboard": lambda: _raise(KeyboardInterrupt()),
    "memory": lambda: _raise(MemoryError()),
    "recursion": _again,
    "surrogate": lambda: _raise(OSError("cannot read \udc80")),
    "long": lambda: _raise(ValueError("x" * 1_000_000)),
    "permanent": lambda: _raise(Permanent("never")),
    "invalid": lambda: _raise(InvalidInput("not like this")),
    "retryable": lambda: _raise(Retryable("later", after=600)),
    "interrupted": lambda: _raise(Interrupted()),
    "nan": lambda: {"x": NAN},
    "object": lambda: {"x": object()},
    "large": lambda: {"x": "x" * 300_000},
    "deep": lambda: _deep(10_000),
    "thread": lambda: threading.Thread(target=threading.Event().wait).start(),
    "warns": lambda: warnings.warn("careful", stacklevel=1),
}


def _deep(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@job("trial-ends", retry=SOON)
def ends(params: How, _run: Context) -> Any:
    """End in some way."""
    return ENDINGS[params.how]()


@job("trial-waits", retry=SOON)
def waits(params: How, run: Context) -> Any:
    """Wait for a line from the test."""
    say(f"ready {run.attempt}")
    line = sys.stdin.readline()
    if params.how == "checkpoint":
        run.checkpoint({"by": run.attempt})
    return {"line": line}


class Count(Params):
    to: int = 1_000_000
    cleanup: float = 0


@job("trial-counts", retry=SOON)
def counts(params: Count, run: Context) -> dict[str, int]:
    """Count, noticing that it is told to end; go on where the last attempt stopped."""
    if run.checkpointed:
        return {"went_on_from": run.checkpointed["n"]}
    say("ready")
    try:
        for _ in range(params.to):
            run.progress(0.5)
            run.sleep(0.01)
    except Interrupted:
        time.sleep(params.cleanup)
        run.checkpoint({"n": 7})
        raise
    return {}


class Stubborn(Params):
    how: Literal["sleep", "spin", "swallow", "in-c", "child", "pool", "thread", "hang"]


@job("trial-stubborn", retry=SOON)
def stubborn(params: Stubborn, run: Context) -> dict[str, Any]:
    """Do not end when told to."""
    if run.checkpointed:
        return run.checkpointed
    run.checkpoint({"how": params.how})
    STUBBORN[params.how](run)
    return {}


def _sleep(_run: Context) -> None:
    say("ready")
    time.sleep(1000)


def _spin(_run: Context) -> None:
    say("ready")
    while True:
        pass


def _swallow(_run: Context) -> None:
    said = False
    while True:
        try:
            if not said:
                said = True
                say("ready")
            time.sleep(0.01)
        except BaseException:  # noqa: BLE001, S110 - this is what it is here to show
            pass


def _stuck() -> None:
    """In C, where no handler of a signal runs: lock a mutex twice."""
    libc, mutex = ctypes.CDLL(None), ctypes.create_string_buffer(256)
    libc.pthread_mutex_init(mutex, None)
    libc.pthread_mutex_lock(mutex)
    say("ready")
    libc.pthread_mutex_lock(mutex)


_DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('ready', flush=True); time.sleep(1000)"
)


def _child(run: Context) -> None:
    run.start([sys.executable, "-c", _DEAF]).wait()


def _pool(_run: Context) -> None:
    """Forks end when terminated, though they were forked from a task that holds SIGTERM."""
    fork = multiprocessing.get_context("fork")
    forked = fork.Process(target=time.sleep, args=[1000])
    forked.start()
    forked.terminate()
    forked.join()
    say(f"ready {forked.exitcode == -signal.SIGTERM}")
    time.sleep(1000)


def _thread(_run: Context) -> None:
    threading.Thread(target=threading.Event().wait).start()
    say("ready")
    time.sleep(1000)


def _hang(run: Context) -> None:
    """The store never answers, while a checkpoint holds the lease's lock."""
    run.documents._commit = lambda *_: _stuck()  # type: ignore[method-assign]
    run.checkpoint({"how": "never written"})


STUBBORN = {
    "sleep": _sleep,
    "spin": _spin,
    "swallow": _swallow,
    "in-c": lambda _run: _stuck(),
    "child": _child,
    "pool": _pool,
    "thread": _thread,
    "hang": _hang,
}


@job("trial-brief", timeout=timedelta(seconds=2), retry=SOON)
def brief(_params: Params, run: Context) -> None:
    """Take longer than its timeout."""
    run.sleep(1.85)
    say("ready")
    run.sleep(1000)


@job("trial-fills", retry=SOON)
def fills(_params: Params, run: Context) -> None:
    """Write until the disk is full."""
    for number in range(64):
        (run.folder / f"{number}").write_bytes(bytes(1 << 20))


@job("trial-needs", needs=("no_such_package.deep (media)",))
def needs(_params: Params, _run: Context) -> None:
    """Need what is not installed."""
    say(os.getpid())
