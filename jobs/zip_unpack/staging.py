"""A segment's members put on the stage."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from common.blobs import Stage, StageRemoved
from jobs.zip_unpack.errors import BadMember
from jobs.zip_unpack.inflate import Content
from jobs.zip_unpack.plan import Member
from jobs.zip_unpack.segments import Outcome, Segment
from jobs.zip_unpack.small import unpack_small

__all__ = ["Staging"]

_TRIES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Staging:
    """How the members of one archive are staged."""

    stage: Stage
    archive: str
    """What errors call it."""
    root: str
    """Of the paths of the members: the destination, with a slash, or nothing."""
    skip: bool
    """Whether bad members are left out, or end it all."""

    def work(self, segment: Segment, reader: BinaryIO, told: Callable[[int], None]) -> Outcome:
        """Stage a segment. Raises BadMember, unless such are skipped."""
        outcome = Outcome()
        for number, member in enumerate(segment.members, segment.first):
            try:
                outcome.sha256[number] = self._stage(member, reader, told)
            except BadMember as error:
                if not self.skip:
                    raise
                outcome.bad[number] = error.reason
        return outcome

    def _stage(self, member: Member, reader: BinaryIO, told: Callable[[int], None]) -> str:
        """Again where another task, which refuses the archive, removes the stage meanwhile: why it
        does so is to be seen there soon."""
        for _ in range(_TRIES - 1):
            with suppress(StageRemoved):
                return self._staged(member, reader, told)
        return self._staged(member, reader, told)

    def _staged(self, member: Member, reader: BinaryIO, told: Callable[[int], None]) -> str:
        path = self.root + member.path
        small = unpack_small(reader, member)
        if small is not None:
            told(len(small))
            self.stage.write(path, small)
            return hashlib.sha256(small).hexdigest()
        content = Content(reader, member, self.archive, told)
        self.stage.write(path, content)
        return content.sha256
