"""Which messages start an automation.

A message's sender is what its From header claims; whoever must know writes a trigger that asks for
a label which a filter of theirs sets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import getaddresses
from fnmatch import fnmatchcase

from common.errors import InvalidInput

__all__ = ["Message", "Trigger"]

_MOST, _LONGEST = 50, 200
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What is known of a message before its attachments are fetched."""

    sender: str = ""
    """Its From header."""
    subject: str = ""
    text: str = ""
    """Its snippet, or as much of its body as is known."""
    labels: tuple[str, ...] = ()
    """Ids and names of its labels, as Gmail has them."""
    attachments: tuple[str, ...] = ()
    """The names of its files."""
    id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trigger:
    """Rules that a message must meet, all that are given; within one, any of its values does."""

    senders: tuple[str, ...] = ()
    """Addresses, or domains as `@example.com` with all below it; case is all one."""
    subject: str = ""
    """Words, all of which its subject has."""
    query: str = ""
    """Words, all of which its subject, text or sender has."""
    has_attachment: bool = True
    label: str = ""
    """A label's id or name."""
    filenames: tuple[str, ...] = ()
    """Patterns such as `*.pdf`, one of which the name of one of its files matches."""

    def __post_init__(self) -> None:
        values = (*self.senders, *self.filenames, self.subject, self.query, self.label)
        if len(values) > _MOST or max(map(len, values)) > _LONGEST:
            raise InvalidInput(f"A trigger has up to {_MOST} values of {_LONGEST} characters each.")
        for sender in self.senders:
            if not re.fullmatch(r"[^\s@]*@[^\s@]+", sender):
                raise InvalidInput(f"{sender!r} is neither an address nor a domain (@example.com).")

    def matches(self, message: Message) -> bool:
        """Whether a message starts it."""
        return (
            (not self.senders or _is_from(message.sender, self.senders))
            and _words(self.subject) <= _words(message.subject)
            and _words(self.query) <= _words(message.subject, message.text, message.sender)
            and (bool(message.attachments) or not self.has_attachment)
            and (not self.label or _folded(self.label) in map(_folded, message.labels))
            and (not self.filenames or _any_like(message.attachments, self.filenames))
        )


def _is_from(header: str, senders: Iterable[str]) -> bool:
    """By the address, never by the name beside it; a header that has several is nobody's."""
    found = [address for _, address in getaddresses([header]) if address]
    if len(found) != 1 or found[0].count("@") != 1:
        return False
    address = _folded(found[0])
    return any(_is_of(address, _folded(sender)) for sender in senders)


def _is_of(address: str, sender: str) -> bool:
    if not sender.startswith("@"):
        return address == sender
    domain = address.partition("@")[2]
    return domain == sender[1:] or domain.endswith(f".{sender[1:]}")


def _words(*texts: str) -> set[str]:
    return {word for text in texts for word in _WORD.findall(_folded(text))}


def _any_like(names: Iterable[str], patterns: Iterable[str]) -> bool:
    wanted = [_folded(pattern) for pattern in patterns]
    return any(fnmatchcase(_folded(name), pattern) for name in names for pattern in wanted)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
