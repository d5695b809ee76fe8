"""Which way a param says the schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jobs.extraction.schema import Schema
from jobs.extraction.schemas.builtin import builtin, builtins
from jobs.extraction.schemas.parse import parse, parse_text

__all__ = ["Form", "is_place", "read_form"]

Form = str | Mapping[str, Any] | Sequence[Any]
"""A name, JSON text, a place; or the JSON itself."""


def is_place(form: Form) -> bool:
    """Whether it says where the schema is, and not what it is."""
    if not isinstance(form, str) or _is_inline(form) or form in builtins():
        return False
    return "/" in form or form.endswith(".json")


def read_form(form: Form, fetch: Callable[[str], str]) -> Schema:
    """The schema, wherever it is; `fetch` reads the text of a place. Raises BadSchema."""
    if not isinstance(form, str):
        return parse(json.loads(json.dumps(form)))
    if is_place(form):
        return parse_text(fetch(form))
    return parse_text(form) if _is_inline(form) else builtin(form)


def _is_inline(text: str) -> bool:
    return text.lstrip()[:1] in {"{", "["}
