"""Looks after the watch of one integration, by what Gmail answers."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from common.automations import Automations
from common.documents import Update
from common.errors import InvalidInput
from common.google import GoogleError, open_account
from common.google.gmail.watching import address_of, stop_watch, watch, watch_of
from common.integrations import COLLECTION, Integrations, NeedsReauth, Undecipherable
from common.integrations.integration import integration_of
from common.maintenance import Change
from common.runtime import Permanent, Retryable
from jobs.gmail_watch_renewal.judging import Todo, is_quiet, todo
from jobs.gmail_watch_renewal.params import GmailWatchRenewal, Trouble
from jobs.gmail_watch_renewal.topic import topic_of

if TYPE_CHECKING:
    from common.documents import Document
    from common.google import Account
    from common.integrations import Integration
    from common.maintenance import Upkeep
    from common.runtime import Context

__all__ = ["Keeper"]

_PATIENCE = 30.0
"""Seconds for a call with all its tries: there are others to look after."""
_IN_A_ROW = 4
"""Failures that may pass, one after the other: then it is Gmail, and no mailbox."""
_FAILED = 2
"""After so many failed attempts an integration that alone fails is left out."""
_TROUBLES = 20


class Keeper:
    """Of all integrations, one after the other; several threads may use it."""

    def __init__(self, params: GmailWatchRenewal, run: Context, upkeep: Upkeep) -> None:
        self._params, self._run, self._upkeep = params, run, upkeep
        self._integrations = Integrations(run.documents)
        self._lock = threading.Lock()
        self._in_a_row = 0
        self.troubles: list[Trouble] = []
        self.failures: list[Retryable] = []
        """What may pass, of the page that is gone through."""
        self.unread: dict[str, None] = {}
        """Accounts in which there may be what nobody was told of."""

    @cached_property
    def _topic(self) -> str:
        """Where nobody needs a watch nobody needs a topic."""
        return topic_of(self._params.topic)

    def todo(self, integration: Integration) -> Todo:
        """What is to be done about it."""
        if integration.provider != "google":
            return Todo.NOTHING
        whose = {"tenant": integration.tenant, "user": integration.user}
        is_needed = any(Automations(self._run.documents).starting(**whose))
        return todo(
            integration,
            is_needed=is_needed,
            topic=self._topic if is_needed else "",
            now=self._upkeep.as_of,
            within=timedelta(hours=self._params.within),
        )

    def step(self, document: Document) -> Change | None:
        """Do it, and return what is to be noted of it."""
        integration = integration_of(document)
        match self.todo(integration):
            case Todo.KEEP:
                self._kept(integration)
            case Todo.ASK:
                self._ask(integration, f"needs_reauth: {integration.why}")
            case Todo.RENEW:
                return self._do(integration, "renew")
            case Todo.STOP:
                return self._do(integration, "stop")
        return None

    def _kept(self, integration: Integration) -> None:
        self._upkeep.note(current_count=1)
        if is_quiet(integration, self._upkeep.as_of):
            self.unread[integration.account] = None

    def _ask(self, integration: Integration, why: object) -> None:
        self._upkeep.note(needs_reauth_count=1)
        self._trouble(integration, why)

    def _do(self, integration: Integration, what: str) -> Change | None:
        fields = {} if self._upkeep.dry_run else self._asked(integration, what)
        if fields is None:
            return None
        fields["updated"] = self._run.documents.now()
        return Change(
            writes=(Update(COLLECTION, integration.id, fields, integration.version),),
            counts={"renewed_count" if what == "renew" else "stopped_count": 1},
            line=_line(integration, what),
        )

    def _asked(self, integration: Integration, what: str) -> dict[str, Any] | None:
        """What Gmail's answer changes; None where there was no good one."""
        try:
            with self._account(integration) as account:
                done = self._renew if what == "renew" else self._stop
                fields = done(account, integration)
        except NeedsReauth as error:
            self._ask(integration, error)
        except Retryable as error:
            self._later(integration, error)
        except (GoogleError, Permanent, InvalidInput, Undecipherable) as error:
            self._refused(integration, error)
        else:
            self._in_a_row = 0
            return fields
        return None

    def _account(self, integration: Integration) -> Account:
        return open_account(
            self._run.documents,
            tenant=integration.tenant,
            user=integration.user,
            check=self._run.check,
            deadline=self._run.deadline,
            patience=_PATIENCE,
            integrations=self._integrations,
        )

    def _renew(self, account: Account, integration: Integration) -> dict[str, Any]:
        known = watch_of(integration)
        if known and known.topic not in {"", self._topic}:
            stop_watch(account)  # Gmail publishes to one topic only
        until = watch(account, self._topic)
        fields: dict[str, Any] = {}
        if not integration.account:  # by which whoever is notified finds it
            fields["account"] = address_of(account)
        self.unread[integration.account or fields["account"]] = None
        kept = {**(integration.watch or {}), "expires": until.isoformat(), "topic": self._topic}
        return {**fields, "watch": kept}

    def _stop(self, account: Account, integration: Integration) -> dict[str, Any]:
        stop_watch(account)
        kept = dict(integration.watch or {})
        return {"watch": {name: kept[name] for name in kept if name not in {"expires", "topic"}}}

    def _later(self, integration: Integration, error: Retryable) -> None:
        """One that fails each time must not keep the others for ever; if all do, it is Gmail."""
        with self._lock:
            self._in_a_row += 1
            if self._in_a_row >= _IN_A_ROW:
                raise error
        failed = sum(each.outcome == "failed" for each in self._run.history)
        if failed < _FAILED:
            self.failures.append(error)
        else:
            self._refused(integration, error)

    def _refused(self, integration: Integration, error: Exception) -> None:
        self._upkeep.note(failed_count=1)
        self._trouble(integration, error)

    def _trouble(self, integration: Integration, why: object) -> None:
        reason = str(why).rstrip(".")[:300]
        self._run.log.warning(f"{integration.id} is left: {reason}.", action="watch-left")
        with self._lock:
            self.troubles.append(Trouble(integration=integration.id, reason=reason))
            del self.troubles[_TROUBLES:]


def _line(integration: Integration, what: str) -> str:
    known = watch_of(integration)
    until = f"which ends at {known.until:%F %T} UTC" if known else "of which there is none yet"
    who = f"{integration.user}{f' of {integration.tenant}' if integration.tenant else ''}"
    return f"{what.title()} the watch of {who}, {until}."
