"""zip-unpack beside zipfile, unzip and bsdtar: python -m benchmarks unzip

Two archives, both made here: 500 MB of text in 50 members, and 5,000 small files. All four write
the same files to the same disk, in turn within one run. Ours does more: it checks every member
before it shows any, has all of it on the disk before it says so (the others leave that to the
system), and writes a manifest with the SHA-256 of each file, and a run in the ledger.

zipfile and ours are timed inside their processes, from the archive to the end; unzip and bsdtar,
which start in no time, from outside. "whole process" has the interpreter's start and imports too.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from benchmarks.peers.place import ROOT
from benchmarks.table import at_least, at_most, heading, plain, show, skipped

__all__ = ["measure"]

_BIG = (50, 10_000_000)
_SMALL = 5_000
_LARGEST_SMALL = 8_000
_RSS = 128.0

Times = dict[str, list[float]]

_ZIPFILE = """\
import sys, time, zipfile
began = time.perf_counter()
with zipfile.ZipFile(sys.argv[1]) as archive:
    archive.extractall(sys.argv[2])
print(time.perf_counter() - began)
"""


def measure(rounds: int) -> None:
    heading("ZIP archives, seconds")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="unzip-")))
        for name, make in (("500 MB of text", _make_big), ("5,000 small files", _make_small)):
            archive = folder / f"{name.split()[0]}.zip"
            make(archive)
            _compare(name, archive, folder, rounds)


def _compare(name: str, archive: Path, folder: Path, rounds: int) -> None:
    times: Times = {}
    spent: Times = {}
    memory: list[float] = []
    for number in range(rounds):
        # Nothing is removed between rounds: ext4 is slow to give out what was just given back.
        for tool, run in _tools(memory).items():
            target = folder / f"{archive.stem}-{number}-{tool.replace(' ', '-')}"
            os.sync()  # what the one before has left to be written is not the next one's affair
            before = _processor()
            times.setdefault(tool, []).append(run(archive, target))
            spent.setdefault(tool, []).append(_processor() - before)
            _check(archive, target)
    _report(name, times, memory)
    show([plain(f"{name}: {tool}, processors", taken, "s") for tool, taken in spent.items()])
    for path in folder.glob(f"{archive.stem}-*"):
        shutil.rmtree(path)


def _tools(memory: list[float]) -> dict[str, Callable[[Path, Path], float]]:
    tools = {"ours": lambda archive, target: _ours(archive, target, memory), "zipfile": _zipfile}
    if shutil.which("unzip"):
        tools["unzip"] = lambda archive, target: _outside(
            ["unzip", "-q", str(archive), "-d", str(target)]
        )
    if shutil.which("bsdtar"):
        tools["bsdtar"] = _bsdtar
    return {**tools, "ours, whole process": _whole, "zipfile, whole process": _zipfile_whole}


def _report(name: str, times: Times, memory: list[float]) -> None:
    show([plain(f"{name}: {tool}", taken, "s") for tool, taken in times.items()])
    for tool, target in (("zipfile", 2.0), ("unzip", 3.0), ("bsdtar", 0.0)):
        if tool not in times:
            skipped(f"{tool} is not installed")
            continue
        # Of each round by itself: what else the machine does then slows both.
        ratios = sorted(a / b for a, b in zip(times[tool], times["ours"], strict=True))
        ratio = ratios[len(ratios) // 2]
        what = f"{name}: times as fast as {tool}"
        show([at_least(what, ratio, target) if target else plain(what, ratios, "times")])
    show([at_most(f"{name}: peak memory", max(memory), _RSS, "MiB")])


def _ours(archive: Path, target: Path, memory: list[float]) -> float:
    argv = [sys.executable, "-m", "benchmarks.unzip", str(archive), str(target)]
    seconds, mebibytes = json.loads(_said(argv, _home(target)))
    memory.append(mebibytes)
    return float(seconds)


def _whole(archive: Path, target: Path) -> float:
    argv = [sys.executable, "-m", "jobs", "zip-unpack"]
    places = ["--source", archive.as_uri(), "--destination", target.as_uri()]
    return _outside([*argv, *places], _home(target))


def _zipfile(archive: Path, target: Path) -> float:
    return float(_said([sys.executable, "-c", _ZIPFILE, str(archive), str(target)], {}))


def _zipfile_whole(archive: Path, target: Path) -> float:
    return _outside([sys.executable, "-c", _ZIPFILE, str(archive), str(target)])


def _bsdtar(archive: Path, target: Path) -> float:
    target.mkdir()
    return _outside(["bsdtar", "-xf", str(archive), "-C", str(target)])


def _home(target: Path) -> dict[str, str]:
    return {"RUNJOBS_HOME": f"{target}-home"}


def _outside(argv: list[str], env: dict[str, str] | None = None) -> float:
    began = time.perf_counter()
    _said(argv, env or {})
    return time.perf_counter() - began


def _said(argv: list[str], env: dict[str, str]) -> str:
    done = subprocess.run(
        argv, env={**os.environ, **env}, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _processor() -> float:
    """Seconds of processors that all children so far have taken, however busy the machine was."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _check(archive: Path, target: Path) -> None:
    """Whoever wrote less has not won."""
    with zipfile.ZipFile(archive) as one:
        wanted = sorted((info.filename, info.file_size) for info in one.infolist())
    files = (path for path in target.rglob("*") if path.is_file())
    assert sorted((str(p.relative_to(target)), p.stat().st_size) for p in files) == wanted


def _make_big(path: Path) -> None:
    count, size = _BIG
    dice, text = random.Random(1), _text(8_000_000)  # noqa: S311 - the same each time
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            start = dice.randrange(len(text))
            archive.writestr(f"part-{number % 5}/{number}.txt", (text[start:] + text * 2)[:size])


def _make_small(path: Path) -> None:
    dice, text = random.Random(2), _text(8_000_000)  # noqa: S311
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(_SMALL):
            size, start = dice.randint(200, _LARGEST_SMALL), dice.randrange(7_000_000)
            archive.writestr(f"folder-{number % 50}/{number}.txt", text[start : start + size])


def _text(size: int) -> bytes:
    dice = random.Random(3)  # noqa: S311
    letters = b"abcdefghijklmnopqrstuvwxyz"
    words = [bytes(dice.choices(letters, k=dice.randint(2, 9))) for _ in range(4_000)]
    return b" ".join(dice.choices(words, k=size // 4))[:size]


def _child(source: str, target: str) -> None:
    """Run the job once, as the entrypoint does; print its seconds, and the process's memory."""
    from common.runs import Worker
    from common.runtime.discover import find_job
    from common.runtime.perform import perform
    from common.runtime.submission import new_run
    from common.services import Services
    from common.settings import Settings

    services, job = Services(Settings.load()), find_job("zip-unpack")
    places = {"source": Path(source).as_uri(), "destination": Path(target).as_uri()}
    params = job.validate(places)
    began = time.perf_counter()
    new = new_run(job, params, now=services.documents.now())
    run = services.runs.begin(new, Worker(execution=None, name="benchmark"))
    ended = perform(job, services, run)
    seconds = time.perf_counter() - began
    assert ended.result, ended.attempts[-1].error
    print(json.dumps([seconds, _peak()]))
    services.close()


def _peak() -> float:
    """MiB. Not by getrusage, which has what the parent had when it started this process."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    _child(*sys.argv[1:])
