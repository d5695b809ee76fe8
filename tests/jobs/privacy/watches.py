"""Users whose mailboxes are watched, and the job that sees to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from common.integrations import Integration
from jobs.gmail_watch_renewal import Renewed, gmail_watch_renewal
from tests.jobs.gmail.notices import automate
from tests.jobs.gmail.world import ANN, World

TOPIC = "projects/p/topics/gmail"
WATCH, STOP = "gmail.users.watch", "gmail.users.stop"
WEEK = timedelta(days=7)


def watched_world(world: World) -> World:
    """Ann has connected her account, and has an automation for messages with files."""
    join(world)
    return world


def join(world: World, user: str = "ann", *, tenant: str = "t1", **automation: object) -> None:
    """A user with an account and an automation."""
    account = address(user)
    world.connect(account, tenant=tenant, user=user)
    world.automation = automate(world, tenant=tenant, user=user, **automation)
    until = world.documents.now() + WEEK
    world.gmail.mailbox(account).expiration = int(until.timestamp() * 1000)


def address(user: str) -> str:
    return ANN if user == "ann" else f"{user}@example.com"


def renew(world: World, **params: object) -> Renewed:
    return world.do(gmail_watch_renewal, **{"tenant": "", **params})


def known(world: World, user: str = "ann", tenant: str = "t1") -> Integration:
    found = world.integrations.find(tenant=tenant, user=user)
    assert found
    return found


def ends(world: World, user: str = "ann") -> datetime:
    """Until when the user is watched, as it is noted."""
    return datetime.fromisoformat(known(world, user).watch["expires"])


def end_in(world: World, left: timedelta, user: str = "ann", topic: str = TOPIC) -> None:
    """Have the watch, as it is noted, end then."""
    found = known(world, user)
    expires = (world.documents.now() + left).isoformat()
    world.integrations.note(found, watch={**found.watch, "expires": expires, "topic": topic})


def asked(world: World, method: str = WATCH) -> list[str]:
    """Whose mailboxes Gmail was asked about by that method, in order."""
    return [each.account for each in world.google.asked if each.method == method]
