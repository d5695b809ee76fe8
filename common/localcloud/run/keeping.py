"""What is known of an execution: read from where it runs, and kept for good once it has ended."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from common.localcloud.errors import ApiError
from common.localcloud.rpc import Json
from common.localcloud.run.engine import Engine
from common.localcloud.run.resources import AGENDA, LOOK, has_ended, standing_json
from common.localcloud.run.standing import Standing, packed, unknown, unpacked
from common.localcloud.store import Resource, Store

__all__ = ["Keeper"]

_START = timedelta(minutes=1)
"""How long a start may take."""
_LOST = "Its folder is gone, and how it ended is not known."


class Keeper:
    """Reads executions, and writes how they ended."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine

    def shown(self, found: Resource) -> Json:
        """Its JSON as it stands now."""
        return found.data if has_ended(found.data) else self._live(found)[0]

    def standing(self, found: Resource) -> tuple[Json, Standing]:
        """Its JSON, and how its tasks stand; of no task where that is not known."""
        if not has_ended(found.data):
            return self._live(found)
        tasks = found.kept.get("tasks")
        return found.data, unpacked(tasks) if tasks else Standing(tasks=())

    def look(self) -> None:
        """Keep how those have ended at which nobody looked."""
        for each in self._store.due(AGENDA, self._store.now()):
            if has_ended(self.shown(each)):
                continue
            with suppress(ApiError):  # it was deleted meanwhile
                self._store.change(each.name, partial(_again, due=self._store.now() + LOOK))

    def _live(self, found: Resource) -> tuple[Json, Standing]:
        standing = self._standing(found)
        if standing is None:
            return found.data, Standing(tasks=())
        data = standing_json(found, standing)
        if has_ended(data):
            self._keep(found, data, standing)
        return data, standing

    def _standing(self, found: Resource) -> Standing | None:
        """None while it is being started."""
        standing = self._engine.standing(found.id)
        now = self._store.now()
        if standing is None and now - found.created > _START:
            return unknown(found.data["taskCount"], now.timestamp(), _LOST)
        return standing

    def _keep(self, found: Resource, data: Json, standing: Standing) -> None:
        tasks = packed(standing)

        def ended(it: Resource) -> Resource | None:
            if has_ended(it.data):
                return None
            return replace(it, data=data, kept={**it.kept, "tasks": tasks}, agenda="", due=None)

        with suppress(ApiError):  # it was deleted meanwhile
            self._store.change(found.name, ended)


def _again(found: Resource, due: datetime) -> Resource | None:
    return None if has_ended(found.data) else replace(found, due=due)
