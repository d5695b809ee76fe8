"""Automations of the users of a world, and notifications of what came to them."""

from __future__ import annotations

import json

from common.automations import Automation, Automations, Template, Trigger
from common.google import calls
from jobs.automation_trigger import automation_trigger
from tests.jobs.gmail.world import ANN, World

TEMPLATE = Template(sources=("gmail:",), schema="invoice")


def ready(world: World) -> World:
    world.connect()
    world.automation = automate(world)
    now = world.documents.now()
    world.mailbox.clock = lambda: int(now.timestamp() * 1000) + 1_000
    return world


def automate(world: World, *, tenant="t1", user="ann", enabled=True, **trigger) -> Automation:
    made = Automation(
        tenant=tenant,
        user=user,
        name="Invoices",
        template=TEMPLATE,
        trigger=Trigger(**trigger),
        enabled=enabled,
    )
    return Automations(world.documents).save(made)


def notify(world: World, account: str = ANN, *, tenant: str = "", history: int | None = -1):
    """A run for a notification as Gmail sends it just now."""
    now = world.gmail.mailbox(account).history_id
    params = {"emailAddress": account, "historyId": now if history == -1 else history}
    if history is None:
        del params["historyId"]
    return world.do(automation_trigger, tenant=tenant, **params)


def mark(world: World, *, tenant="t1", user="ann") -> int:
    return int(world.integrations.find(tenant=tenant, user=user).watch["history"])


def handled(world: World) -> set[tuple[str, str]]:
    """Which message was handled by which automation, once it is known that each was so once."""
    params = [json.loads(run.params) for run in world.children()]
    pairs = [(each["automation"], id) for each in params for id in each["messages"]]
    assert len(pairs) == len({*pairs})
    return {*pairs}


def hasty(monkeypatch) -> None:
    """Google's client has no patience."""
    monkeypatch.setattr(calls, "_BASE", 0.001)
    monkeypatch.setattr(calls, "_CAP", 0.001)
