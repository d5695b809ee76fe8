"""Messages as mail programs write them."""

from __future__ import annotations

from email.message import EmailMessage
from email.mime.base import MIMEBase
from typing import Any

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 8
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def message(
    *files: tuple[str, bytes] | tuple[str, bytes, str],
    subject: str = "Your invoice",
    sender: str = "Shop <billing@shop.example>",
    text: str = "Please find it attached.",
    html: str = "",
    **headers: str,
) -> EmailMessage:
    """One with files, each a name, its content, and a type that is application/pdf unless said."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "ann@example.com", subject
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    for name, content, *kind in files:
        main, _, sub = (kind[0] if kind else "application/pdf").partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return made


def forwarding(inner: EmailMessage, **said: Any) -> EmailMessage:
    """One to which another is attached as it came."""
    made = message(subject="Fwd", text="See attached.", **said)
    made.add_attachment(inner)
    return made


def picture(content: bytes, *, cid: str, disposition: str = "inline") -> MIMEBase:
    """A picture that a text may show."""
    part = MIMEBase("image", "png")
    part.set_payload(content)
    part["Content-ID"] = f"<{cid}>"
    part["Content-Disposition"] = f'{disposition}; filename="logo.png"'
    return part


def raw(*lines: str, body: bytes = b"") -> bytes:
    """A message in just these lines, however wrong they are."""
    return "\r\n".join(lines).encode() + b"\r\n" + body
