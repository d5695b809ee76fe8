"""The images: how large they are, and how long a container takes to its first line.

What `make image` has built with buildah is measured, as root: python -m benchmarks.image
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

from tests.image.container import Container
from tests.image.images import Image, mounted, opened

BASE = "docker.io/library/python:3.12-slim"
IMAGES = {"light": "localhost/runjobs:latest", "media": "localhost/runjobs:media"}
MB = 1e6


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=15)
    rounds = arguments.parse_args().rounds
    print(f"{'image':<36}{'MB':>9}{'packed':>9}")
    for label, name in {"python:3.12-slim, as it is here": BASE, **IMAGES}.items():
        print(f"{label:<36}{unpacked(name) / MB:>9.0f}{packed(name) / MB:>9.0f}")
    print(f"\n{'to the first line, ms':<36}{'median':>9}{'fastest':>9}")
    for label, name in IMAGES.items():
        with opened(name) as image:
            report(f"{label}: python -c print", image, rounds, "-c", "print()", bare=True)
            report(f"{label}: a no-op job, SQLite", image, rounds, "noop")


def unpacked(name: str) -> int:
    with mounted(name) as root:
        return sum(path.lstat().st_size for path in root.rglob("*"))


def packed(name: str) -> int:
    """Bytes of its layers, compressed as a registry keeps them."""
    with tempfile.TemporaryDirectory() as folder:
        push = ["buildah", "push", "--quiet", name, f"oci:{folder}/image"]
        subprocess.run(push, check=True, stdout=subprocess.DEVNULL)
        return sum(blob.stat().st_size for blob in Path(folder).glob("image/blobs/*/*"))


def report(label: str, image: Image, rounds: int, *arguments: str, bare: bool = False) -> None:
    """The first round warms up and is not counted."""
    entrypoint = ["python"] if bare else None
    taken = [first_line(image, *arguments, entrypoint=entrypoint) for _ in range(rounds + 1)][1:]
    print(f"{label:<36}{statistics.median(taken):>9.0f}{min(taken):>9.0f}")


def first_line(image: Image, *arguments: str, entrypoint: list[str] | None) -> float:
    with tempfile.TemporaryDirectory() as home:
        begin = time.perf_counter()
        container = Container(image, *arguments, home=Path(home), entrypoint=entrypoint)
        with closing(container):
            container.await_line("")
            taken = time.perf_counter() - begin
            assert container.wait() == 0, container.text
    return 1000 * taken


if __name__ == "__main__":
    main()
