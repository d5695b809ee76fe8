"""Cold start: whole-process times of a no-op job, beside what they are to be measured against.

All are taken in turn within one run, because machines are noisy and only ratios carry over. The
bytecode is compiled first, as it is in the image.
"""

from __future__ import annotations

import argparse
import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODEL = "import pydantic\nclass Params(pydantic.BaseModel):\n  n: int"
GOOGLE = "from google.cloud import run_v2, firestore, storage, logging"

Case = tuple[str, list[str], dict[str, str]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=20)
    rounds = arguments.parse_args().rounds
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for folder in ("common", "jobs"):
        compileall.compile_dir(ROOT / folder, quiet=1)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cases = [*laptop(folder), *cloud(stack)]
        times = measure(cases, rounds)
    report(times)


def laptop(folder: Path) -> list[Case]:
    job = [sys.executable, "-m", "jobs", "noop"]
    documents = f"sqlite:///{folder}/documents.sqlite3"
    return [
        ("(a) python -c pass", [sys.executable, "-c", "pass"], {}),
        ("(b) no-op job, SQLite", job, {"RUNJOBS_DOCUMENTS": documents}),
    ]


def cloud(stack: ExitStack) -> list[Case]:
    sys.path.insert(0, str(ROOT))
    from tests.services.firestore import emulator

    host = stack.enter_context(emulator())
    job = [sys.executable, "-m", "jobs", "noop"]
    place = {
        "FIRESTORE_EMULATOR_HOST": host,
        "RUNJOBS_DOCUMENTS": f"firestore://bench-{uuid.uuid4().hex[:8]}/(default)",
    }
    return [
        ("(c) no-op job, Firestore emulator", job, place),
        ("(d) four Google clients imported", [sys.executable, "-c", GOOGLE], {}),
        ("(e) pydantic with one model", [sys.executable, "-c", MODEL], {}),
    ]


def measure(cases: list[Case], rounds: int) -> dict[str, list[float]]:
    """Milliseconds; the first round warms up and is not counted."""
    times: dict[str, list[float]] = {name: [] for name, _, _ in cases}
    for number in range(rounds + 1):
        for name, argv, environment in cases:
            begin = time.perf_counter()
            subprocess.run(
                argv,
                env={**os.environ, **environment},
                cwd=ROOT,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            if number:
                times[name].append(1000 * (time.perf_counter() - begin))
    return times


def report(times: dict[str, list[float]]) -> None:
    print(f"{'whole process':<36}{'median':>9}{'fastest':>9}  ms")
    for name, taken in times.items():
        print(f"{name:<36}{statistics.median(taken):>9.0f}{min(taken):>9.0f}")
    a, b, c, d, e = (statistics.median(taken) for taken in times.values())
    print(f"\n(b) - (a) = {b - a:.0f} ms      to be at most 250")
    print(f"(c) / (d) = {c / d:.2f}        to be at most 0.80")
    print(f"(e) - (a) = {e - a:.0f} ms      what a job that takes params pays besides")


if __name__ == "__main__":
    main()
