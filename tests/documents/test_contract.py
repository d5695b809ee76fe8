"""What holds of every documents store."""

from __future__ import annotations

import inspect
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import Enum, IntEnum
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.documents import Conflict, Create, Delete, Documents, Query, Update
from common.documents.firestore import FirestoreDocuments
from common.documents.sqlite import SqliteDocuments
from common.errors import InvalidInput, Unavailable
from tests.faults import FAULTS, Faulty

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def put(documents, id, **data):
    return documents.commit([Create("things", id, data)])[0]


def ids(documents, *where, **query):
    return [found.id for found in documents.query(Query("things", where=where, **query))]


# --- one document


def test_a_document_comes_back_as_it_was_written(documents):
    data = {
        "null": None,
        "yes": True,
        "big": 2**63 - 1,
        "small": -(2**63),
        "real": 0.1,
        "text": "æ ☕ 𝄞 \x00 \\ \" '",
        "like_time": "2026-11-22T12:00:00.000000Z",
        "like_escaped": "\\2026-11-22T12:00:00.000000Z",
        "time": NOON + timedelta(microseconds=1),
        "map": {"a.b": [1, {"c": [None]}], "empty": {}, "when": NOON},
        "list": [],
    }
    version = put(documents, "a", **data)
    found = documents.get("things", "a")
    assert found.data == data
    assert [type(found.data[name]) for name in data] == [type(value) for value in data.values()]
    assert (found.id, found.collection, found.version) == ("a", "things", version)


def test_what_is_not_there_is_none(documents):
    assert documents.get("things", "nothing") is None
    assert documents.query(Query("things")) == []
    assert documents.count(Query("things")) == 0


def test_an_update_sets_its_fields_and_keeps_the_others(documents):
    version = put(documents, "a", kept={"x": 1}, changed={"y": 1, "z": 2})
    documents.commit([Update("things", "a", {"changed": {"y": None}, "new": 3}, version)])
    assert documents.get("things", "a").data == {
        "kept": {"x": 1},
        "changed": {"y": None},
        "new": 3,
    }


def test_an_update_drops_fields_which_no_query_finds_then(documents):
    version = put(documents, "a", kept=1, dropped="x")
    documents.commit([Update("things", "a", {"new": 2}, version, drop=("dropped", "missing"))])
    assert documents.get("things", "a").data == {"kept": 1, "new": 2}
    assert ids(documents, ("dropped", "==", "x")) == []
    assert ids(documents, order=("dropped",)) == []


def test_a_field_cannot_be_both_set_and_dropped(documents):
    version = put(documents, "a", n=1)
    with pytest.raises(InvalidInput, match="both set and dropped"):
        documents.commit([Update("things", "a", {"n": 2}, version, drop=("n",))])


def test_a_write_that_changes_nothing_still_makes_a_new_version(documents):
    first = put(documents, "a", n=1)
    (second,) = documents.commit([Update("things", "a", {"n": 1}, first)])
    assert first != second
    with pytest.raises(Conflict):
        documents.commit([Update("things", "a", {"n": 2}, first)])


def test_a_version_does_not_come_back_with_a_document_made_anew(documents):
    first = put(documents, "a", n=1)
    documents.commit([Delete("things", "a", first)])
    put(documents, "a", n=1)
    with pytest.raises(Conflict):
        documents.commit([Update("things", "a", {"n": 2}, first)])


# --- commits


@pytest.mark.parametrize("kind", ["create", "update", "delete", "update-missing", "delete-missing"])
def test_a_commit_writes_nothing_when_one_condition_does_not_hold(documents, kind):
    old = put(documents, "a", n=1)
    documents.commit([Update("things", "a", {"n": 2}, old)])
    failing = {
        "create": Create("things", "a", {"n": 3}),
        "update": Update("things", "a", {"n": 3}, old),
        "delete": Delete("things", "a", old),
        "update-missing": Update("things", "b", {"n": 3}, old),
        "delete-missing": Delete("things", "b", old),
    }[kind]
    with pytest.raises(Conflict):
        documents.commit([Create("things", "c", {"n": 1}), failing, Create("others", "d", {})])
    assert documents.get("things", "a").data == {"n": 2}
    assert documents.get("things", "c") is None
    assert documents.get("others", "d") is None


def test_a_commit_spans_collections(documents):
    version = put(documents, "a", n=1)
    versions = documents.commit(
        [Create("others", "b", {}), Update("things", "a", {"n": 2}, version)]
    )
    assert versions == [
        documents.get("others", "b").version,
        documents.get("things", "a").version,
    ]


def test_of_many_that_create_the_same_document_one_wins(open_store):
    wins = race(8, open_store, lambda store, i: put(store, "lease", owner=i))
    assert len(wins) == 1
    assert open_store().get("things", "lease").data == {"owner": wins[0]}


def test_of_many_that_update_the_same_version_one_wins(open_store):
    version = put(open_store(), "a", owner=None)
    update = lambda store, i: store.commit([Update("things", "a", {"owner": i}, version)])  # noqa: E731
    assert len(race(8, open_store, update)) == 1


def test_compare_and_set_loses_no_update_among_many_writers(open_store):
    put(open_store(), "counter", n=0)

    def add_ten(store, _):
        for _ in range(10):
            store.update("things", "counter", lambda found: {"n": found.data["n"] + 1})

    assert len(race(4, lambda: open_store(patience=60), add_ten)) == 4
    assert open_store().get("things", "counter").data == {"n": 40}


class Colour(str, Enum):  # noqa: UP042 - one whose own text is not its value
    RED = "red"


def test_compare_and_set_returns_what_is_read_afterwards(documents):
    data = {"kept": 1, "changed": {"y": 1}}
    documents.update("things", "a", lambda _: data)
    inner = {"when": NOON.astimezone(ZoneInfo("Atlantic/Reykjavik")), "list": (1, 2)}
    changed = {"changed": inner, "colour": Colour.RED, "number": IntEnum("N", {"one": 1}).one}
    returned = documents.update("things", "a", lambda _: changed)
    inner["list"] = "other"
    assert returned == documents.get("things", "a")
    kinds = {name: type(value) for name, value in returned.data.items()}
    assert kinds == {"kept": int, "changed": dict, "colour": str, "number": int}
    documents.commit([Update("things", "a", {}, returned.version)])


def test_compare_and_set_makes_what_is_not_there_and_leaves_what_need_not_change(documents):
    made = documents.update("things", "a", lambda found: {"new": found is None})
    assert made.data == {"new": True}
    assert documents.update("things", "a", lambda _: None).version == made.version


def race(size, open_store, act):
    """The indexes of those whose act did not end in a conflict."""
    barrier, wins, failures = threading.Barrier(size), [], []

    def run(index):
        store = open_store()
        store.get("things", "warm-up")
        barrier.wait()
        try:
            act(store, index)
            wins.append(index)
        except Conflict:
            pass
        except Exception as error:  # noqa: BLE001 - reported below
            failures.append(error)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    return wins


# --- queries


@pytest.fixture
def fruit(documents):
    for id, kind, size, when in [
        ("a", "apple", 3, NOON),
        ("b", "pear", 1, NOON + timedelta(seconds=1)),
        ("c", "apple", 1, NOON + timedelta(microseconds=1)),
        ("d", "apple", 2, NOON - timedelta(days=1)),
    ]:
        put(documents, id, kind=kind, size=size, when=when, half=size / 2, big=size > 1)
    put(documents, "e", kind=None)
    return documents


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ((), "abcde"),
        ((("kind", "==", "apple"),), "acd"),
        ((("kind", "==", None),), "e"),
        ((("kind", ">", "apple"),), "b"),
        ((("kind", "<=", "apple"),), "acd"),
        ((("size", ">=", 2),), "ad"),
        ((("half", "<", 1),), "bc"),
        ((("big", "==", True),), "ad"),
        ((("big", "==", False),), "bc"),
        ((("size", "==", True),), ""),
        ((("big", "==", 1),), ""),
        ((("when", ">", NOON),), "bc"),
        ((("when", "<=", NOON), ("kind", "==", "apple")), "ad"),
        ((("size", ">", 1), ("size", "<", 3)), "d"),
        ((("missing", "==", None),), ""),
        ((("size", ">", "a"),), ""),
        ((("kind", "<", 1),), ""),
    ],
)
def test_filters_find_what_matches_and_count_as_many(fruit, where, found):
    assert sorted(ids(fruit, *where)) == list(found)
    assert fruit.count(Query("things", where=where)) == len(found)


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ((), "abcde"),
        (("when",), "dacb"),
        (("-when",), "bcad"),
        (("kind",), "eacdb"),
        (("-kind",), "bdcae"),
        (("kind", "-size"), "adcb"),
        (("size", "when"), "cbda"),
        (("-size", "kind"), "adcb"),
        (("missing",), ""),
    ],
)
def test_order_is_by_field_after_field_then_by_id_and_pages_go_on_where_the_last_ended(
    fruit, order, found
):
    assert "".join(ids(fruit, order=order)) == found
    query, paged = Query("things", order=order, limit=2), ""
    while page := fruit.query(query):
        paged += "".join(document.id for document in page)
        query = replace(query, after=page[-1])
    assert paged == found


def test_a_page_goes_on_also_when_its_last_document_is_gone(fruit):
    first = fruit.query(Query("things", order=("when",), limit=2))
    fruit.commit([Delete("things", first[-1].id, first[-1].version)])
    assert ids(fruit, order=("when",), after=first[-1]) == ["c", "b"]


@pytest.mark.parametrize("field", ["a'b", "", "a b", "x); DROP TABLE runs", "A"])
def test_a_field_that_cannot_be_queried_is_refused(field):
    with pytest.raises(InvalidInput, match="field"):
        Query("things", where=((field, "==", 1),))
    with pytest.raises(InvalidInput, match="field"):
        Query("things", order=(field,))


# --- what cannot be kept


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (float("nan"), "finite"),
        (float("inf"), "finite"),
        (2**63, "64 bits"),
        ("\ud800", "surrogate"),
        ([[1]], "list"),
        ({1: 2}, "key"),
        ({"": 2}, "key"),
        ({"__x__": 2}, "key"),
        ({1, 2}, "set"),
        (b"bytes", "bytes"),
        (datetime(2026, 1, 1), "UTC"),  # noqa: DTZ001
        ("x" * 1_000_001, "limit"),
    ],
)
def test_data_that_a_backend_could_not_keep_is_refused_by_all(documents, value, word):
    with pytest.raises(InvalidInput, match=word):
        put(documents, "a", bad=value)
    assert documents.get("things", "a") is None


@pytest.mark.parametrize("name", ["", "a.b", "_token", "__x__", "a b", "`"])
def test_a_field_name_that_a_backend_would_take_for_another_is_refused(documents, name):
    with pytest.raises(InvalidInput, match="name a field"):
        documents.commit([Create("things", "a", {name: 1})])


def test_data_nested_beyond_any_sense_is_refused(documents):
    deep: dict = {}
    for _ in range(10_000):
        deep = {"d": deep}
    with pytest.raises(InvalidInput, match="deep"):
        put(documents, "a", deep=deep)


@pytest.mark.parametrize("id", ["", ".", "..", "a/b", "__a__", "x" * 1501, "a\nb"])
def test_an_id_that_a_backend_could_not_keep_is_refused_by_all(documents, id):
    with pytest.raises(InvalidInput):
        put(documents, id)


def test_a_document_near_the_limit_is_kept(documents):
    put(documents, "a", text="x" * 999_000)
    assert len(documents.get("things", "a").data["text"]) == 999_000


def test_updates_that_together_grow_a_document_over_the_limit_are_refused_whole(documents):
    version = put(documents, "a", first="x" * 900_000)
    with pytest.raises(InvalidInput, match=r"limit|1 MiB"):
        documents.commit(
            [Create("things", "b", {}), Update("things", "a", {"second": "y" * 900_000}, version)]
        )
    assert documents.get("things", "b") is None
    assert documents.get("things", "a").data == {"first": "x" * 900_000}


def test_an_update_counts_what_it_replaces_no_more(documents):
    version = put(documents, "a", text="x" * 900_000)
    documents.commit([Update("things", "a", {"text": "y" * 900_000}, version)])
    assert documents.get("things", "a").data == {"text": "y" * 900_000}


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KEYS = TEXT.filter(lambda text: text and not (text.startswith("__") and text.endswith("__")))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
    | st.datetimes(timezones=st.just(UTC)).filter(lambda time: 1 < time.year < 9999),
    lambda inner: st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=10,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(value=VALUES)
def test_any_value_comes_back_as_it_was(documents, value):
    returned = documents.update("things", "any", lambda _: {"value": value})
    found = documents.get("things", "any")
    assert found.data == returned.data == {"value": value}


# --- time and failure


def test_server_time_goes_forward_and_is_about_now(documents):
    first, second = documents.now(), documents.now()
    assert first.tzinfo is UTC
    assert first <= second
    assert abs(second - datetime.now(UTC)) < timedelta(minutes=1)


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


def test_backends_have_the_signatures_of_the_seam():
    seam = dict(inspect.getmembers(Documents, inspect.isfunction))
    for backend in (SqliteDocuments, FirestoreDocuments):
        for name, method in inspect.getmembers(backend, inspect.isfunction):
            if name in seam and name != "__init__":
                assert inspect.signature(method) == inspect.signature(seam[name]), name
