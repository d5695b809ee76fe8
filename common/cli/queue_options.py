"""What can be said of a queue on the command line."""

from __future__ import annotations

import re
from typing import Any

import click

__all__ = ["NONE", "LimitType", "queue_name", "tenant_weights"]

NONE = "none"
_NAME = re.compile(r"[A-Za-z0-9-]{1,100}")
_WEIGHT = re.compile(r"[1-9][0-9]?|100")


class LimitType(click.ParamType[Any]):
    """A number above 0, or none for no limit."""

    name = "N|none"

    def __init__(self, kind: type[int | float]) -> None:
        self._kind = kind

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> float | str:
        """Read it."""
        if value == NONE:
            return value
        try:
            return self._kind(value)
        except ValueError:
            self.fail(f"{value!r} is neither a number nor none.", param, ctx)


def queue_name(_ctx: click.Context, _param: click.Parameter, name: str | None) -> str | None:
    """A queue's name, or what is wrong with it."""
    if name is not None and not _NAME.fullmatch(name):
        raise click.BadParameter("A queue's name is letters, digits and dashes, at most 100.")
    return name


def tenant_weights(_ctx: object, _param: object, said: tuple[str, ...]) -> dict[str, int]:
    """Weights by tenant, of acme=3 and the like."""
    found: dict[str, int] = {}
    for each in said:
        tenant, _, weight = each.rpartition("=")
        if not tenant or not _WEIGHT.fullmatch(weight):
            raise click.BadParameter(f"{each!r} is not like acme=3, from 1 to 100.")
        found[tenant] = int(weight)
    return found
