"""Nothing else goes to URLs that params name: no job has a client of HTTP of its own."""

from __future__ import annotations

import ast
from pathlib import Path

JOBS = Path(__file__).parents[2] / "jobs"
CLIENTS = {"aiohttp", "ftplib", "httpcore2", "httpx", "httpx2", "requests", "socket", "urllib3"}
CLIENTS |= {"http.client", "urllib.request"}
ALLOWED = {
    "automation_trigger/pubsub.py": "it asks Pub/Sub, at Google's address or the emulator's",
    "stripe_usage_reconciliation/api.py": "Stripe's own library calls by it: one session for all",
}


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


def test_no_job_goes_to_the_network_but_through_the_guarded_client_or_a_known_one():
    modules = {str(path.relative_to(JOBS)): imported(path) for path in JOBS.rglob("*.py")}
    assert any("common.fetch" in found for found in modules.values())
    bad = {module: sorted(filter(is_client, found)) for module, found in modules.items()}
    assert {name: found for name, found in bad.items() if found and name not in ALLOWED} == {}


def is_client(module: str) -> bool:
    return module in CLIENTS or module.partition(".")[0] in CLIENTS
