"""Several tasks share the work: each thing is done by exactly one of them."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.jobs.upkeep.test_kills import SCENES


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("job", SCENES)
def test_tasks_do_each_thing_exactly_once(sqlite_shop, job):
    shop = sqlite_shop
    scene, collection, left = SCENES[job]
    expected = scene(shop)
    done = [shop.result(run) for run in shop.parts(job, 3)]
    sums = Counter()
    for result in done:
        sums.update({name: result[name] for name in expected if name != "malformed_count"})
    assert dict(sums) == {n: m for n, m in expected.items() if n != "malformed_count"}
    assert len(shop.ids(collection)) == left
    assert len(shop.documents.get("maintenance", job).data["runs"]) == 1


def test_each_of_three_tasks_gets_a_share(sqlite_shop):
    for number in range(60):
        sqlite_shop.counter(f"u{number}", sqlite_shop.ago(500))
    shares = [
        sqlite_shop.result(run)["removed_count"]
        for run in sqlite_shop.parts("usage-counter-cleanup", 3)
    ]
    assert sum(shares) == 60
    assert min(shares) > 8
