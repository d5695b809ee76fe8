"""What is read page by page is read to its end."""

from __future__ import annotations

import pytest

from common.documents import Create
from jobs.opt_out_data_cleanup.pages import of, pages


@pytest.mark.parametrize("many", [0, 24, 25, 26, 425, 426])
def test_all_are_found_once(world, many):
    ids = [f"{number:03}" for number in range(many)]
    for at in range(0, many, 400):
        creates = [Create("creations", id, {"tenant": "t1"}) for id in ids[at : at + 400]]
        world.documents.commit(creates)
    found = pages(world.documents, "creations", of("t1"))
    assert sorted(document.id for document in found) == ids
