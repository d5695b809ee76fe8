"""One user's account at a provider, as it is kept in the documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from common.documents import Document
from common.ids import derived_id
from common.runs import NewerSchema

__all__ = [
    "COLLECTION",
    "SCHEMA",
    "Integration",
    "Status",
    "check_schema",
    "id_of",
    "integration_of",
]

COLLECTION = "integrations"
SCHEMA = 1

Status = Literal["active", "needs_reauth"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Integration:
    """A user's consent as it stood when it was read; its secret stays encrypted, and unshown."""

    id: str
    tenant: str
    """Empty for the operator's own."""
    user: str
    """As the tenant names its user: an id or an e-mail address."""
    provider: str
    account: str
    """Whom the user is at the provider, such as an e-mail address in lower case; may be empty."""
    scopes: tuple[str, ...]
    """What the user consented to, as the provider names it."""
    status: Status
    why: str
    """Why it needs the user's consent again; empty where it does not."""
    since: datetime | None
    """Since when it does."""
    watch: Mapping[str, Any] | None
    """What a watch on the account needs to know, such as where its history was read up to."""
    created: datetime
    updated: datetime
    consented: datetime
    """When the secret was last saved: the consent that this is about."""
    version: str
    sealed: str = field(repr=False)
    """The secret, encrypted."""


def id_of(tenant: str, user: str, provider: str) -> str:
    """The same for the same three, and for no others."""
    return derived_id("integration", tenant, user, provider)


def check_schema(document: Document) -> None:
    """Raise NewerSchema for what a newer runjobs wrote."""
    if document.data["schema"] > SCHEMA:
        raise NewerSchema(
            f"A newer runjobs wrote integration {document.id}: it is left alone. Update this one."
        )


def integration_of(document: Document) -> Integration:
    """What a document of the collection says. Raises NewerSchema."""
    check_schema(document)
    data = document.data
    return Integration(
        id=document.id,
        tenant=data["tenant"],
        user=data["user"],
        provider=data["provider"],
        account=data["account"],
        scopes=tuple(data["scopes"]),
        status=data["status"],
        why=data["why"],
        since=data["since"],
        watch=data["watch"],
        created=data["created"],
        updated=data["updated"],
        consented=data["consented"],
        version=document.version,
        sealed=data["secret"],
    )
