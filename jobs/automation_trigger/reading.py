"""Reads a mailbox from its mark on, and starts what its messages start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from common.automations import Automation, Automations
from common.errors import InvalidInput
from common.google import GoogleError, NotFound
from common.google.gmail import BadMessage, Mail, read_mail
from common.integrations import NeedsReauth
from common.runtime import Retryable
from jobs.automation_trigger.matching import as_message, is_ours, query_of, starts

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.automation_trigger.mailbox import History, Mailbox
    from jobs.automation_trigger.mark import Mark
    from jobs.automation_trigger.report import Report

__all__ = ["AGE", "Reading"]

AGE = timedelta(days=7)
"""How old messages are looked at where the history is not known: far less than runs are kept, by
whose keys it is known that a message was handled."""
_INITIALIZER = "run-initializer"
_FAILED = 2
"""After so many failed attempts a message that alone fails is left out."""
_IN_A_ROW = 3
"""Messages that fail one after the other: then it is Gmail, and none of them."""


class Reading:
    """One pass over what is new in one mailbox."""

    def __init__(
        self,
        mailbox: Mailbox,
        mark: Mark,
        run: Context,
        report: Report,
        *,
        going_on: Callable[[], None],
    ) -> None:
        """`going_on` is called between messages."""
        self._mailbox, self._mark, self._run, self._report = mailbox, mark, run, report
        self._going_on = going_on
        self._in_a_row = 0

    def read(self) -> None:
        """Do all of it, and move the mark. Raises NeedsReauth, and Retryable."""
        mark = self._mark.read()
        try:
            history = None if mark is None else self._mailbox.since(mark)
            if history is not None:
                self._follow(history)
                return
        except NotFound:
            pass
        self._resync()

    def _follow(self, history: History) -> None:
        for page in history.pages if self._automations else ():
            self._each(page.ids)
            self._mark.advance(page.reaches)
        self._mark.advance(history.end)

    @cached_property
    def _automations(self) -> list[Automation]:
        """Read once it is known how far to look: what comes after one is made is not missed."""
        whose = self._mark.integration
        found = Automations(self._run.documents)
        return [*found.starting(tenant=whose.tenant, user=whose.user)]

    @cached_property
    def _labels(self) -> dict[str, str]:
        asked = any(each.trigger and each.trigger.label for each in self._automations)
        return self._mailbox.labels() if asked else {}

    @cached_property
    def _whole(self) -> bool:
        """Whether any trigger asks for more than headers tell."""
        triggers = [each.trigger for each in self._automations if each.trigger]
        return any(each.has_attachment or each.filenames for each in triggers)

    def _resync(self) -> None:
        """Look at all that came lately: Gmail has forgotten what happened, or nobody knew it."""
        self._report.resynced += 1
        reaches = self._mailbox.now  # before it is looked at: what comes meanwhile is not missed
        oldest = self._run.documents.now() - AGE
        ids = dict.fromkeys(id for each in self._automations for id in self._recent(each, oldest))
        self._each(reversed(ids))
        self._mark.advance(reaches)

    def _recent(self, automation: Automation, oldest: datetime) -> Iterator[str]:
        if (trigger := automation.trigger) is None:
            return
        since = max(oldest, automation.created or oldest)
        yield from self._mailbox.search(query_of(trigger, int(since.timestamp()) - 1))

    def _each(self, ids: Iterable[str]) -> None:
        for id in dict.fromkeys(ids):
            self._run.check()
            self._going_on()
            self._one(id)

    def _one(self, id: str) -> None:
        try:
            mail = read_mail(self._mailbox.message(id, whole=self._whole))
            message = as_message(mail, self._labels)
        except NotFound:  # it was deleted meanwhile
            return
        except NeedsReauth:
            raise
        except Retryable as error:
            self._failed(id, error)
        except (BadMessage, GoogleError) as error:
            self._report.trouble(id, error)
        else:
            self._in_a_row = 0
            self._report.messages += 1
            for automation in starts(self._automations, mail, message) if _came(mail) else ():
                self._start(automation, id)

    def _failed(self, id: str, error: Retryable) -> None:
        """One that fails each time must not keep the others for ever; if all do, it is Gmail."""
        self._in_a_row += 1
        failed = sum(each.outcome == "failed" for each in self._run.history)
        if failed < _FAILED or self._in_a_row == _IN_A_ROW:
            raise error
        self._report.trouble(id, error)

    def _start(self, automation: Automation, message: str) -> None:
        """Have a message handled by an automation, once, whoever comes with it again."""
        params = {"automation": automation.id, "messages": [message]}
        try:
            started = self._run.submit(
                _INITIALIZER,
                params,
                key=f"{automation.id}:{message}",
                tenant=self._mark.integration.tenant,
            )
        except InvalidInput as error:
            self._report.trouble(f"{message} for automation {automation.id}", error)
        else:
            self._report.started(started)


def _came(mail: Mail) -> bool:
    return is_ours(mail.labels)
