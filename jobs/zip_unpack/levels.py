"""Archives within archives: which there are, and that all of it together keeps to the limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from jobs.zip_unpack.checks import Limits
from jobs.zip_unpack.errors import BadArchive
from jobs.zip_unpack.names import Paths
from jobs.zip_unpack.plan import Member, Plan, Skipped
from jobs.zip_unpack.segments import Outcome

__all__ = ["Level", "Total", "Unpacked"]

_ENDING = ".zip"
_ARCHIVES = 1_000
"""That may be within the one that was asked for: each takes threads and notes of its own."""
_RATIO_FROM = 16 << 20
"""Bytes up to which all of it may be any number of times what is packed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """One archive that is to be unpacked."""

    name: str
    """What errors call it."""
    key: str
    """Names it in notes."""
    depth: int
    """0 for the one that was asked for."""
    below: str = ""
    """What the paths of its members begin with, below the destination."""
    path: str = ""
    """Where it is below the destination, if it is within another."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unpacked:
    """A member that is staged."""

    member: Member
    sha256: str
    within: str
    """The path of the archive that it was in, if that was in another."""


@dataclass(kw_only=True, slots=True)
class Total:
    """All that came of all archives so far."""

    limits: Limits
    archive: int = 0
    """Bytes of the one that was asked for."""
    files: list[Unpacked] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    bytes: int = 0
    """That were planned to be unpacked."""
    members: int = 0
    archives: int = 0
    """Within the one that was asked for."""
    paths: Paths = field(default_factory=Paths)
    """Of the files, where archives within are unpacked too."""

    @property
    def left(self) -> Limits:
        """What the next archive may hold."""
        return replace(self.limits, files=self.limits.files - self.members)

    def planned(self, plan: Plan, name: str) -> None:
        """Count what an archive holds. Raises BadArchive where it is too much, by then."""
        total, limits = self.bytes + plan.bytes, self.limits
        if total > limits.bytes:
            raise BadArchive(name, f"there are {total:,} bytes in it, of at most {limits.bytes:,}")
        if total > _RATIO_FROM and total > self.archive * limits.ratio:
            why = f"{self.archive:,} bytes hold {total:,}: a bomb, by the limit {limits.ratio:g}"
            raise BadArchive(name, why)
        self.members += len(plan.members)
        self.bytes = total
        self.skipped += plan.skipped

    def deeper(self, level: Level, found: list[Unpacked], deepest: int) -> list[Level]:
        """The archives among what was found, whose members must keep clear of all of it. Raises
        BadArchive for too many."""
        for one in found:
            self.paths.add(0, one.member.path)
        levels = [*_nested_in(level, found)] if level.depth < deepest else []
        self.archives += len(levels)
        if self.archives > _ARCHIVES:
            raise BadArchive(level.name, f"there are more than {_ARCHIVES:,} archives within it")
        return levels

    def add(self, level: Level, plan: Plan, outcomes: dict[int, Outcome]) -> list[Unpacked]:
        """What became of an archive's members; returns those that are staged, in order."""
        sha256: dict[int, str] = {}
        bad: dict[int, str] = {}
        for outcome in outcomes.values():
            sha256 |= outcome.sha256
            bad |= outcome.bad
        found = [
            Unpacked(member=plan.members[number], sha256=sha256[number], within=level.path)
            for number in sorted(sha256)
        ]
        self.files += found
        self.skipped += [
            Skipped(plan.members[number].entry.name, why) for number, why in sorted(bad.items())
        ]
        return found


def _nested_in(level: Level, found: list[Unpacked]) -> Iterator[Level]:
    """The archives among the members of another, each to be unpacked beside itself."""
    for number, one in enumerate(found):
        path = one.member.path
        if path.lower().endswith(_ENDING) and not path.lower().endswith(f"/{_ENDING}"):
            yield Level(
                name=f"{level.name}, within it {path!r}",
                key=f"{level.key}-{number}",
                depth=level.depth + 1,
                below=path[: -len(_ENDING)] + "/",
                path=path,
            )
