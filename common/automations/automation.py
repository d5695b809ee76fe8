"""An automation: a template that a user has named, and what starts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from common.automations.template import Template
from common.automations.trigger import Trigger
from common.errors import InvalidInput

__all__ = ["Automation"]

_NAME = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Automation:
    """What a user wants done again and again. Raises InvalidInput where that cannot be."""

    tenant: str = ""
    user: str = ""
    """Whose it is, and whose accounts it uses: an id or an e-mail address within the tenant."""
    name: str
    """For people."""
    template: Template
    """What is done."""
    trigger: Trigger | None = None
    """The messages that start it; None where somebody does, or a schedule."""
    enabled: bool = True
    """Whether messages start it."""
    id: str = ""
    """Empty until it is saved."""
    created: datetime | None = None
    updated: datetime | None = None
    version: str = ""
    """Of its document; empty until it is saved."""

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > _NAME or not self.name.isprintable():
            raise InvalidInput(f"An automation's name is a line of 1 to {_NAME} characters.")
        if not self.user and (self.trigger or self.template.asks_google):
            raise InvalidInput(f"Say whose account {self.name!r} uses: it has no user.")
