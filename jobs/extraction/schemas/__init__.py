"""Schemas as people write them: a built-in's name, a list of fields, or a JSON Schema.

name       one of those that lie here as JSON files, such as invoice
inline     JSON text, or plain data: a list of fields, an object with `fields`, or a JSON Schema
place      where a JSON file is that says one of these
"""

from __future__ import annotations

from jobs.extraction.schemas.builtin import builtin, builtins
from jobs.extraction.schemas.errors import BadSchema
from jobs.extraction.schemas.form import Form, is_place, read_form
from jobs.extraction.schemas.parse import parse, parse_text
from jobs.extraction.schemas.write import written

__all__ = [
    # reading
    "BadSchema",
    "Form",
    "builtin",
    "builtins",
    "is_place",
    "parse",
    "parse_text",
    "read_form",
    # writing
    "written",
]
