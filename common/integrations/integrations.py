"""All integrations: saving, reading, and changing the key that they are encrypted with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from common.documents import Delete, Document, Documents, Query, Update
from common.documents.query import Filter
from common.errors import InvalidInput
from common.integrations.cipher import Cipher, Undecipherable
from common.integrations.errors import NeedsReauth, NoSuchIntegration
from common.integrations.integration import (
    COLLECTION,
    SCHEMA,
    Integration,
    check_schema,
    id_of,
    integration_of,
)
from common.runs import NewerSchema

__all__ = ["Integrations", "Rotated"]

_PAGE = 200
_LONGEST = 320
"""Characters of an e-mail address."""
_SECRET = 64_000
_WHY = 500
_NOTED = {"account", "scopes", "watch"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Rotated:
    """What became of the secrets when they were to have the newest key."""

    changed: int
    unchanged: int
    """They had it already."""
    unreadable: tuple[str, ...]
    """Ids of integrations that no key decrypts, or a newer runjobs wrote: left alone."""


class Integrations:
    """The integrations in a documents store."""

    def __init__(self, documents: Documents, cipher: Cipher | None = None) -> None:
        """Without a cipher ENCRYPTION_KEY is read, when a secret is."""
        self._documents = documents
        self._given = cipher

    @cached_property
    def _cipher(self) -> Cipher:
        return self._given or Cipher.from_environ()

    def save(  # noqa: PLR0913 - the parts of a consent
        self,
        *,
        tenant: str,
        user: str,
        secret: Mapping[str, Any],
        provider: str = "google",
        account: str = "",
        scopes: Sequence[str] = (),
    ) -> Integration:
        """Keep a consent, in the place of an earlier one of the same user; it is active then.

        Raises InvalidInput for what cannot be kept.
        """
        _check(tenant=tenant, user=user, provider=provider, account=account, secret=secret)
        id = id_of(tenant, user, provider)
        now = self._documents.now()
        data = {
            "schema": SCHEMA,
            "tenant": tenant,
            "user": user,
            "provider": provider,
            "account": account.lower(),
            "scopes": [*scopes],
            "secret": self._cipher.seal(id, secret),
            "consented": now,
        }
        written = self._documents.update(COLLECTION, id, lambda old: _saved(old, data, now))
        if written is None:  # which `update` never says of what was to be written
            raise NoSuchIntegration(user, provider)
        return integration_of(written)

    def find(self, *, tenant: str, user: str, provider: str = "google") -> Integration | None:
        """That of a user, in whatever state; None without one."""
        found = self._documents.get(COLLECTION, id_of(tenant, user, provider))
        whose = None if found is None else [found.data[n] for n in ("tenant", "user", "provider")]
        if found is None or whose != [tenant, user, provider]:
            return None
        return integration_of(found)

    def get(self, *, tenant: str, user: str, provider: str = "google") -> Integration:
        """That of a user, if it can be acted by. Raises NoSuchIntegration, NeedsReauth."""
        found = self.find(tenant=tenant, user=user, provider=provider)
        if found is None:
            raise NoSuchIntegration(user, provider)
        if found.status == "needs_reauth":
            raise NeedsReauth(user, provider, found.why, found.since)
        return found

    def by_account(self, provider: str, account: str) -> list[Integration]:
        """All, of whatever tenants, who connected this account of the provider."""
        query = Query(COLLECTION, where=(("account", "==", account.lower()),))
        found = map(integration_of, self._documents.query(query))
        return [each for each in found if each.provider == provider]

    def secret(self, integration: Integration) -> dict[str, Any]:
        """What was saved as its secret. Raises Misconfigured, Undecipherable."""
        return self._cipher.open(integration.id, integration.sealed)

    def needs_reauth(self, integration: Integration, why: str) -> NeedsReauth:
        """Note that the provider does not take this consent any more; returns the error to raise.

        Where the user has consented anew in the meantime, nothing is noted.
        """
        now = self._documents.now()

        def change(document: Document | None) -> dict[str, Any] | None:
            if document is None or document.data["consented"] != integration.consented:
                return None
            if document.data["status"] == "needs_reauth":
                return None
            return {"status": "needs_reauth", "why": why[:_WHY], "since": now, "updated": now}

        self._documents.update(COLLECTION, integration.id, change)
        return NeedsReauth(integration.user, integration.provider, why, now)

    def note(
        self, integration: Integration, *, exclusively: bool = False, **fields: Any
    ) -> Integration:
        """Set what is known of it besides: `account`, `scopes`, `watch` (a map or None).

        The last to write wins. With `exclusively` it is written only if nothing of the integration
        was written since it was read: Conflict is raised otherwise, and NoSuchIntegration where it
        was removed.
        """
        if unknown := fields.keys() - _NOTED:
            raise InvalidInput(f"An integration has no {min(unknown)} that could be noted.")
        data = {**fields, "updated": self._documents.now()}
        if exclusively:
            self._documents.commit([Update(COLLECTION, integration.id, data, integration.version)])
        else:
            self._documents.update(COLLECTION, integration.id, lambda old: data if old else None)
        found = self._documents.get(COLLECTION, integration.id)
        if found is None:
            raise NoSuchIntegration(integration.user, integration.provider)
        return integration_of(found)

    def remove(self, *, tenant: str, user: str, provider: str = "google") -> bool:
        """Forget a consent and its secret; whether there was one."""

        def step() -> bool:
            found = self.find(tenant=tenant, user=user, provider=provider)
            if found is not None:
                self._documents.commit([Delete(COLLECTION, found.id, found.version)])
            return found is not None

        return self._documents.optimistic(step)

    def rotate(self) -> Rotated:
        """Encrypt all secrets with the newest key; those that no key decrypts are left alone."""
        counts = {"changed": 0, "unchanged": 0}
        unreadable = []
        for document in self._all(None):
            try:
                counts[self._rotate(document.id)] += 1
            except (Undecipherable, NewerSchema):
                unreadable.append(document.id)
        return Rotated(**counts, unreadable=tuple(unreadable))

    def _rotate(self, id: str) -> str:
        def step() -> str:
            found = self._documents.get(COLLECTION, id)
            if found is None or self._cipher.is_newest(found.data["secret"]):
                return "unchanged"
            check_schema(found)
            secret = self._cipher.open(id, found.data["secret"])
            data = {"secret": self._cipher.seal(id, secret)}
            self._documents.commit([Update(COLLECTION, id, data, found.version)])
            return "changed"

        return self._documents.optimistic(step)

    def _all(self, tenant: str | None) -> Sequence[Document]:
        where: tuple[Filter, ...] = () if tenant is None else (("tenant", "==", tenant),)
        found: Sequence[Document] = ()
        while True:
            after = found[-1] if found else None
            query = Query(COLLECTION, where=where, limit=_PAGE, after=after)
            page = self._documents.query(query)
            found = [*found, *page]
            if len(page) < _PAGE:
                return found

    def list(self, *, tenant: str | None = None) -> list[Integration]:
        """Those of a tenant, or all."""
        return [integration_of(document) for document in self._all(tenant)]


def _saved(old: Document | None, data: dict[str, Any], now: datetime) -> dict[str, Any]:
    if old is not None:
        check_schema(old)
    same = old is not None and old.data["account"] == data["account"]
    return {
        **data,
        "status": "active",
        "why": "",
        "since": None,
        "watch": old.data["watch"] if old is not None and same else None,
        "created": now if old is None else old.data["created"],
        "updated": now,
    }


def _check(*, secret: Mapping[str, Any], **names: str) -> None:
    for what, name in names.items():
        needed = what in {"user", "provider"}
        if (needed and not name) or len(name) > _LONGEST or not name.isprintable():
            raise InvalidInput(
                f"{what} {name[:50]!r} is not 1 to {_LONGEST} printable characters: name one."
            )
    try:
        size = len(json.dumps(dict(secret)))
    except (TypeError, ValueError, RecursionError):  # whose text might show a part of it
        raise InvalidInput("A secret is a JSON object.") from None
    if size > _SECRET:
        raise InvalidInput(f"A secret of {size:,} bytes is over the limit of {_SECRET:,}.")
