"""The chain as users have it: commands and tasks as processes of their own."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import shutil
import signal
import subprocess
import time as clock
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.chaos.counts import trials
from tests.cli.conftest import COMMAND, environment, home, runjobs
from tests.jobs.chain.conftest import invoice, zipped

__all__ = ["environment", "home", "runjobs"]

EXAMPLES = Path(__file__).parents[3] / "examples"
EXACT = ("invoice_number", "invoice_date", "due_date", "currency", "subtotal", "tax", "total")
"""What of the invoices that are shipped is to be found without a mistake."""


def read(uri: str) -> str:
    return Path(unquote(urlsplit(uri).path)).read_text(encoding="utf-8-sig")


def tables_of(report: dict) -> dict[str, str]:
    return {each["name"]: each["uri"] for each in report["tables"]}


def test_the_invoices_that_are_shipped_become_tables_by_one_command(runjobs, tmp_path):
    """The scan, too, where there is tesseract to read it."""
    archive = tmp_path / "invoices.zip"
    archive.write_bytes((EXAMPLES / "invoices.zip").read_bytes())
    said = runjobs(
        *("submit", "run-initializer", "--source", str(archive), "--schema", "invoice"),
        *("--wait", "--json"),
    )
    assert said.code == 0, said.err
    report = said.json["result"]
    truth = json.loads((EXAMPLES / "invoices.truth.json").read_text(encoding="utf-8"))
    tables = tables_of(report)
    assert set(tables) == {"documents.csv", "items.csv", "documents.xlsx", "documents.json"}
    found = {
        each["name"].partition("/")[2]: each for each in json.loads(read(tables["documents.json"]))
    }
    blind = shutil.which("tesseract") is None
    legible = {
        name: found[name]["values"] for name in truth if not (blind and name.endswith(".png"))
    }
    assert len(legible) == len(truth) - blind
    assert report["extracted"] == len(legible)
    wrong = [
        (name, field, values[field], truth[name][field])
        for name, values in legible.items()
        for field in EXACT
        if values[field] != truth[name][field]
    ]
    assert wrong == []
    lines = list(csv.DictReader(io.StringIO(read(tables["documents.csv"]))))
    assert {line["invoice_number"] for line in lines} >= {
        values["invoice_number"] for values in legible.values()
    }
    items = list(csv.DictReader(io.StringIO(read(tables["items.csv"]))))
    assert sorted(line["description"] for line in items) == sorted(
        item["description"] for name in legible for item in truth[name]["items"]
    )
    batch = runjobs("show", report["batch"], "--json").json
    assert (batch["ended"], batch["counts"]["failed"]) == (True, len(truth) - report["extracted"])


def test_what_is_wrong_is_said_before_anything_is_accepted(runjobs):
    said = runjobs("submit", "run-initializer", "--source", "x", "--schema", "invoicex")
    assert (said.code, "There is no schema 'invoicex'" in said.err) == (2, True), said.err
    assert runjobs("list", "--json").json == []


@pytest.fixture
def chain(tmp_path) -> Callable[[str], list[str]]:
    """The command that begins a chain of that key, and sees it through."""
    source = tmp_path / "bills.zip"
    source.write_bytes(zipped({f"{n}.txt": invoice(f"A-{n}") for n in range(3)}))
    options = ["--source", str(source), "--schema", "invoice", "--wait", "--json"]
    return lambda key: ["submit", "run-initializer", *options, "--key", key]


@pytest.fixture
def begin(environment, tmp_path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a command that may be killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        command = [COMMAND, *arguments]
        started.append(subprocess.Popen(command, env=environment, cwd=tmp_path, **quiet))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def kill_all(home: Path) -> int:
    """End each process of this home at once; returns how many there were."""
    count = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if f"RUNJOBS_HOME={home}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                os.kill(int(entry.name), signal.SIGKILL)
                count += 1
        except (OSError, ValueError):
            continue
    return count


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are found in /proc")
def test_all_that_works_on_a_chain_is_killed_again_and_again_and_it_comes_to_its_end(
    chain, begin, home, runjobs
):
    """Killed twice at random moments, it ends with each document extracted, and one table. (Who is
    killed more often waits ever longer for the next attempt.)"""
    chance = random.Random(os.environ.get("SEED", "7"))  # noqa: S311 - moments
    for trial in range(trials(1, 20)):
        kills = 0
        for _ in range(2):
            process = begin(*chain(f"key {trial}"))
            clock.sleep(chance.uniform(0.3, 1.6))  # a moment of its life, which nothing tells
            kills += kill_all(home)
            process.wait()
            runjobs("sweep")
        assert kills > 0
        is_whole(runjobs, runjobs(*chain(f"key {trial}")))


def is_whole(runjobs, said):
    assert said.code == 0, f"{said.out}\n{said.err}"
    report = said.json["result"]
    assert (report["documents"], report["extracted"]) == (3, 3)
    runs = runjobs("list", "--batch", report["batch"], "--limit", "100", "--json").json
    assert sorted(run["job"] for run in runs) == sorted(
        ["run-initializer"] * 3
        + ["zip-unpack", "extraction-batch", "extraction-table"]
        + ["extraction"] * 3
    )
    assert {run["state"] for run in runs} == {"succeeded"}
