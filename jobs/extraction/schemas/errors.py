"""What is wrong with a schema."""

from __future__ import annotations

from common.errors import InvalidInput

__all__ = ["BadSchema", "refuse"]


class BadSchema(InvalidInput):
    """Raised when what was given is no schema, or one that asks for what cannot be extracted."""


def refuse(where: str, why: str) -> BadSchema:
    """The error that names the part of the schema, such as `items.price`, and what is wrong."""
    return BadSchema(f"The schema, at {where}: {why}." if where else f"The schema: {why}.")
