"""A run says how far it has come, page by page."""

from __future__ import annotations

import pytest

from common.data.users import user_data
from common.runs import Worker
from common.runtime.discover import find_job
from common.runtime.perform import perform


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize(
    ("job", "fractions"),
    [
        # of as many documents as the guard has counted
        ("usage-counter-cleanup", [0.4, 0.8, 0.99]),
        # where none is more than a month behind, it counts none
        ("free-user-period-reset", [0.0, 0.0, 0.0]),
    ],
)
def test_after_each_page_a_run_says_how_many_documents_it_has_gone_through(
    sqlite_shop, job, fractions
):
    shop, heard = sqlite_shop, []
    for number in range(10):
        shop.counter(f"u{number}", shop.ago(500))
        user = user_data(created=shop.ago(500), period_end=shop.ago(1))
        shop.create("users", f"u{number}", user)
    run = shop.runs.claim(shop.submit(job, {}).id, Worker(name="x"))
    shop.result(perform(find_job(job), shop, run, on_progress=heard.append))
    said = [f"{count} documents gone through" for count in (4, 8, 10)]
    assert [(each.fraction, each.message) for each in heard] == [*zip(fractions, said, strict=True)]
