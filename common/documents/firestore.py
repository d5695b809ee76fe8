"""Documents in Firestore, by its own client library."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from common.documents.base import Documents
from common.documents.document import Document
from common.documents.firestore_errors import conditions, translated
from common.documents.query import Query, direction
from common.documents.writes import Conflict, Create, Delete, Update, Write
from common.errors import Misconfigured

if TYPE_CHECKING:
    from google.cloud.firestore import Client, DocumentReference

__all__ = ["FirestoreDocuments"]

_TOKEN = "_token"  # noqa: S105 - a field's name
_RPC_SECONDS = 10.0
_ANCHOR_SECONDS = 300.0


class FirestoreDocuments(Documents):
    """A Firestore database. FIRESTORE_EMULATOR_HOST is honoured by the client library."""

    def __init__(self, project: str, database: str = "(default)", **options: Any) -> None:
        super().__init__(**options)
        self.project, self.database = project, database
        self._opened: Client | None = None
        self._opening = threading.Lock()
        self._anchor: tuple[datetime, float] | None = None

    @property
    def url(self) -> str:
        """What RUNJOBS_DOCUMENTS says to open this store."""
        return f"firestore://{self.project}/{self.database}"

    def close(self) -> None:
        """Close the connection."""
        if self._opened is not None:
            self._opened.close()  # type: ignore[no-untyped-call]
            self._opened = None

    def _get(self, collection: str, id: str) -> Document | None:
        with translated(self.url):
            snapshot = self._ref(collection, id).get(retry=None, timeout=self._timeout)
        self._saw(snapshot.read_time)
        return _document(collection, snapshot) if snapshot.exists else None

    def _query(self, query: Query) -> list[Document]:
        with translated(self.url):
            stream = self._select(query).stream(retry=_never(), timeout=self._timeout)
            return [_document(query.collection, snapshot) for snapshot in stream]

    def _count(self, query: Query) -> int:
        with translated(self.url):
            rows = self._filter(query).count().get(retry=_never(), timeout=self._timeout)
        return int(rows[0][0].value)

    def _now(self) -> datetime:
        """The store's time when it last answered, and what has gone by since.

        It lags by the answer's way back: a lease is judged to end a little late, never early.
        """
        if self._anchor is None or self._clock.monotonic() - self._anchor[1] > _ANCHOR_SECONDS:
            self._get("checks", "time")
        time, monotonic = self._anchor or (self._clock.now(), self._clock.monotonic())
        return time + timedelta(seconds=self._clock.monotonic() - monotonic)

    def _commit(self, writes: Sequence[Write], token: str) -> list[str | None]:
        with translated(self.url), conditions():
            batch = self._client.batch()
            for write in writes:
                self._add(batch, write, token)
            results = batch.commit(retry=None, timeout=self._timeout)
        self._saw(batch.commit_time)
        return [
            None if isinstance(write, Delete) else result.update_time.rfc3339()
            for write, result in zip(writes, results, strict=True)
        ]

    def _add(self, batch: Any, write: Write, token: str) -> None:
        from google.cloud.firestore import DELETE_FIELD

        ref = self._ref(write.collection, write.id)
        match write:
            case Create():
                batch.create(ref, {**write.data, _TOKEN: token})
            case Update():
                dropped = dict.fromkeys(write.drop, DELETE_FIELD)
                fields = {**write.data, **dropped, _TOKEN: token}
                batch.update(ref, fields, option=self._at(write.version))
            case Delete():
                batch.delete(ref, option=self._at(write.version))

    def _at(self, version: str) -> Any:
        try:
            return self._client.write_option(last_update_time=datetime.fromisoformat(version))
        except ValueError:
            raise Conflict("A version that this store never gave matches no document.") from None

    def _select(self, query: Query) -> Any:
        from google.cloud.firestore import Query as Order

        found = self._filter(query)
        last = Order.ASCENDING
        for entry in query.ordering:
            last = Order.DESCENDING if direction(entry) else Order.ASCENDING
            found = found.order_by(entry.removeprefix("-"), direction=last)
        found = found.order_by("__name__", direction=last)
        if query.after is not None:
            position: dict[str, Any] = {field: value for field, _, value in query.cursor()}
            position["__name__"] = self._ref(query.collection, query.after.id)
            found = found.start_after(position)
        return found if query.limit is None else found.limit(query.limit)

    def _filter(self, query: Query) -> Any:
        from google.cloud.firestore_v1.base_query import FieldFilter

        found: Any = self._client.collection(query.collection)
        for field, operator, value in query.where:
            found = found.where(filter=FieldFilter(field, operator, value))
        return found

    def _ref(self, collection: str, id: str) -> DocumentReference:
        return self._client.collection(collection).document(id)

    @property
    def _timeout(self) -> float:
        return min(_RPC_SECONDS, max(self.patience, 1.0))

    @property
    def _client(self) -> Client:
        with self._opening:  # each has threads and connections of its own
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> Client:
        try:
            from google.cloud.firestore import Client
        except ImportError as error:
            raise Misconfigured(
                f"{self.url} needs google-cloud-firestore: pip install 'runjobs[gcp]'."
            ) from error
        with translated(self.url):
            return Client(project=self.project, database=self.database)

    def _saw(self, server_time: datetime | None) -> None:
        if server_time is not None:
            self._anchor = (_plain(server_time), self._clock.monotonic())


def _never() -> Any:
    """For answers that come in pieces: with None the library itself breaks where one breaks off."""
    from google.api_core.retry import Retry

    return Retry(predicate=lambda _: False)


def _document(collection: str, snapshot: Any) -> Document:
    data = {name: _plain(value) for name, value in (snapshot.to_dict() or {}).items()}
    token = data.pop(_TOKEN, "")
    return Document(collection, snapshot.id, data, snapshot.update_time.rfc3339(), token)


def _plain(value: Any) -> Any:
    """A value without the library's own types."""
    if isinstance(value, datetime):
        return datetime.combine(value.date(), value.time(), UTC)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
