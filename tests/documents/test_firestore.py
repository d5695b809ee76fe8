"""What the real Firestore says that its emulator does not."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest
from google.api_core import exceptions as api

from common.documents import Conflict, Create, Query, Update, open_documents
from common.documents.firestore import FirestoreDocuments
from common.errors import InvalidInput, Misconfigured

PATH = "projects/p/databases/(default)/documents/things/the database x does not exist"
NO_DATABASE = (
    "The database (default) does not exist for project p Please visit "
    "https://console.cloud.google.com/datastore/setup?project=p to add a Cloud Datastore or Cloud "
    "Firestore database."
)


class Refusing:
    """A client library whose every commit is refused."""

    def __init__(self, error):
        self.error = error

    def batch(self):
        return self

    def collection(self, _):
        return self

    def document(self, _):
        return self

    def write_option(self, **_):
        return None

    def update(self, *_, **__):
        pass

    def commit(self, **_):
        raise self.error


@pytest.mark.parametrize(
    ("error", "meaning", "words"),
    [
        (api.NotFound(f"No document to update: {PATH}"), Conflict, "deleted by another"),
        (api.NotFound('no entity to update: app: "dev~p"\npath <'), Conflict, "deleted by another"),
        (api.NotFound(NO_DATABASE), Misconfigured, "that the database exists"),
        (
            api.NotFound("The project p does not exist or it does not contain an active database."),
            Misconfigured,
            "that the database exists",
        ),
        (api.AlreadyExists(f"Document already exists: {PATH}"), Conflict, "did not hold"),
        (
            api.FailedPrecondition("the stored version (2) does not match the required (1)"),
            Conflict,
            "did not hold",
        ),
        (api.InvalidArgument("maximum entity size is 1048576 bytes"), InvalidInput, "1 MiB"),
        (
            api.InvalidArgument(
                f"Document '{PATH}' cannot be written because its size (1,048,640 bytes) exceeds "
                "the maximum allowed size of 1,048,576 bytes."
            ),
            InvalidInput,
            "1 MiB",
        ),
        (
            api.InvalidArgument('The value of property "x" is longer than 1048487 bytes.'),
            InvalidInput,
            "1 MiB",
        ),
        (
            api.InvalidArgument("Transaction too big. Decrease transaction size."),
            InvalidInput,
            "10 MiB",
        ),
        (api.InvalidArgument("Invalid resource field value."), Misconfigured, "credentials"),
        (api.PermissionDenied("Missing or insufficient permissions."), Misconfigured, "credential"),
    ],
)
def test_a_refused_commit_says_what_is_wrong(error, meaning, words):
    store = FirestoreDocuments("p")
    store._opened = Refusing(error)
    with pytest.raises(meaning, match=words):
        store.commit([Update("things", "a", {"n": 1}, "2026-11-22T12:00:00.000000Z")])


def test_threads_that_begin_together_share_one_client(monkeypatch):
    store, opened, seen = FirestoreDocuments("p"), [], []
    other = threading.Thread(target=lambda: seen.append(store._client))

    def open_while_another_asks():
        opened.append(object())
        if len(opened) == 1:
            other.start()
            other.join(0.2)  # it has to wait for this one
        return opened[-1]

    monkeypatch.setattr(store, "_open", open_while_another_asks)
    seen.append(store._client)
    other.join()
    assert seen == opened * 2


def test_an_answer_that_breaks_off_is_asked_for_again(firestore_url, monkeypatch):
    """After its first documents have come."""
    with closing(open_documents(firestore_url)) as store:
        store.commit([Create("things", id, {"n": 1}) for id in "abc"])
        asked = []

        def break_off_once(call):
            ask = getattr(store._client._firestore_api, call)

            def asking(**request):
                asked.append(call)
                answer = ask(**request)
                if asked.count(call) > 1:
                    yield from answer
                    return
                yield next(answer)
                raise api.ServiceUnavailable("Stream removed")

            monkeypatch.setattr(store._client._firestore_api, call, asking)

        break_off_once("run_query")
        assert [found.id for found in store.query(Query("things"))] == [*"abc"]
        break_off_once("run_aggregation_query")
        assert store.count(Query("things")) == 3
        assert asked == [*["run_query"] * 2, *["run_aggregation_query"] * 2]
