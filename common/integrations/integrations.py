"""All integrations: saving, reading, and changing the key that they are encrypted with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from common.documents import Delete, Document, Documents, Query, Update
from common.errors import InvalidInput
from common.integrations.cipher import Cipher
from common.integrations.errors import NeedsReauth, NoSuchIntegration
from common.integrations.integration import (
    COLLECTION,
    SCHEMA,
    Integration,
    id_of,
    integration_of,
)
from common.integrations.pages import every
from common.integrations.rotating import Rotated, rotate
from common.integrations.saving import check_consent, saved

__all__ = ["Integrations"]

_WHY = 500
_NOTED = {"account", "scopes", "watch"}


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
        check_consent(tenant=tenant, user=user, provider=provider, account=account, secret=secret)
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
        written = self._documents.update(COLLECTION, id, lambda old: saved(old, data, now))
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
        if "account" in fields:
            fields["account"] = fields["account"].lower()  # as it is looked for
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
        return rotate(self._documents, self._cipher)

    def list(self, *, tenant: str | None = None) -> list[Integration]:
        """Those of a tenant, or all."""
        return [integration_of(document) for document in every(self._documents, tenant)]
