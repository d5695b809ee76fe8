"""An archive, and those within it, on their way to the stage."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from common.blobs import Stage
from common.runtime import Context
from jobs.zip_unpack.archive import Archive, open_all
from jobs.zip_unpack.checks import Limits
from jobs.zip_unpack.crew import Crew
from jobs.zip_unpack.errors import BadArchive
from jobs.zip_unpack.levels import Level, Total
from jobs.zip_unpack.params import ZipUnpack
from jobs.zip_unpack.plan import Plan, Skipped, make_plan
from jobs.zip_unpack.segments import segments
from jobs.zip_unpack.share import Share
from jobs.zip_unpack.staging import Staging

__all__ = ["OthersGoOn", "Unpacking"]

_LOOK = 0.2
_WAIT = 60.0
"""Seconds for which the others that share the archive are waited for."""
_STAGED = 0.95
"""How far it has come when all is staged."""


class OthersGoOn(Exception):
    """Raised when all that is left is in the hands of others, who will see to the end of it."""


class Unpacking:
    """How far it has come."""

    def __init__(
        self,
        params: ZipUnpack,
        run: Context,
        stage: Stage,
        root: str,
        is_over: Callable[[], bool],
    ) -> None:
        """`root` is what the paths of all members begin with; `is_over` tells whether another task
        has seen to the end of it meanwhile."""
        self._params, self._run, self._stage, self._root = params, run, stage, root
        self._is_over = is_over
        self._skip = params.on_bad == "skip"
        limits = Limits(
            files=params.max_files,
            bytes=params.max_bytes,
            member_bytes=params.max_member_bytes,
            ratio=params.max_ratio,
        )
        self.total = Total(limits=limits)

    def all(self, archive: Archive, size: int) -> Total:
        """Stage all its members, and those of the archives within it as deep as was asked for.

        `size` is the archive's. Raises BadArchive, OthersGoOn.
        """
        self.total.archive = size
        waiting = self._one(Level(name=archive.name, key=archive.key, depth=0), archive)
        while waiting:
            waiting += self._nested(waiting.pop(0), len(archive.readers))
        return self.total

    def _nested(self, level: Level, readers: int) -> list[Level]:
        """One within another; what is no archive, though it is called so, is a bad member."""
        with ExitStack() as stack:
            opened = open_all(partial(self._stage.open, self._root + level.path), readers, stack)
            try:
                return self._one(level, Archive(name=level.name, key=level.key, readers=opened))
            except BadArchive as error:
                if not self._skip:
                    raise
                self.total.skipped.append(Skipped(f"{level.path}/", error.clause))
                return []

    def _one(self, level: Level, archive: Archive) -> list[Level]:
        """Stage the members of an archive; returns which of them are archives to go on with."""
        plan = make_plan(
            archive.readers[0],
            archive.name,
            self.total.left,
            skip=self._skip,
            root=self._root,
            below=level.below,
            taken=self.total.paths,
        )
        self.total.planned(plan, archive.name)
        share = self._share(plan, level)
        self._work(archive, plan, share)
        found = self.total.add(level, plan, share.done)
        return self.total.deeper(level, found, self._params.nested) if self._params.nested else []

    def _share(self, plan: Plan, level: Level) -> Share:
        part = self._run.part
        return Share(
            self._stage,
            level.key,
            segments(plan.members),
            part=part.index,
            parts=part.count,
        )

    def _work(self, archive: Archive, plan: Plan, share: Share) -> None:
        staging = Staging(
            stage=self._stage,
            archive=archive.name,
            root=self._root,
            skip=self._skip,
        )
        waited, before = 0.0, share.bytes
        with Crew(staging.work, archive.readers) as crew:
            while not share.is_over:
                waited = self._wait(waited) if self._feed(crew, share) else 0.0
                if ended := crew.take(_LOOK):
                    share.ended(*ended)
                self._tell(plan, max(share.bytes, before + crew.bytes))
        share.note()

    def _feed(self, crew: Crew, share: Share) -> bool:
        """Give the crew something to do; whether there is nothing but what others have in hand."""
        while not crew.is_full and (segment := share.next()):
            crew.give(segment)
        return share.others_are_busy

    def _wait(self, waited: float) -> float:
        """Wait for the others, within bounds; the seconds for which it has waited."""
        if self._is_over() or waited >= _WAIT:
            raise OthersGoOn
        began = time.monotonic()
        self._run.sleep(_LOOK)
        return waited + time.monotonic() - began

    def _tell(self, plan: Plan, done: int) -> None:
        part = done / plan.bytes if plan.bytes else 1.0
        self._run.progress(_STAGED * min(1.0, part), f"Unpacking {len(plan.members):,} members")
