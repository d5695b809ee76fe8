"""Prints the table: python -m benchmarks [PART ...] [--rounds N]"""

from __future__ import annotations

import argparse
import compileall
import os
import sys
import time
from importlib import import_module

from benchmarks.peers.place import ROOT

PARTS = (
    "throughput",
    "latency",
    "decisions",
    "cost",
    "dispatcher_http",
    "emulator",
    "unzip",
    "stitch",
    "cleanup",
)


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    arguments.add_argument("--rounds", type=int, default=5, help="how often each is measured; 5")
    asked = arguments.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        arguments.error(f"no such part: {', '.join(sorted(unknown))}")
    for folder in ("common", "jobs"):
        compileall.compile_dir(ROOT / folder, quiet=1)  # as it is in the image
    began = time.monotonic()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name in asked.parts or PARTS:
        import_module(f"benchmarks.{name}").measure(asked.rounds)
    print(f"\nTook {time.monotonic() - began:.0f} s.")


if __name__ == "__main__":
    main()
