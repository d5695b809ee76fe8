"""Messages as Gmail's API gives them: who wrote, what about, and which files are in them.

mail: one message, as its resource says
part: one node of its MIME tree that has content: a text, a file, or a whole message
position: where a part stands in the tree, `1.2` for the third child of the second
file: a part that a person would call an attachment
"""

from __future__ import annotations

from common.google.gmail.encoding import BadMessage, decoded
from common.google.gmail.files import files_of
from common.google.gmail.mail import Mail, read_mail
from common.google.gmail.names import name_of, type_of
from common.google.gmail.opening import message_at, opened
from common.google.gmail.parts import MESSAGE, Part, parts_of

__all__ = [
    "MESSAGE",
    "Mail",
    "Part",
    # reading
    "decoded",
    "files_of",
    "message_at",
    "name_of",
    "opened",
    "parts_of",
    "read_mail",
    "type_of",
    # errors
    "BadMessage",
]
