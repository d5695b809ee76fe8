"""reel-stitching beside ffmpeg alone: python -m benchmarks stitch

Two reels, of clips made here. The first is of 24 clips of 1080p that agree: ours beside ffmpeg's
`-f concat -c copy`. The second is of four clips of differing shapes and rates: ours beside one
ffmpeg that scales, pads and joins them all in one filter graph, with the same encoder at the same
settings, and as many threads as it takes by itself.

Ours does more: it looks at each clip before, reads the reel after it is written, makes a poster,
has the SHA-256 of the file, and a run in the ledger; and it has the file on the disk before it says
so, where ffmpeg leaves that to the system: "on disk" is about what ffmpeg and fsync take.

Ours is timed inside its process, from the submitted run to its end; ffmpeg from outside, as it
starts in no time. They take turns, and change who is first.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median

from benchmarks.films import agreeing, concatenated, copied, differing
from benchmarks.peers.place import ROOT
from benchmarks.table import Line, at_most, heading, plain, show
from common.media.probe import probe

__all__ = ["measure"]

Tool = Callable[[list[Path], Path], float]
Tools = dict[str, Tool]
Times = dict[str, list[float]]


def measure(rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="stitch-") as name:
        folder = Path(name)
        same, other = agreeing(folder), differing(folder)
        copy: Tools = {"ffmpeg -c copy": copied, "ours, as they are": _ours("copy")}
        graph: Tools = {"one ffmpeg": concatenated, "ours, made alike": _ours("encode")}
        lines = [
            *_table(_compare(same, folder, copy, rounds), *copy, 1.1),
            *_table(_compare(other, folder, graph, max(1, rounds * 3 // 5)), *graph, 1.05),
        ]
    heading(f"{len(same)} clips that agree, and {len(other)} that differ, as one reel")
    show(lines)


def _compare(clips: list[Path], folder: Path, tools: Tools, rounds: int) -> Times:
    times: Times = {}
    wanted = sum(probe(clip).duration * clips.count(clip) for clip in set(clips))
    for number in range(rounds):
        for name in sorted(tools, reverse=bool(number % 2)):
            target = folder / f"{number}-{name.replace(' ', '')}.mp4"
            os.sync()  # what the one before has left to be written is not the next one's affair
            before = _processors()
            taken = tools[name](clips, target)
            times.setdefault(f"{name}, processors", []).append(_processors() - before)
            times.setdefault(name, []).append(taken)
            times.setdefault(f"{name}, on disk", []).append(taken + _settled(target))
            # Whoever wrote less has not won.
            assert abs(probe(target).duration - wanted) < len(clips) / 30, (target, wanted)
            # Of both: to write where memory was just given back is quicker.
            target.unlink()
            shutil.rmtree(_home(target), ignore_errors=True)
    return times


def _table(times: Times, theirs: str, ours: str, most: float) -> list[Line]:
    # By then ours is on the disk.
    del times[f"{ours}, on disk"]
    lines = [plain(name, taken, "s") for name, taken in times.items()]
    # Of each round by itself: what else the machine does then slows both.
    for other in (theirs, f"{theirs}, on disk"):
        ratios = [one / two for one, two in zip(times[ours], times[other], strict=True)]
        lines.append(at_most(f"ours by {other}", median(ratios), most))
    return lines


def _ours(joined_by: str) -> Tool:
    def run(clips: list[Path], target: Path) -> float:
        argv = [sys.executable, "-m", "benchmarks.stitch", joined_by, str(target), *map(str, clips)]
        home = {"RUNJOBS_HOME": _home(target)}
        done = subprocess.run(
            argv,
            env={**os.environ, **home},
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return float(done.stdout)

    return run


def _home(target: Path) -> str:
    return f"{target}-home"


def _processors() -> float:
    """Seconds of processors that all children so far have taken, however busy the machine was."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _settled(target: Path) -> float:
    """Seconds until it is on the disk."""
    began = time.perf_counter()
    with target.open("rb") as stream:
        os.fsync(stream.fileno())
    return time.perf_counter() - began


def _child(joined_by: str, target: str, *clips: str) -> None:
    """Run the job once, as the entrypoint does; print its seconds."""
    from common.blobs.files import folder_of
    from common.runs import Worker
    from common.runtime.discover import find_job
    from common.runtime.perform import perform
    from common.runtime.submission import new_run
    from common.services import Services
    from common.settings import Settings

    services, job = Services(Settings.load()), find_job("reel-stitching")
    size = {"width": 1280, "height": 720, "fps": 30} if joined_by == "encode" else {}
    params = job.validate({"clips": list(clips), "loudness": "off", **size})
    import_module("jobs.reel_stitching.stitch")  # as ffmpeg's own code is, before it is timed
    began = time.perf_counter()
    new = new_run(job, params, now=services.documents.now())
    run = services.runs.begin(new, Worker(execution=None, name="benchmark"))
    ended = perform(job, services, run)
    seconds = time.perf_counter() - began
    assert ended.result, ended.attempts[-1].error
    result = json.loads(ended.result)
    assert result["joined_by"] == joined_by, result["why"]
    Path(target).hardlink_to(folder_of(result["video"]["uri"]))
    print(seconds)
    services.close()


if __name__ == "__main__":
    _child(*sys.argv[1:])
