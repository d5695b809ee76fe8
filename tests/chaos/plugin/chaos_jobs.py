# ruff: noqa: INP001 - it stands for an installed package
"""Jobs whose effects can be counted from outside."""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import timedelta

from common.runtime import Context, Interrupted, Params, Retry, job
from jobs.video_generation.params import VideoParams

AGAIN = Retry((0.0,) * 8, jitter=0.0)
FILM = VideoParams(prompt="A cat on a bicycle", duration=4, provider="veo")


def note(*words: object) -> None:
    """One line in the file of effects, whole, whoever else writes there."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    file = os.open(os.environ["CHAOS_EFFECTS"], flags, 0o666)
    os.write(file, (" ".join(map(str, words)) + "\n").encode())
    os.close(file)


@job("chaos-film", queue="chaos", retry=AGAIN)
def film(run: Context) -> dict[str, object]:
    """Buy something that must not be bought twice, keep it as a blob, publish it."""
    from jobs.video_generation.veo import Veo

    note("work", run.id, run.attempt)
    made = Veo.from_env(os.environ).generate(FILM, run)
    blob = run.blobs.write(run.path("film.mp4"), made)
    return {"film": blob.uri, "attempt": run.attempt}


@job("chaos-beats", queue="chaos", retry=AGAIN)
def beats(run: Context) -> dict[str, object]:
    """Have an effect every few milliseconds, until told to end; go on where the last one was."""
    if run.checkpointed:
        return {"went_on_from": run.checkpointed}
    run.checkpoint({"by": run.attempt})
    while True:
        note("beat", run.id, run.attempt, time.time())
        run.sleep(0.01)


class Line(Params):
    fails: int = 0
    seconds: float = 0.0


@job("chaos-waits", queue="chaos", retry=AGAIN)
def waits(params: Line, run: Context) -> dict[str, object]:
    """Do a little, and fail as often as asked."""
    note("work", run.id, run.attempt)
    run.checkpoint({"attempt": run.attempt})
    run.sleep(params.seconds)
    if run.attempt <= params.fails:
        raise ValueError(run.attempt)
    return {"attempt": run.attempt}


@job("chaos-brief", queue="chaos", retry=AGAIN, drain=timedelta(seconds=0.3))
def brief(run: Context) -> None:
    """Do nothing, in containers that soon make place for the next ones."""
    note("work", run.id, run.attempt)


@job("chaos-greedy", queue="chaos", retry=Retry((0.0,) * 3, jitter=0.0))
def greedy(params: Line, run: Context) -> dict[str, object]:
    """Take ever more memory until the kernel ends the process, where it is told to."""
    note("work", run.id, run.attempt)
    if params.fails:
        hoard = [bytearray(1 << 20) for _ in range(64)]
        note("hoard", run.id, len(hoard))
        os.kill(os.getpid(), signal.SIGKILL)
    return {}


@job("chaos-deaf", queue="chaos", retry=AGAIN, timeout=timedelta(minutes=1))
def deaf(run: Context) -> dict[str, object]:
    """Have a child that does not hear SIGTERM, and wait for it."""
    if run.attempt > 1:
        return {}
    says = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    child = run.start([sys.executable, "-S", "-c", f"{says}; print('deaf'); time.sleep(600)"])
    note("child", child.pid)
    while True:
        try:
            child.wait()
        except Interrupted:
            note("insists", run.id)
