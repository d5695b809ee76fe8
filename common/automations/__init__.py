"""Automations: what a user wants done with files, and with which messages it begins by itself.

template    what is done: from where files come, what is looked for in them, where the tables go
trigger     which messages start it
automation  both of them, by a name, of one user of a tenant
"""

from __future__ import annotations

from common.automations.automation import Automation
from common.automations.sources import Kind, Source, read_source
from common.automations.store import Automations, NoSuchAutomation
from common.automations.template import Template
from common.automations.trigger import Message, Trigger

__all__ = [
    # what is kept
    "Automation",
    "Automations",
    "NoSuchAutomation",
    # what is done
    "Kind",
    "Source",
    "Template",
    "read_source",
    # when
    "Message",
    "Trigger",
]
