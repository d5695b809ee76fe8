"""zip-unpack beside zipfile, unzip and bsdtar: python -m benchmarks unzip

Two archives, both made here: 500 MB of text in 50 members, and 5,000 small files. All four write
the same files to the same disk, in turn within one run. Ours does more: it checks every member
before it shows any, has all of it on the disk before it says so, and writes a manifest with the
SHA-256 of each file, and a run in the ledger. The others leave the disk to the system: the lines
"on disk" are about what they would take to have it there too.

zipfile and ours are timed inside their processes, from the archive to the end; unzip and bsdtar,
which start in no time, from outside. "whole process" has the interpreter's start and imports too.
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
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks.archives import make_big, make_small
from benchmarks.peers.place import ROOT
from benchmarks.table import at_least, at_most, heading, plain, show, skipped
from common.blobs.settle import settle

__all__ = ["measure"]

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
        for name, make in (("500 MB of text", make_big), ("5,000 small files", make_small)):
            archive = folder / f"{name.split()[0]}.zip"
            make(archive)
            _compare(name, archive, folder, rounds)


def _compare(name: str, archive: Path, folder: Path, rounds: int) -> None:
    times: Times = {}
    spent: Times = {}
    settled: Times = {}
    memory: list[float] = []
    for number in range(rounds):
        # Nothing is removed between rounds: ext4 is slow to give out what was just given back.
        for tool, run in _tools(memory).items():
            target = folder / f"{archive.stem}-{number}-{tool.replace(' ', '-')}"
            os.sync()  # what the one before has left to be written is not the next one's affair
            before = _processor()
            taken = run(archive, target)
            times.setdefault(tool, []).append(taken)
            spent.setdefault(tool, []).append(_processor() - before)
            settled.setdefault(tool, []).append(taken + _settle(target))
            _check(archive, target)
    _report(name, times, settled, memory)
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


def _report(name: str, times: Times, settled: Times, memory: list[float]) -> None:
    show([plain(f"{name}: {tool}", taken, "s") for tool, taken in times.items()])
    for tool, target in (("zipfile", 2.0), ("unzip", 3.0), ("bsdtar", 0.0)):
        if tool not in times:
            skipped(f"{tool} is not installed")
            continue
        ratios = _ratios(times[tool], times["ours"])
        what = f"{name}: as fast as {tool}"
        show([at_least(what, median(ratios), target) if target else plain(what, ratios, "times")])
        on_disk = _ratios(settled[tool], settled["ours"])
        show([plain(f"{what}, on disk", on_disk, "times")])
    show([at_most(f"{name}: peak memory", max(memory), _RSS, "MiB")])


def _ratios(theirs: list[float], ours: list[float]) -> list[float]:
    """Of each round by itself: what else the machine does then slows both."""
    return [a / b for a, b in zip(theirs, ours, strict=True)]


def _settle(target: Path) -> float:
    """Seconds until all that was written is on the disk."""
    began = time.perf_counter()
    folder = os.open(target, os.O_RDONLY)
    settle(folder)
    os.close(folder)
    return time.perf_counter() - began


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
