"""The indexes that runjobs' queries need, said once for both stores.

SQLite makes them with the table. Firestore is told by firestore.indexes.json, which a test keeps
equal to this; its emulator answers without any, so a test also checks the queries against these.
"""

from __future__ import annotations

from typing import Any

__all__ = ["INDEXES", "UNINDEXED", "firestore_indexes"]

INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "runs": (
        ("-created",),
        ("job", "-created"),
        ("state", "-created"),
        ("tenant", "-created"),
        ("batch", "-created"),
        ("root", "-created"),
        ("open_in",),
        ("place", "priority", "tenant", "due"),
        ("place", "due"),
        ("deadline",),
        ("done", "ended"),
        ("expires",),
    ),
    "executions": (("look_at",), ("expires",)),
    "timers": (("at",),),
    "rates": (("name", "shard"),),
    "slots": (("name", "-until"),),
    "limiter_hours": (("name", "hour"), ("expires",)),
    "batches": (("expires",),),
    "plan_days": (("ends",), ("expires",)),
    "cloud": (("parent", "-created"), ("agenda", "due")),
    "automations": (("user",), ("tenant",)),
    "integrations": (("account",), ("tenant",), ("user",)),
    "imports": (("place",),),
    "exports": (("tenant",), ("user",)),
    "creations": (("tenant",), ("user",)),
    "opt_outs": (("who",),),
    "tallies": (("expires",),),
    "usage_counters": (("period_end",), ("user",), ("tenant",)),
    "usage_events": (("state", "at"), ("customer", "at"), ("at",), ("user",), ("tenant",)),
    "users": (("plan", "period_end"), ("opted_out",), ("tenant",), ("email",)),
    "extraction_jobs": (("state", "created"), ("folder",), ("user",), ("tenant",)),
    # No index of `expires` alone: that would have Firestore remove artifacts before their blobs.
    "artifacts": (("state", "expires"), ("user",), ("tenant",)),
}
"""Collection → field lists, `-` before a descending one. Firestore joins those that end alike."""

# Whoever begins to query one of these takes it out here.
UNINDEXED: dict[str, tuple[str, ...]] = {
    "runs": (
        "attempts",
        "cancel_requested",
        "checkpoint",
        "error",
        "follows",
        "keep",
        "lease_until",
        "params",
        "progress",
        "ready",
        "reserved",
        "result",
        "start_by",
        "then",
    ),
    "executions": ("reserved", "runs", "start_by"),
    "rates": ("tat",),
    "slots": ("holder",),
    "leases": ("holder", "until", "word"),
    "limiters": ("not_before", "since", "usual", "usual_at"),
    "limiter_hours": ("additions",),
    "cloud": ("data", "kept", "name"),
    "integrations": (
        "consented",
        "created",
        "provider",
        "scopes",
        "secret",
        "since",
        "status",
        "updated",
        "watch",
        "why",
    ),
    "automations": ("created", "template", "trigger", "updated"),
    "imports": ("files", "item"),
    "opt_outs": ("begun", "counts", "ended", "going", "opted_out", "run", "signature", "unrevoked"),
    "artifacts": ("bytes", "created", "files", "folder", "manifest"),
    "maintenance": ("runs",),
    "tallies": ("counts", "run"),
    "usage_events": ("identifier", "reported_at", "sent_at", "why"),
    "exports": (
        "etag",
        "file",
        "is_sure",
        "link",
        "run",
        "session",
        "sha256",
        "size",
        "state",
        "what",
    ),
}
"""Fields that nobody asks for. Firestore indexes each field both ways unless told not to: every
write pays for it, and a time that only goes forward caps the collection at 500 writes a second."""


def firestore_indexes() -> dict[str, Any]:
    """What firestore.indexes.json says: https://firebase.google.com/docs/reference/firestore/indexes"""
    return {
        "indexes": [
            {
                "collectionGroup": collection,
                "queryScope": "COLLECTION",
                "fields": [_field(entry) for entry in fields],
            }
            for collection, found in INDEXES.items()
            for fields in found
            if len(fields) > 1  # of one field Firestore makes it by itself
        ],
        "fieldOverrides": [
            {"collectionGroup": collection, "fieldPath": field, "indexes": []}
            for collection, fields in UNINDEXED.items()
            for field in fields
        ],
    }


def _field(entry: str) -> dict[str, str]:
    order = "DESCENDING" if entry.startswith("-") else "ASCENDING"
    return {"fieldPath": entry.removeprefix("-"), "order": order}
