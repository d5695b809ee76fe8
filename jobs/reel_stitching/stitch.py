"""From params to a reel: every clip looked at, made alike where they are not, joined, and kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from common.errors import InvalidInput
from common.media.ffmpeg import executable
from jobs.reel_stitching.looking import BadClip, looked_at
from jobs.reel_stitching.making import Making
from jobs.reel_stitching.params import Reel, ReelParams, Skipped
from jobs.reel_stitching.parts import Parts
from jobs.reel_stitching.sources import Copies, named

if TYPE_CHECKING:
    from common.runtime import Context

__all__ = ["BadClips", "stitch"]


class BadClips(InvalidInput):
    """Raised when clips are broken or empty, and names all of them that are known by then."""

    def __init__(self, bad: list[BadClip], *, others: bool) -> None:
        """`others`: whether there are clips that can be used."""
        told = "; ".join(f"{one.named}: {one.why}" for one in bad)
        super().__init__(
            f"The reel cannot be made of {told}. Replace what is broken"
            f"{', or leave it out with on_bad=skip' if others else ''}."
        )
        self.bad = bad


def stitch(params: ReelParams, run: Context) -> Reel:
    """Join the clips into one reel, and keep it with a picture of it as blobs."""
    copies, parts = Copies(run), Parts(run)
    with ThreadPoolExecutor(1) as beside:
        # To find out whether it works takes as long as to look at dozens of clips.
        beside.submit(executable)
        sources = named(params, run)
        run.progress(0.01, f"Looking at {len(sources)} clips")
        looks, bad = looked_at(sources, copies, run)
    while True:
        if bad and (params.on_bad == "fail" or not looks):
            raise BadClips(bad, others=bool(looks))
        for one in bad:
            run.log.warning(f"The reel goes without {one.named}: {one.why}.", action="clip-skipped")
        skipped = [Skipped(source=one.source.uri, why=one.why) for one in bad]
        try:
            return Making(looks, params, copies=copies, parts=parts, run=run).reel(skipped)
        except BadClip as error:  # as only decoding it could show
            bad = sorted([*bad, error], key=lambda one: one.number)
            looks = [look for look in looks if look.number != error.number]
