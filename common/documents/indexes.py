"""The composite indexes that runjobs' queries need, said once for both stores.

SQLite makes them with the table. Firestore is told by firestore.indexes.json, which a test keeps
equal to this; its emulator answers without any, so a test also checks the queries against these.
"""

from __future__ import annotations

__all__ = ["INDEXES"]

INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "runs": (
        ("job", "-created"),
        ("state", "-created"),
        ("tenant", "-created"),
        ("batch", "-created"),
        ("-created",),
    ),
}
"""Collection → field lists, `-` before a descending one. Firestore joins those that end alike."""
