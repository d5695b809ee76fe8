"""Which automations a message starts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from common.automations import Message
from common.google.gmail import files_of, name_of, parts_of

if TYPE_CHECKING:
    from common.automations import Automation, Trigger
    from common.google.gmail import Mail

__all__ = ["as_message", "is_ours", "query_of", "starts"]

_NOT_OURS = {"DRAFT", "SPAM", "TRASH", "CHAT"}


def is_ours(labels: Collection[str]) -> bool:
    """Whether a message is one that came: no draft, no spam, and sent by the user to himself at
    most."""
    if _NOT_OURS & {*labels}:
        return False
    return "SENT" not in labels or "INBOX" in labels


def as_message(mail: Mail, labels: Mapping[str, str]) -> Message:
    """What a trigger looks at; `labels` are the names of labels by their ids."""
    names = (labels[id] for id in mail.labels if id in labels)
    files = files_of(parts_of(mail.payload))
    return Message(
        id=mail.id,
        sender=mail.sender,
        subject=mail.subject,
        text=mail.snippet,
        labels=(*mail.labels, *names),
        attachments=tuple(map(name_of, files)),
    )


def starts(automations: Iterable[Automation], mail: Mail, message: Message) -> list[Automation]:
    """Those that a message starts: it came after they were made, and their trigger matches."""
    return [
        each
        for each in automations
        if each.trigger is not None
        and (each.created is None or mail.date >= each.created)
        and each.trigger.matches(message)
    ]


def query_of(trigger: Trigger, since: int) -> str:
    """A search that finds what a trigger may match, and more, since so many seconds after 1970."""
    terms = [f"after:{since}"]
    if trigger.has_attachment or trigger.filenames:
        terms.append("has:attachment")
    if trigger.senders:
        senders = " ".join(f'from:"{_plain(each).removeprefix("@")}"' for each in trigger.senders)
        terms.append(f"{{{senders}}}")
    return " ".join(terms)


def _plain(text: str) -> str:
    return text.replace('"', "")
