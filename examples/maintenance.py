"""The seven jobs that keep a store in order, each of them run once: `make maintenance-demo`.

Everything is made up and on this machine: the store in a folder of its own that goes in the end,
and stand-ins for Gmail and Stripe, the same that the tests use.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from common.blobs import Blobs, open_blobs
from common.documents import Documents, Query, open_documents
from common.runs import Queues
from common.runtime.discover import find_job
from examples.maintenance_store import METER, TOPIC, Store
from tests.services.google import Google
from tests.services.google.gmail import Gmail
from tests.services.stripe import KEY, Stripe

__all__ = ["main"]

JOBS = (
    "stripe-usage-reconciliation",
    "free-user-period-reset",
    "abandoned-job-cleanup",
    "usage-counter-cleanup",
    "artifact-cleanup",
    "opt-out-data-cleanup",
    "gmail-watch-renewal",
)
"""In the order of a Saturday that is followed by a Sunday."""
SHOWN = "opt-out-data-cleanup"
COLLECTIONS = (
    *("users", "usage_counters", "usage_events", "extraction_jobs", "artifacts"),
    *("creations", "integrations", "automations", "opt_outs"),
)
_PLAIN = {"success", "message", "dry_run", "would", "would_count", "malformed_count"}
_WIDTH = 80
_RUNJOBS = "import sys; from common.cli import main; sys.exit(main())"
"""The command `runjobs`, also where it is not on the path."""


def main() -> int:
    """Show it; 1 where a job did not succeed."""
    console = Console(width=_WIDTH, highlight=False)
    with tempfile.TemporaryDirectory(prefix="runjobs-") as folder, _services(Path(folder)) as there:
        documents, blobs, env = there
        before = _counts(documents, blobs)
        total = sum(before.values())
        console.print(f"\n[bold]A store of two years[/]: {total:,} documents and blobs.")
        console.print(f"\n[bold]$ runjobs run {SHOWN} --dry-run[/]")
        _show_dry(console, _run(SHOWN, env, "--dry-run"))
        console.print("\n[bold]All seven[/], by `runjobs run NAME`:")
        done = [_show(console, name, env) for name in JOBS]
        console.print()
        console.print(_table(before, _counts(documents, blobs)))
        documents.close()
    return 0 if all(done) else 1


@contextmanager
def _services(folder: Path) -> Iterator[tuple[Documents, Blobs, Mapping[str, str]]]:
    """A store that is filled, and the environment of a process that works on it."""
    gmail, stripe = Gmail(), Stripe()
    stripe.meter(METER)
    with Google(gmail) as google, stripe:
        env = {
            **os.environ,
            **google.environment,
            "RUNJOBS_HOME": str(folder),
            "RUNJOBS_DOCUMENTS": f"sqlite:///{folder}/documents.sqlite3",
            "RUNJOBS_BLOBS": f"file://{folder}/blobs",
            "ENCRYPTION_KEY": base64.urlsafe_b64encode(os.urandom(32)).decode(),
            "GMAIL_TOPIC": TOPIC,
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_BASE_URL": stripe.url,
            "STRIPE_PER_SECOND": "100",
            "STRIPE_READS_PER_SECOND": "100",
        }
        os.environ |= env
        documents = open_documents(env["RUNJOBS_DOCUMENTS"])
        blobs = open_blobs(env["RUNJOBS_BLOBS"])
        Queues(documents).pause("automation-tasks")  # nobody reads the mailboxes here
        Store(documents, blobs, google, gmail).fill(folder / "blobs")
        yield documents, blobs, env


def _run(name: str, env: Mapping[str, str], *options: str) -> dict[str, Any]:
    """What `runjobs run NAME --json` says."""
    argv = [sys.executable, "-c", _RUNJOBS, "run", name, *options, "--json"]
    done = subprocess.run(argv, env=dict(env), capture_output=True, text=True, check=False)
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise SystemExit(f"{name} failed:\n{done.stderr}") from None
    return found


def _show_dry(console: Console, run: Mapping[str, Any]) -> None:
    result = run["result"] or {}
    for line in result.get("would", []):
        console.print(Padding(line, (0, 0, 0, 2)))
    console.print(Padding(f"[dim]{_said(run)}[/]", (0, 0, 0, 2)))


def _show(console: Console, name: str, env: Mapping[str, str]) -> bool:
    begin = time.monotonic()
    run = _run(name, env)
    result = run["result"] or {}
    is_good = run["state"] == "succeeded" and result.get("success", False)
    sign = "[green]✓[/]" if is_good else "[red]✗[/]"
    schedule = find_job(name).schedule
    console.print(
        f"\n{sign} [bold]{name:29}[/] [dim]{schedule!s:14} {time.monotonic() - begin:5.1f} s[/]"
    )
    console.print(Padding(_said(run), (0, 0, 0, 2)))
    counts = {key: value for key, value in result.items() if key.endswith("_count") and value}
    told = ", ".join(f"{key} {value:,}" for key, value in counts.items() if key not in _PLAIN)
    console.print(Padding(f"[dim]{told}[/]", (0, 0, 0, 2)))
    return is_good


def _said(run: Mapping[str, Any]) -> str:
    result, error = run["result"], run["error"]
    return str(result["message"] if result else (error or {}).get("message", run["state"]))


def _counts(documents: Documents, blobs: Blobs) -> dict[str, int]:
    found = {name: documents.count(Query(name)) for name in COLLECTIONS}
    over = Query("users", where=(("plan", "==", "free"), ("period_end", "<=", documents.now())))
    waits = Query("usage_events", where=(("state", "==", "unreported"),))
    soon = (datetime.now(UTC) + timedelta(hours=48)).isoformat()
    watches = [each.data["watch"] for each in documents.query(Query("integrations"))]
    ending = sum(bool(it) and "0" < it.get("expires", "") < soon for it in watches)
    return {
        **found,
        "blobs": sum(1 for _ in blobs.list("")),
        "· free users whose period is over": documents.count(over),
        "· usage events not reported": documents.count(waits),
        "· watches that end in 48 hours": ending,
    }


def _table(before: Mapping[str, int], after: Mapping[str, int]) -> Table:
    table = Table(width=_WIDTH, header_style="bold", border_style="dim")
    table.add_column("")
    for column in ("before", "after", "change"):
        table.add_column(column, justify="right")
    for name, number in before.items():
        change = after[name] - number
        table.add_row(name, f"{number:,}", f"{after[name]:,}", f"{change:+,}" if change else "")
    return table


if __name__ == "__main__":
    sys.exit(main())
