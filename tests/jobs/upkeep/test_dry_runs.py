"""A dry run tells what would be done, and changes nothing."""

from __future__ import annotations

import pytest

from common.data.usage import USAGE_COUNTERS
from tests.jobs.upkeep.test_kills import SCENES


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("job", SCENES)
def test_a_dry_run_changes_nothing_and_counts_what_would_go(sqlite_shop, job):
    shop = sqlite_shop
    expected = SCENES[job][0](shop)
    before = shop.everything()
    done = shop.do(job, dry_run=True)
    assert shop.everything() == before
    assert done["dry_run"] is True
    assert done["message"].startswith("Dry run, it would have removed ")
    assert {name: done[name] for name in expected} == expected
    assert done["would_count"] == len(done["would"]) > 5
    assert all(line.startswith("Remove ") for line in done["would"])
    assert done["message"].endswith(shop.do(job)["message"].removeprefix("Removed "))


def test_of_very_many_things_the_first_hundred_are_told(sqlite_shop):
    for number in range(150):
        sqlite_shop.counter(f"u{number}", sqlite_shop.ago(500))
    done = sqlite_shop.do("usage-counter-cleanup", dry_run=True)
    assert (len(done["would"]), done["would_count"], done["removed_count"]) == (100, 151, 150)
    assert done["would"][0].startswith("Stop before anything goes: 150 usage counters would go")
    assert done["would"][1].startswith(f"Remove {USAGE_COUNTERS}/")
