"""How far a run has come: what its checkpoint says, for the attempt after a kill to go on from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from common.documents import Document, Query
from common.documents import json as store_json

__all__ = ["DONE", "Course"]

DONE = "done"
"""In place of a cursor: there is nothing behind it."""
_LINES, _LINE = 100, 300
"""How many lines of a dry run are kept, and characters of each."""


@dataclass(kw_only=True, slots=True)
class Course:
    """As of the last page that is done."""

    as_of: datetime
    """By what time all is judged, however often the run is tried."""
    cursors: dict[str, str] = field(default_factory=dict)
    """Of each stage, the last document that was gone past, as JSON; DONE where that was all."""
    going: dict[str, int] = field(default_factory=dict)
    """What the guard has let pass, by what it is."""
    counts: Counter[str] = field(default_factory=Counter)
    """Of what left no trace in a tally."""
    lines: list[str] = field(default_factory=list)
    """What a dry run would do."""
    line_count: int = 0
    end: dict[str, int] | None = None
    """All counts, once all is done."""

    def is_done(self, stage: str) -> bool:
        """Whether the stage has been gone through."""
        return self.cursors.get(stage) == DONE

    def cursor(self, stage: str, query: Query) -> Document | None:
        """Where to go on."""
        text = self.cursors.get(stage)
        if text is None:
            return None
        data = store_json.decode(text)
        return Document(query.collection, data["id"], data["values"], "", "")

    def passed(self, stage: str, last: Document, query: Query) -> None:
        """All up to this document is done."""
        names = [entry.removeprefix("-") for entry in query.ordering]
        values = {name: last.data[name] for name in names}
        self.cursors[stage] = store_json.encode({"id": last.id, "values": values})

    def told(self, line: str) -> None:
        """Something that would be done."""
        self.line_count += 1
        if len(self.lines) < _LINES:
            self.lines.append(line[:_LINE])

    def to_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        return {
            "as_of": self.as_of.isoformat(),
            "cursors": self.cursors,
            "going": self.going,
            "counts": dict(self.counts),
            "lines": self.lines,
            "line_count": self.line_count,
            "end": self.end,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Course:
        """That of an earlier attempt."""
        rest = {**data, "as_of": datetime.fromisoformat(data["as_of"])}
        return cls(**{**rest, "counts": Counter(data["counts"])})
