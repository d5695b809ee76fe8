"""What `gcloud run jobs execute --wait` takes over the task's own time, against the local cloud.

Most of it is gcloud: it takes a second to start, and looks once a second. So the same is measured
by a client that asks the API of version 2 and looks all the time: python -m benchmarks.execute
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from common.dispatch.executors.folder import Folder
from common.documents import open_documents
from common.localcloud.cloud import LocalCloud
from common.settings import Settings
from tests.services.gcloud import GcloudAt

JOBS = "/v2/projects/local/locations/us-central1/jobs"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=10)
    rounds = arguments.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with served(home) as url, httpx.Client(base_url=url) as client:
            gcloud = GcloudAt(url, home)
            gcloud.ok("run", "jobs", "create", "noop", "--image=runjobs")
            print(f"{'seconds':<44}{'whole':>8}{'task':>8}{'over it':>8}")
            report("gcloud run jobs describe", rounds, lambda: describe(gcloud))
            report("the local cloud alone, noop", rounds, lambda: execute(client, home))
            report("gcloud run jobs execute noop --wait", rounds, lambda: wait(gcloud, home))
    print(f"\nThe machine's load was {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.")


@contextmanager
def served(home: Path) -> Iterator[str]:
    settings = Settings.load({"RUNJOBS_HOME": str(home)})
    documents = open_documents(settings.documents)
    with LocalCloud(settings, documents).serving() as url:
        yield url
    documents.close()


def report(label: str, rounds: int, once: Callable[[], tuple[float, float]]) -> None:
    """Medians. The first round warms up and is not counted."""
    taken = [once() for _ in range(rounds + 1)][1:]
    columns = [*zip(*taken, strict=True), [whole - own for whole, own in taken]]
    print(f"{label:<44}" + "".join(f"{statistics.median(each):>8.2f}" for each in columns))


def describe(gcloud: GcloudAt) -> tuple[float, float]:
    began = time.perf_counter()
    gcloud.ok("run", "jobs", "describe", "noop")
    return time.perf_counter() - began, 0.0


def execute(client: httpx.Client, home: Path) -> tuple[float, float]:
    began = time.perf_counter()
    name = client.post(f"{JOBS}/noop:run", json={}).json()["metadata"]["name"]
    while "completionTime" not in client.get(f"/v2/{name}").json():
        time.sleep(0.005)
    return time.perf_counter() - began, own(home)


def wait(gcloud: GcloudAt, home: Path) -> tuple[float, float]:
    began = time.perf_counter()
    gcloud.ok("run", "jobs", "execute", "noop", "--wait")
    return time.perf_counter() - began, own(home)


def own(home: Path) -> float:
    """What the last execution's task took, by its supervisor."""
    last = max((home / "executions").iterdir(), key=lambda folder: folder.stat().st_ctime)
    return float(Folder(last).tasks[0]["seconds"])


if __name__ == "__main__":
    main()
