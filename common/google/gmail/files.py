"""Which parts of a message a person would call its attachments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from common.google.gmail.encoding import BadMessage, decoded
from common.google.gmail.parts import MESSAGE, Part

__all__ = ["files_of", "is_shown"]

_TEXTS = {"text/plain", "text/html"}
_MACHINES = {
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-signature",
    "application/pgp-keys",
    "application/applefile",
    "message/delivery-status",
    "message/disposition-notification",
    "text/rfc822-headers",
}
"""What mail programs add for one another."""


def files_of(parts: Sequence[Part], *, inline: bool = False) -> list[Part]:
    """The files among the parts, and the messages that were attached.

    Pictures that a text shows, such as a logo in a signature, are left out, unless `inline`.
    """
    texts = "".join(_references(parts))
    return [
        part
        for part in parts
        if _is_file(part) and (inline or not is_shown(part, texts)) and not _is_noise(part)
    ]


def is_shown(part: Part, texts: str) -> bool:
    """Whether a part is a picture that one of the texts (HTML) shows where it stands."""
    if not part.content_type.startswith("image/"):
        return False
    if part.content_id and f"cid:{part.content_id}" in texts:
        return True
    related = part.within[-1:] == ("multipart/related",)
    return related and part.disposition != "attachment"


def _is_file(part: Part) -> bool:
    if part.content_type == MESSAGE or part.filename or part.disposition == "attachment":
        return True
    is_another = part.within[-1:] == ("multipart/alternative",)  # way to say what the text says
    return part.content_type not in _TEXTS and not is_another


def _is_noise(part: Part) -> bool:
    return part.content_type in _MACHINES


def _references(parts: Iterable[Part]) -> Iterable[str]:
    for part in parts:
        if part.content_type == "text/html" and part.data:
            try:
                yield decoded(part.data).decode(errors="replace")
            except BadMessage:  # it is told where the text itself is wanted
                continue
