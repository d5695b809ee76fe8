"""reel-stitching beside ffmpeg alone: python -m benchmarks stitch

Two reels, of clips made here. The first is of 24 clips of 1080p that agree: ours beside ffmpeg's
`-f concat -c copy`. The second is of 12 clips of differing sizes, shapes and rates: ours beside one
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
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median

from benchmarks.peers.place import ROOT
from benchmarks.table import at_most, heading, plain, show
from common.media.ffmpeg import executable

__all__ = ["measure"]

_COPIED, _ENCODED = 24, 8
_SHAPES = (
    ("1280x720", 30),
    ("1920x1080", 30),
    ("720x1280", 30),
    ("854x480", 25),
    ("1280x720", 24),
    ("640x640", 60),
)
_X264 = "-c:v libx264 -preset veryfast -crf 20 -profile:v high -pix_fmt yuv420p -g 60"
_MADE = f"{_X264} -c:a aac -b:a 192k -ar 48000 -ac 2".split()

Tool = Callable[[list[Path], Path], float]
Times = dict[str, list[float]]


def measure(rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="stitch-") as name:
        folder = Path(name)
        heading(f"{_COPIED} clips of 1080p that agree, seconds")
        clips = _agreeing(folder)
        tools: dict[str, Tool] = {"ffmpeg -c copy": _copy, "ours": _ours("copy")}
        times = _compare(clips, folder, tools, rounds)
        _report(times, "ffmpeg -c copy", 1.1)
        heading(f"{_ENCODED} clips that differ, seconds")
        clips = _differing(folder)
        tools = {"one ffmpeg": _graph, "ours": _ours("encode")}
        times = _compare(clips, folder, tools, max(1, rounds // 2))
        _report(times, "one ffmpeg", 1.05)


def _compare(clips: list[Path], folder: Path, tools: dict[str, Tool], rounds: int) -> Times:
    times: Times = {}
    for number in range(rounds):
        for name in sorted(tools, reverse=bool(number % 2)):
            target = folder / f"{number}-{name.replace(' ', '')}.mp4"
            os.sync()  # what the one before has left to be written is not the next one's affair
            before = _processors()
            taken = tools[name](clips, target)
            times.setdefault(f"{name}, processors", []).append(_processors() - before)
            times.setdefault(name, []).append(taken)
            times.setdefault(f"{name}, on disk", []).append(taken + _settled(target))
            _check(clips, target)
            target.unlink(missing_ok=True)
    return times


def _report(times: Times, theirs: str, most: float) -> None:
    show([plain(name, taken, "s") for name, taken in times.items() if name != "ours, on disk"])
    # Of each round by itself: what else the machine does then slows both.
    for ours, other in (("ours", theirs), ("ours", f"{theirs}, on disk")):
        ratios = [a / b for a, b in zip(times[ours], times[other], strict=True)]
        show([at_most(f"{ours} by {other}", median(ratios), most)])


def _agreeing(folder: Path) -> list[Path]:
    films = []
    for number in range(4):
        films.append(folder / f"same-{number}.mp4")
        _film(films[-1], "1920x1080", 30, 8, number, "-b:v 6M -maxrate 6M -bufsize 12M")
    return films * (_COPIED // len(films))


def _differing(folder: Path) -> list[Path]:
    films = []
    for number in range(_ENCODED):
        size, rate = _SHAPES[number % len(_SHAPES)]
        films.append(folder / f"other-{number}.mp4")
        _film(films[-1], size, rate, 4 + number % 3, number, "-crf 18")
    return films


def _film(path: Path, size: str, rate: int, seconds: int, number: int, bits: str) -> None:  # noqa: PLR0913, PLR0917
    """Something that moves, with a grain that is hard to encode, and a tone."""
    picture = f"testsrc2=s={size}:r={rate}:d={seconds},hue=h={40 * number},noise=alls=6:allf=t"
    sound = f"sine={300 + 40 * number}:r=48000:d={seconds},aformat=channel_layouts=stereo"
    inputs = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound]
    form = ["-c:v", "libx264", "-preset", "ultrafast", *bits.split(), "-g", "60", "-c:a", "aac"]
    _ffmpeg(*inputs, *form, "-pix_fmt", "yuv420p", str(path))


def _copy(clips: list[Path], target: Path) -> float:
    script = target.with_suffix(".txt")
    script.write_text("".join(f"file '{clip}'\n" for clip in clips))
    return _ffmpeg("-f", "concat", "-safe", "0", "-i", str(script), "-c", "copy", str(target))


def _graph(clips: list[Path], target: Path) -> float:
    inputs = [word for clip in clips for word in ("-i", str(clip))]
    fit = "scale=1280:720:force_original_aspect_ratio=decrease:force_divisible_by=2"
    chain = f"fps=30,{fit},pad=1280:720:-1:-1,setsar=1,format=yuv420p"
    links = [f"[{number}:v]{chain}[v{number}]" for number in range(len(clips))]
    pairs = "".join(f"[v{number}][{number}:a]" for number in range(len(clips)))
    graph = ";".join([*links, f"{pairs}concat=n={len(clips)}:v=1:a=1[v][a]"])
    return _ffmpeg(
        *inputs, "-filter_complex", graph, "-map", "[v]", "-map", "[a]", *_MADE, str(target)
    )


def _ours(joined_by: str) -> Tool:
    def run(clips: list[Path], target: Path) -> float:
        argv = [sys.executable, "-m", "benchmarks.stitch", joined_by, str(target), *map(str, clips)]
        home = {"RUNJOBS_HOME": f"{target}-home"}
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


def _ffmpeg(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run(
        [executable(), "-v", "error", "-nostdin", "-y", *arguments],
        check=True,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


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


def _check(clips: list[Path], target: Path) -> None:
    """Whoever wrote less has not won."""
    from common.media.probe import probe

    wanted = sum(probe(clip).duration for clip in clips)
    assert abs(probe(target).duration - wanted) < len(clips) / 30, (target, wanted)


def _child(joined_by: str, target: str, *clips: str) -> None:
    """Run the job once, as the entrypoint does; print its seconds."""
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
    blobs = services.blobs
    Path(target).hardlink_to(
        Path(blobs.uri(blobs.path(result["video"]["uri"])).removeprefix("file://"))
    )
    print(seconds)
    services.close()


if __name__ == "__main__":
    _child(*sys.argv[1:])
