"""What is told of a run that has ended."""

from __future__ import annotations

from datetime import timedelta

from common.data.usage import USAGE_COUNTERS, counter_data
from common.documents import Create, open_documents


def test_each_thing_of_a_list_has_a_line_of_its_own(inside, home):
    inside("list")  # which makes the store
    documents = open_documents(f"sqlite:///{home}/documents.sqlite3")
    whose = {"tenant": "", "user": "ann", "metric": "pages", "period": "2020-01-01"}
    data = counter_data(**whose, period_end=documents.now() - timedelta(days=600))
    documents.commit([Create(USAGE_COUNTERS, id, data) for id in ("one", "two")])
    said = inside("run", "usage-counter-cleanup", "--dry-run").out
    for id in ("one", "two"):
        assert f"\n  would: Remove usage_counters/{id}, whose period ended" in said
