"""What is to be done, a step for each resource."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from common.deploy.compare import Change

__all__ = ["CREATE", "DELETE", "KEEP", "LEFT", "UPDATE", "Part", "Plan", "Step", "shown"]

CREATE, UPDATE, DELETE, KEEP, LEFT = "create", "update", "delete", "keep", "left"
"""What is done about a resource. Left: it is ours and no longer declared, and may be deleted."""

_LONGEST = 100


def _nothing() -> None:
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One resource."""

    action: str
    kind: str
    """Such as Cloud Run job."""
    name: str
    """The last part of its name, or what else tells it from others."""
    changes: Sequence[Change] = ()
    do: Callable[[], object] = field(default=_nothing, repr=False, compare=False)
    """May be called again when it is not known whether it was done."""

    @property
    def is_work(self) -> bool:
        """Whether there is something to do."""
        return self.action not in {KEEP, LEFT}

    def lines(self, *, width: int = 0) -> Iterator[str]:
        """For people: what is done, and in which fields."""
        yield f"{self.action:<6}  {self.kind:<{width}}  {self.name}{_note(self)}"
        for change in self.changes:
            yield f"          {change.field}: {shown(change.old)} -> {shown(change.new)}"

    def json(self) -> dict[str, Any]:
        """For programs."""
        changes = [{"field": it.field, "old": it.old, "new": it.new} for it in self.changes]
        return {"action": self.action, "kind": self.kind, "name": self.name, "changes": changes}


class Part(Protocol):
    """Resources of a kind: what is to be done about them."""

    def steps(self, *, prune: bool) -> Iterable[Step]:
        """Those that bring about what is wanted; nothing is changed yet."""

    def settle(self) -> None:
        """Wait until what was begun is there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """All steps."""

    steps: list[Step]

    @property
    def work(self) -> list[Step]:
        """Those that do something."""
        return [step for step in self.steps if step.is_work]

    def lines(self) -> Iterator[str]:
        """For people: each resource that changes, and how; then the counts."""
        width = max((len(step.kind) for step in self.steps if step.action != KEEP), default=0)
        for step in self.steps:
            if step.action != KEEP:
                yield from step.lines(width=width)
        yield f"{self.counts()}."

    def counts(self, *, done: bool = False) -> str:
        """Like 2 to create, 1 to update, 0 to delete, 40 as they shall be; or 2 created, ..."""
        actions = [step.action for step in self.steps]
        work = (
            f"{actions.count(it)} {f'{it}d' if done else f'to {it}'}"
            for it in (CREATE, UPDATE, DELETE)
        )
        return f"{', '.join(work)}, {actions.count(KEEP)} as they shall be"

    def json(self) -> list[dict[str, Any]]:
        """For programs."""
        return [step.json() for step in self.steps]


def shown(value: Any) -> str:
    """A value on a line."""
    text = "none" if value is None else value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _note(step: Step) -> str:
    return " is no longer declared: --prune deletes it" if step.action == LEFT else ""
