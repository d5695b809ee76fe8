"""Requests a second of the dispatcher over HTTP, and how long each takes: p50 and p99.

A process serves an empty ledger; this one asks, over as many connections as it says, each of which
sends its next request when it has the answer to the last. What is submitted is due in a month, so
that nothing is started. Both share the machine.

    python -m benchmarks.dispatcher_http [--seconds N] [--connections N,N]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from urllib.request import urlopen

from benchmarks.children import Home, home
from benchmarks.peers.place import ROOT
from benchmarks.table import heading

__all__ = ["measure"]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked."""

    what: str
    """As the table has it."""
    method: str
    path: str
    body: str = ""


HEALTH = Request(what="GET /healthz", method="GET", path="/healthz")
GET = Request(what="GET /v1/runs/{id}", method="GET", path="")
SUBMIT = Request(
    what="POST /v1/runs",
    method="POST",
    path="/v1/runs",
    body=json.dumps({"job": "noop", "delay": "29d"}),
)


@dataclass(frozen=True)
class Taken:
    """What came of asking one thing for a while."""

    seconds: float
    each: list[float]
    """Seconds that each request took."""

    def percentile(self, percent: int) -> float:
        """Milliseconds."""
        return 1000 * statistics.quantiles(self.each, n=100)[percent - 1]


def measure(rounds: int) -> None:
    """Print a line for each request and number of connections, of about as many seconds."""
    table(seconds=max(1.0, rounds), connections=[1, 8, 32])


def table(*, seconds: float, connections: list[int]) -> None:
    heading("Requests of the dispatcher over HTTP (runjobs serve, SQLite)")
    print(f"  {'request':<22}{'connections':>12}{'a second':>12}{'p50 ms':>10}{'p99 ms':>10}")
    with home() as empty, served(empty) as url:
        asyncio.run(asked(url, SUBMIT, connections=4, seconds=1.0))  # which warms it up
        for request in (HEALTH, replace(GET, path=f"/v1/runs/{newest(url)}"), SUBMIT):
            for count in connections:
                taken = asyncio.run(asked(url, request, connections=count, seconds=seconds))
                show(request.what, count, taken)


def show(what: str, connections: int, taken: Taken) -> None:
    rate = len(taken.each) / taken.seconds
    figures = f"{rate:>12,.0f}{taken.percentile(50):>10.1f}{taken.percentile(99):>10.1f}"
    print(f"  {what:<22}{connections:>12}{figures}", flush=True)


@contextmanager
def served(empty: Home) -> Iterator[str]:
    """Where a process serves the ledger of that home."""
    command = [sys.executable, "-c", "from common.cli import main; main()", "serve", "--port", "0"]
    process = subprocess.Popen(
        command, env={**os.environ, **empty}, cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    try:
        line = process.stderr.readline() if process.stderr else ""
        found = re.search(r"http://[0-9.:]+", line)
        if found is None:
            raise RuntimeError(f"It does not serve: {line}")
        yield found[0]
    finally:
        process.terminate()
        process.communicate()


def newest(url: str) -> str:
    """The id of the newest run."""
    with urlopen(f"{url}/v1/runs?limit=1") as answer:  # noqa: S310 - it is ours
        (run,) = json.load(answer)["runs"]
    return str(run["id"])


async def asked(url: str, request: Request, *, connections: int, seconds: float) -> Taken:
    """Ask again and again, over all connections at once."""
    said = (
        f"{request.method} {request.path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(request.body)}\r\n\r\n{request.body}"
    )
    began = time.perf_counter()
    tasks = [_ask(url, said.encode(), began + seconds) for _ in range(connections)]
    each = [taken for found in await asyncio.gather(*tasks) for taken in found]
    return Taken(time.perf_counter() - began, each)


async def _ask(url: str, said: bytes, end: float) -> list[float]:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    taken = []
    while (began := time.perf_counter()) < end:
        writer.write(said)
        await _answer(reader)
        taken.append(time.perf_counter() - began)
    writer.close()
    return taken


async def _answer(reader: asyncio.StreamReader) -> None:
    """Read one, which is to be a good one."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    if not head.startswith(b"HTTP/1.1 20") or length is None:
        raise RuntimeError(f"It answered {head!r}.")
    await reader.readexactly(int(length[1]))


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--seconds", type=float, default=5.0, help="each is measured; 5")
    arguments.add_argument("--connections", default="1,8,32", help="1,8,32")
    chosen = arguments.parse_args()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    table(seconds=chosen.seconds, connections=[int(each) for each in chosen.connections.split(",")])


if __name__ == "__main__":
    main()
