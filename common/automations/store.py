"""Where automations are kept: a document each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, replace
from typing import Any, TypeVar

from common.automations.automation import Automation
from common.automations.template import Template
from common.automations.trigger import Trigger
from common.documents import Conflict, Create, Delete, Document, Documents, Query, Update
from common.documents.query import Filter
from common.errors import InvalidInput
from common.ids import random_id

__all__ = ["AUTOMATIONS", "Automations", "NoSuchAutomation"]

AUTOMATIONS = "automations"

T = TypeVar("T", Trigger, Template)


class NoSuchAutomation(InvalidInput):
    """Raised when there is no automation of that id, or none of that tenant."""

    def __init__(self, id: str) -> None:
        super().__init__(f"There is no automation {id}: see `runjobs automations list`.")


class Changed(InvalidInput):
    """Raised when another has changed an automation since it was read."""

    def __init__(self, id: str) -> None:
        super().__init__(f"Automation {id} was changed meanwhile: read it again.")


class Automations:
    """The automations in a documents store."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, id: str, *, tenant: str = "") -> Automation:
        """The automation; a tenant finds its own only. Raises NoSuchAutomation."""
        found = self._documents.get(AUTOMATIONS, id)
        if found is None or (tenant and found.data["tenant"] != tenant):
            raise NoSuchAutomation(id)
        return _read(found)

    def save(self, automation: Automation) -> Automation:
        """Keep it: a new one where it has no version yet. Raises Changed."""
        now = self._documents.now()
        kept = replace(
            automation,
            id=automation.id or random_id(),
            created=automation.created or now,
            updated=now,
        )
        data = _data(kept)
        write = (
            Update(AUTOMATIONS, kept.id, data, kept.version)
            if kept.version
            else Create(AUTOMATIONS, kept.id, data)
        )
        try:
            (version,) = self._documents.commit([write])
        except Conflict:
            raise Changed(kept.id) from None
        return replace(kept, version=version or "")

    def list(self, *, tenant: str | None = None, user: str | None = None) -> list[Automation]:
        """Those of a tenant and a user, or of all, by name."""
        asked = {"tenant": tenant, "user": user}
        where = [_is(name, text) for name, text in asked.items() if text is not None]
        found = self._documents.query(Query(AUTOMATIONS, where=tuple(where)))
        return sorted(map(_read, found), key=lambda each: (each.name.casefold(), each.id))

    def starting(self, *, tenant: str, user: str) -> Iterator[Automation]:
        """Those of a user that messages may start now."""
        for found in self.list(tenant=tenant, user=user):
            if found.enabled and found.trigger:
                yield found

    def enable(self, id: str, *, enabled: bool = True, tenant: str = "") -> Automation:
        """Let messages start it, or not. Raises NoSuchAutomation."""
        self.get(id, tenant=tenant)
        found = self._documents.update(
            AUTOMATIONS,
            id,
            lambda there: {"enabled": enabled, "updated": self._documents.now()} if there else None,
        )
        if found is None:
            raise NoSuchAutomation(id)
        return _read(found)

    def remove(self, id: str, *, tenant: str = "") -> None:
        """Forget it; what it has started goes on. Raises NoSuchAutomation."""
        self._documents.optimistic(
            lambda: self._documents.commit(
                [Delete(AUTOMATIONS, id, self.get(id, tenant=tenant).version)]
            )
        )


def _is(field: str, value: str) -> Filter:
    return (field, "==", value)


def _data(automation: Automation) -> dict[str, Any]:
    data = asdict(automation)
    return {name: value for name, value in data.items() if name not in {"id", "version"}}


def _read(document: Document) -> Automation:
    """An automation from its document; what newer code has added is left."""
    data = document.data
    trigger = data.get("trigger")
    own = {field.name for field in fields(Automation)} - {"id", "version", "trigger", "template"}
    return Automation(
        **{name: data[name] for name in own if name in data},
        template=_part(Template, data["template"]),
        trigger=_part(Trigger, trigger) if trigger is not None else None,
        id=document.id,
        version=document.version,
    )


def _part(kind: type[T], data: Mapping[str, Any]) -> T:
    names = {field.name for field in fields(kind)} & set(data)
    return kind(**{name: _tuple(data[name]) for name in names})


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
