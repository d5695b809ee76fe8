"""A message itself as a file: as it came, or its text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from common.google.gmail import MESSAGE, Mail, Part, decoded, parts_of
from common.integrations.arrivals import safe_name
from jobs.gmail_import.found import Found

if TYPE_CHECKING:
    from jobs.gmail_import.mailbox import Mailbox
    from jobs.gmail_import.params import Body

__all__ = ["body_of"]

_ENDINGS = {"text/plain": ".txt", "text/html": ".html"}
_ORDER = {"html": ("text/html", "text/plain"), "text": ("text/plain", "text/html")}
_MARK = "\ufeff"
"""Says that a page is UTF-8, whatever it says of itself further on."""


def body_of(mail: Mail, form: Body, mailbox: Mailbox) -> Iterator[Found]:
    """The file, if one is asked for; where the text has not that form, it is in the other."""
    if form == "eml":
        content = partial(mailbox.raw, mail.id)
        yield _found(mail, "eml", ".eml", MESSAGE, content)
    elif form != "none":
        for part in _texts(mail, _ORDER[form])[:1]:
            ending = _ENDINGS[part.content_type]
            content = partial(_text, mail.id, part, mailbox)
            yield _found(mail, part.position, ending, part.content_type, content)


def _found(mail: Mail, position: str, ending: str, content_type: str, content: object) -> Found:
    name = safe_name(mail.subject[:100]) if mail.subject.strip(" .") else "message"
    return Found(
        position=f"body-{position}",
        name=name + ending,
        content_type=content_type,
        size=0,
        content=content,  # type: ignore[arg-type]
    )


def _texts(mail: Mail, order: tuple[str, ...]) -> list[Part]:
    texts = [part for part in parts_of(mail.payload) if _is_text(part)]
    return sorted(texts, key=lambda part: order.index(part.content_type))


def _is_text(part: Part) -> bool:
    is_file = part.filename or part.disposition == "attachment" or MESSAGE in part.within
    return part.content_type in _ENDINGS and not is_file


def _text(message: str, part: Part, mailbox: Mailbox) -> bytes:
    raw = (
        mailbox.attachment(message, part.attachment)
        if part.attachment and part.data is None
        else decoded(part.data or "")
    )
    return (_MARK * (part.content_type == "text/html") + _unicode(raw, part.charset)).encode()


def _unicode(raw: bytes, charset: str) -> str:
    """Gmail gives texts in UTF-8, whatever their headers say; not all of them."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode(charset or "latin-1", "replace")
    except LookupError:
        return raw.decode("latin-1")
