"""Schemas as extraction takes them, of which this job knows only where they are."""

from __future__ import annotations

from typing import Any

__all__ = ["check_form", "is_place"]


def is_place(form: Any) -> bool:
    """Whether it says where the schema is, and not what it is."""
    is_text = isinstance(form, str) and form.lstrip()[:1] not in {"{", "["}
    return is_text and ("/" in form or form.endswith(".json"))


def check_form(form: Any) -> None:
    """Raise InvalidInput for what extraction would refuse."""
    from common.runtime.discover import find_job

    find_job("extraction").validate({"source": "x", "schema": form})
