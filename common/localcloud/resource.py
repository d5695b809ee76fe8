"""What was made in the local cloud, and the document that it is kept as.

name     of a resource, as Google's APIs have it: projects/P/locations/R/jobs/J
parent   where it is listed: its name without its last part, projects/P/locations/R/jobs
data     its JSON, as the API shows it
kept     what else is known of it and never shown
due      when something is to be done about it by itself, if ever; with `agenda`, whose it is to do
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from common.documents import Create, Delete, Document, Update
from common.ids import derived_id
from common.localcloud.rpc import Json

__all__ = ["COLLECTION", "Resource", "creating", "document_id", "read", "removing", "writing"]

COLLECTION = "cloud"


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """One thing that was made."""

    name: str
    data: Json
    kept: Json = field(default_factory=dict)
    created: datetime
    agenda: str = ""
    due: datetime | None = None
    version: str = ""

    @property
    def parent(self) -> str:
        """Where it is listed."""
        return self.name.rpartition("/")[0]

    @property
    def id(self) -> str:
        """The last part of its name."""
        return self.name.rpartition("/")[2]


def document_id(name: str) -> str:
    """Where the resource of that name is kept."""
    return derived_id("cloud", name)


def _data(resource: Resource) -> dict[str, Any]:
    """As a document. What APIs show is text in it: any JSON will do, and nobody queries it."""
    data: dict[str, Any] = {
        "name": resource.name,
        "parent": resource.parent,
        "data": json.dumps(resource.data),
        "kept": json.dumps(resource.kept),
        "created": resource.created,
    }
    if resource.due is not None:
        data |= {"agenda": resource.agenda, "due": resource.due}
    return data


def creating(resource: Resource) -> Create:
    """What makes it."""
    return Create(COLLECTION, document_id(resource.name), _data(resource))


def removing(found: Resource) -> Delete:
    """What removes it, as it was found."""
    return Delete(COLLECTION, document_id(found.name), found.version)


def writing(found: Resource, changed: Resource) -> Update:
    """What writes it, as it was found and as it shall be."""
    drop = () if changed.due is not None else ("agenda", "due")
    id = document_id(found.name)
    return Update(COLLECTION, id, _data(changed), found.version, drop=drop)


def read(found: Document) -> Resource:
    """What a document keeps."""
    data = found.data
    return Resource(
        name=data["name"],
        data=json.loads(data["data"]),
        kept=json.loads(data["kept"]),
        created=data["created"],
        agenda=data.get("agenda", ""),
        due=data.get("due"),
        version=found.version,
    )
