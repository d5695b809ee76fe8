"""The pictures of clips made alike, several side by side, and the films of their cross-fades.

Of a clip that fades into its neighbours only what it has for itself is a part of the reel; its
first and last frames are kept without loss until those of its neighbour are there, and then faded.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from common.media import ass
from common.media.crew import Crew, Task
from common.media.inputs import reading
from jobs.reel_stitching.looking import BadClip
from jobs.reel_stitching.parts import Parts, key_of
from jobs.reel_stitching.picture import ENCODED, LOSSLESS, crossed, encoded, filters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from common.media.ffmpeg import FfmpegFailed
    from common.runtime import Context
    from jobs.reel_stitching.shape import Shape
    from jobs.reel_stitching.sources import Copies
    from jobs.reel_stitching.timeline import Cut

__all__ = ["Normalising"]

MOST_WRONG = "0.1"
"""The share of a clip's frames that a decoder may stumble at."""


@dataclass(kw_only=True, slots=True)
class _Clip:
    """What is to be made of one clip."""

    index: int
    cut: Cut
    chain: list[str]
    """The filters that make its frames."""
    script: str
    """What is written over it."""
    key: str
    """Of the part that is its own."""
    fade: str = ""
    """The key of the part in which it becomes the next; none where it does not."""
    made: int = 0
    """Frames, so far."""
    finished: bool = False


class Normalising:
    """All that is to be encoded of a reel's picture."""

    def __init__(  # noqa: PLR0913
        self,
        cuts: Sequence[Cut],
        scripts: Sequence[str],
        shape: Shape,
        fit: str,
        *,
        parts: Parts,
        copies: Copies,
        run: Context,
        told: Callable[[], None],
    ) -> None:
        """`told` is called whenever `frames` has changed."""
        self.shape, self.parts, self.warnings = shape, parts, list[str]()
        self._copies, self._run, self._told = copies, run, told
        self._clips = [
            _clip(index, cut, script, filters(cut.look, shape, fit, cut.frames))
            for index, (cut, script) in enumerate(zip(cuts, scripts, strict=True))
        ]
        for one, two in zip(self._clips, self._clips[1:], strict=False):
            if one.cut.after:
                one.fade = key_of(one.key, two.key, one.cut.after)
        self._todo = [clip for clip in self._clips if self._lacking(clip)]

    @property
    def keys(self) -> list[str]:
        """Of all parts, in the order of the reel."""
        return [key for clip in self._clips for key in (clip.key, clip.fade) if key]

    @property
    def frames(self) -> tuple[int, int]:
        """How many this attempt has made, and how many it has to make in all."""
        return sum(clip.made for clip in self._todo), sum(clip.cut.frames for clip in self._todo)

    @property
    def done(self) -> int:
        """How many clips are normalised."""
        return sum(clip.key in self.parts for clip in self._clips)

    def plan(self, crew: Crew) -> None:
        """Have the crew do what no attempt has done yet."""
        fades = any(clip.fade for clip in self._clips)
        # The longest first, that all end together; but in order where neighbours wait for another.
        for clip in self._todo if fades else sorted(self._todo, key=lambda one: -one.cut.frames):
            crew.add(
                Task(
                    begin=partial(self._begin, clip),
                    done=partial(self._finished, clip, crew),
                    failed=partial(self._failed, clip),
                    report=partial(self._report, clip),
                )
            )

    def _lacking(self, clip: _Clip) -> list[str]:
        """Which of its outputs are needed yet."""
        before = self._clips[clip.index - 1].fade if clip.index else ""
        wanted = {"body": clip.key, "head": before, "tail": clip.fade}
        return [name for name, key in wanted.items() if key and key not in self.parts]

    def _file(self, clip: _Clip, name: str) -> Path:
        return self._run.folder / f"{clip.index}-{name}.mp4"

    def _begin(self, clip: _Clip) -> Sequence[str]:
        lacking, cut = self._lacking(clip), clip.cut
        script = self._file(clip, "words").with_suffix(".ass")
        chain = clip.chain
        if clip.script:
            script.write_text(clip.script, encoding="utf-8")
            chain = [*chain, ass.burnt(script)]
        spans = {
            "body": f"start_frame={cut.before}:end_frame={cut.frames - cut.after}",
            "head": f"end_frame={cut.before}",
            "tail": f"start_frame={cut.frames - cut.after}",
        }
        split = f"split={len(lacking)}" + "".join(f"[{name}0]" for name in lacking)
        graph = [
            f"[0:v:0]{','.join(chain)},{split}",
            *(f"[{name}0]trim={spans[name]},setpts=PTS-STARTPTS[{name}]" for name in lacking),
        ]
        read = reading(self._copies.path(cut.look.source), "-max_error_rate", MOST_WRONG)
        arguments = ["-v", "error", *read, "-filter_complex", ";".join(graph)]
        for name in lacking:
            how = encoded(self.shape) if name == "body" else LOSSLESS.split()
            arguments += ["-map", f"[{name}]", *how, f"file:{self._file(clip, name)}"]
        return arguments

    def _report(self, clip: _Clip, block: Mapping[str, str]) -> None:
        clip.made = min(clip.cut.frames, int(block.get("frame") or 0))
        self._told()

    def _failed(self, clip: _Clip, error: FfmpegFailed) -> Exception:
        if error.code < 0:
            return error
        look = clip.cut.look
        return BadClip(look.number, look.source, f"it cannot be decoded ({error.reason})")

    def _finished(self, clip: _Clip, crew: Crew, said: str) -> None:
        clip.made, clip.finished = clip.cut.frames, True
        if said:
            name = clip.cut.look.source.name
            self.warnings.append(f"Clip {clip.cut.look.number} ({name}): {said[-200:]}")
        self._copies.drop(clip.cut.look.source)
        self._file(clip, "words").with_suffix(".ass").unlink(missing_ok=True)
        if clip.key not in self.parts:
            self.parts.keep(clip.key, self._file(clip, "body"))
        for one, two in zip(self._clips, self._clips[1:], strict=False):
            if clip.index in {one.index, two.index}:
                self._fade(one, two, crew)
        self._told()

    def _fade(self, one: _Clip, two: _Clip, crew: Crew) -> None:
        if one.fade and one.fade not in self.parts and one.finished and two.finished:
            tail, head = self._file(one, "tail"), self._file(two, "head")
            film = self._file(one, "fade")
            crew.add(
                Task(
                    begin=lambda: [*crossed(tail, head, one.cut.after, self.shape), f"file:{film}"],
                    done=lambda _: self._faded(one, film, tail, head),
                ),
                first=True,
            )

    def _faded(self, one: _Clip, film: Path, tail: Path, head: Path) -> None:
        self.parts.keep(one.fade, film)
        tail.unlink()
        head.unlink()


def _clip(index: int, cut: Cut, script: str, chain: list[str]) -> _Clip:
    made_of = cut.look.source.version, chain, script, cut.before, cut.after, ENCODED
    return _Clip(index=index, cut=cut, chain=chain, script=script, key=key_of(*made_of))
