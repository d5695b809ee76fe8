"""No collection of documents is forgotten when users are."""

from __future__ import annotations

import re
from pathlib import Path

from common.documents import Documents
from common.documents.indexes import INDEXES, UNINDEXED
from jobs.opt_out_data_cleanup.where import BATCHES, IMPORTS, LEASES, OF_TENANTS, OF_USERS, RUNS
from tests.documents.test_indexes import is_served
from tests.jobs.privacy.town import Town

ROOT = Path(__file__).parents[3]
CONSTANT = re.compile(r'^([A-Z_]+) = "([a-z_]+)"', re.MULTILINE)
USED = re.compile(r'\b(?:Create|Update|Delete|Query)\(\s*([A-Z_]+|"[a-z_]+")\s*[,)]')
NOBODYS = {
    "analyses": "",
    "checks": "",
    "cloud": "the local cloud's",
    "executions": "ids of runs",
    "limiter_hours": "",
    "limiters": "",
    "maintenance": "counts",
    "opt_outs": "what is left of who is gone",
    "queues": "",
    "rates": "",
    "schedules": "",
    "slots": "",
    "tallies": "counts",
    "timers": "",
}
"""Collections without data of users, and why."""
KNOWN = {*OF_USERS, *OF_TENANTS, RUNS, BATCHES, LEASES, IMPORTS, "users"}


def test_whose_the_documents_of_each_collection_are_is_known():
    declared = {*INDEXES, *UNINDEXED, *_named()}
    assert declared - KNOWN - {*NOBODYS} == set()


def _named() -> set[str]:
    """Collections that the source names where it writes to them or asks for them."""
    found: set[str] = set()
    for folder in ("common", "jobs"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text()
            constants = dict(CONSTANT.findall(text))
            found |= {constants.get(name, name.strip('"')) for name in USED.findall(text)}
    return {name for name in found if name.islower()}


def test_every_query_is_served_by_declared_indexes(world, monkeypatch):
    asked, answer = [], Documents.query
    town = Town(world)
    for owner in (town.user("t1", "ann", email="ann@example.com", days=8), town.user("", "b")):
        town.fill(owner)
    monkeypatch.setattr(Documents, "query", lambda self, q: asked.append(q) or answer(self, q))
    town.clean()
    assert {*OF_USERS, *OF_TENANTS} <= {query.collection for query in asked}
    assert [query for query in asked if not is_served(query)] == []
