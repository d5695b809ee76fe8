"""A store that fails on the way is asked again, and what is done is done once."""

from __future__ import annotations

import pytest

from common.documents import Conflict, Create, Delete, Query, Update
from common.errors import Unavailable
from tests.documents.things import put
from tests.faults import FAULTS, Faulty


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", ["create", "update", "delete"])
def test_a_commit_that_fails_on_the_way_is_done_exactly_once(documents, time, fault, kind):
    faulty = Faulty(documents, [fault, fault, None], clock=time.clock)
    old = put(documents, "a", n=1)
    write = {
        "create": Create("things", "b", {"n": 2}),
        "update": Update("things", "a", {"n": 2}, old),
        "delete": Delete("things", "a", old),
    }[kind]
    (version,) = faulty.commit([write])
    after = documents.get("things", write.id)
    assert (after.version if after else None) == version
    assert after is None if kind == "delete" else after.data == {"n": 2}


@pytest.mark.parametrize("fault", FAULTS)
def test_reads_are_asked_again(documents, time, fault):
    put(documents, "a", n=1)
    faulty = Faulty(documents, clock=time.clock)
    for ask in (
        lambda: faulty.get("things", "a").data,
        lambda: faulty.query(Query("things"))[0].data,
        lambda: {"n": faulty.count(Query("things"))},
    ):
        faulty.faults.extend([fault, fault])
        assert ask() == {"n": 1}


def test_another_commit_after_ours_does_not_hide_that_ours_was_applied(documents, time):
    version = put(documents, "a", n=1)
    faulty = Faulty(documents, ["lost"], clock=time.clock)
    inner = faulty.inner._commit

    def overtaken(writes, token):
        versions = inner(writes, token)
        faulty.inner._commit = inner
        documents.update("things", "a", lambda found: {"n": found.data["n"] + 10})
        return versions

    faulty.inner._commit = overtaken
    versions = faulty.commit([Create("things", "b", {}), Update("things", "a", {"n": 2}, version)])
    assert documents.get("things", "a").data == {"n": 12}
    with pytest.raises(Conflict):
        documents.commit([Update("things", "a", {"n": 3}, versions[1])])


def test_a_conflict_with_another_is_still_one_after_a_lost_call(documents, time):
    put(documents, "a", owner="another")
    faulty = Faulty(documents, ["unavailable"], clock=time.clock)
    with pytest.raises(Conflict):
        faulty.commit([Create("things", "a", {"owner": "me"})])


def test_patience_ends_and_waits_grow_with_jitter(documents, time):
    faulty = Faulty(documents, ["unavailable"] * 1000, patience=30, clock=time.clock)
    with pytest.raises(Unavailable):
        faulty.get("things", "a")
    assert 29 <= time.elapsed <= 30.1
    assert 10 < len(time.slept) < 40
    assert max(time.slept) <= 2


def test_all_that_an_operation_asks_of_the_store_shares_one_patience(documents, time):
    put(documents, "a", n=1)
    found_late = ["unavailable"] * 15 + [None]
    faulty = Faulty(documents, found_late + ["lost"] * 1000, patience=30, clock=time.clock)
    late = []

    def change(found):
        late.append(time.elapsed)
        return {"n": found.data["n"] + 1}

    with pytest.raises(Unavailable):
        faulty.update("things", "a", change)
    assert late[0] > 5
    assert 29 <= time.elapsed <= 30.1


def test_an_operation_has_its_whole_patience_after_one_that_lost_its_own(documents, time):
    faulty = Faulty(documents, ["unavailable"] * 1000, patience=30, clock=time.clock)
    for end in (30, 60):
        with pytest.raises(Unavailable):
            faulty.update("things", "a", lambda _: {})
        assert end - 1 <= time.elapsed <= end + 0.1


def test_a_change_is_made_of_its_own_outcome_where_another_wrote_before_it_was_known(
    documents, time
):
    put(documents, "a", n=1, by="nobody")
    faulty = Faulty(documents, [None, "lost"], clock=time.clock)
    inner = faulty.inner._commit

    def overtaken(writes, token):
        versions = inner(writes, token)
        faulty.inner._commit = inner
        documents.update("things", "a", lambda _: {"by": "another"})
        return versions

    faulty.inner._commit = overtaken
    found = faulty.update("things", "a", lambda found: {"n": found.data["n"] * 10})
    assert found.data == {"n": 100, "by": "another"}
