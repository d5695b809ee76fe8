"""How one of Google's APIs has resources of one kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from common.deploy.api import Api

__all__ = ["Kind"]

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """Where they are, how they are made and changed, and which of them are ours."""

    title: str
    service: str
    version: str
    collection: str
    """As paths have it: jobs."""
    id_field: str = ""
    """The parameter that names a new one; none where the resource says it itself."""
    by_mask: bool = False
    """Whether an update says which fields it means; else it replaces all of the resource."""
    is_ours: Callable[[Json], bool] | None = None
    """Whether it carries our mark; None where nothing can be marked and the name alone says so."""
    adopt: str = ""
    """The command that marks {name} as ours."""
    in_use: Callable[[Api, str], str] | None = None
    """Why one may not be deleted just now; empty where it may."""
