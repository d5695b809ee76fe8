"""Headers of a part: https://www.rfc-editor.org/rfc/rfc2183, names by RFC 2231 and RFC 2047.

The standard library's parser reads them, also those that keep to no standard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from email.message import EmailMessage
from typing import Any

__all__ = ["Headers", "plain"]

_LONGEST = 10_000
_DESCRIBING = {"content-type", "content-disposition", "content-id"}


class Headers:
    """Those of one part."""

    def __init__(self, given: object) -> None:
        """From `[{"name": …, "value": …}]`; what is not like that is left out."""
        self._values = [*_values(given)]

    def all(self, name: str) -> list[str]:
        """The values of each header of that name, as they came."""
        return [value for found, value in self._values if found == name.lower()]

    def one(self, name: str) -> str:
        """The first of them; empty without any."""
        return next(iter(self.all(name)), "")

    @property
    def filename(self) -> str:
        """What the sender called it; empty where that is not said."""
        return str(_asked(self._message(), EmailMessage.get_filename) or "")

    @property
    def disposition(self) -> str:
        """`attachment` or `inline`, or whatever is said; empty where nothing is."""
        return str(_asked(self._message(), EmailMessage.get_content_disposition) or "")

    @property
    def charset(self) -> str:
        """Of a text; empty where that is not said."""
        return str(_asked(self._message(), EmailMessage.get_content_charset) or "")

    @property
    def content_id(self) -> str:
        """By which a text refers to it, without angle brackets."""
        return self.one("content-id").strip().strip("<>")

    def _message(self) -> EmailMessage:
        message = EmailMessage()
        for name, value in self._values:
            if name in _DESCRIBING and name not in message:
                _set(message, name, value)
        return message


def plain(value: str) -> str:
    """A header's text without encoded words, on one line."""
    message = EmailMessage()
    _set(message, "subject", value)
    return " ".join(str(message.get("subject", value)).split())


def _values(given: object) -> Iterator[tuple[str, str]]:
    for each in given if isinstance(given, list) else ():
        name, value = _pair(each)
        if isinstance(name, str) and isinstance(value, str):
            yield name.lower(), value[:_LONGEST]


def _pair(each: object) -> tuple[Any, Any]:
    return (each.get("name"), each.get("value")) if isinstance(each, Mapping) else (None, None)


def _set(message: EmailMessage, name: str, value: str) -> None:
    with suppress(Exception):  # the library's parser fails in many ways on nonsense
        message[name] = " ".join(value.split())


def _asked(message: EmailMessage, question: Any) -> str | None:
    try:
        answer: str | None = question(message)
    except Exception:  # noqa: BLE001 - likewise, when it comes to look closer
        return None
    return answer
