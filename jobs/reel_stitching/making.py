"""The reel of clips that can be used, made in as few steps as they allow."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from common.errors import InvalidInput
from common.media.crew import Crew
from common.media.mp4.agreement import disagreement
from common.media.mp4.film import read_film
from common.media.probe import NotAVideo
from common.words import several
from jobs.reel_stitching.hearing import hear, hear_music
from jobs.reel_stitching.joining import Joining, NoPicture
from jobs.reel_stitching.looking import BadClip
from jobs.reel_stitching.mixing import mix
from jobs.reel_stitching.normalise import Normalising
from jobs.reel_stitching.params import Joined, Reel
from jobs.reel_stitching.progress import LISTENED, Estimate
from jobs.reel_stitching.shape import shape_of, why_encode, why_encode_sound
from jobs.reel_stitching.sources import placed
from jobs.reel_stitching.timeline import as_they_are, in_frames, length
from jobs.reel_stitching.words import scripts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from common.media.kept import Media
    from common.media.mp4.film import Film
    from common.runtime import Context
    from jobs.reel_stitching.looking import Look
    from jobs.reel_stitching.params import ReelParams, Skipped
    from jobs.reel_stitching.parts import Parts
    from jobs.reel_stitching.sources import Copies, Source
    from jobs.reel_stitching.timeline import Cut

    Films = tuple[list[Source], list[Film]]

__all__ = ["Making"]

LONGEST = 3600
"""Seconds of a reel."""
FEWEST, MOST = 2, 4
"""ffmpegs side by side."""

How = Literal["copy", "encode", "none"]


class Making:
    """The reel of some clips."""

    def __init__(
        self,
        looks: Sequence[Look],
        params: ReelParams,
        *,
        copies: Copies,
        parts: Parts,
        run: Context,
    ) -> None:
        """Raises InvalidInput where it would be too long."""
        self._params, self._copies, self._parts, self._run = params, copies, parts, run
        self._shape = shape_of(looks, params)
        self._why = why_encode(looks, params, self._shape)
        self._cuts = in_frames(looks, self._shape, params.fade) if self._why else as_they_are(looks)
        self._crew = Crew(_ffmpegs(), start=run.start)
        self._warnings: list[str] = []
        self._check()

    def reel(self, skipped: list[Skipped]) -> Reel:
        """Make it. Raises BadClip where only now it shows that a clip is broken."""
        how = self._sound_by()
        self._announce(how)
        sound = self._mixed() if how == "encode" else None
        sources, films = self._normalised() if self._why else self._as_they_are()
        joining = Joining(sources, films, sound, copies=self._copies, run=self._run)
        return self._told(how, joining, skipped)

    def _check(self) -> None:
        seconds = float(length(self._cuts))
        if seconds > LONGEST:
            raise InvalidInput(f"The reel would last {seconds:,.0f} s; {LONGEST:,} are the limit.")
        at = self._params.poster_at
        if at is not None and at >= seconds:
            raise InvalidInput(f"poster_at is {at:g}, and the reel lasts {seconds:.3f} s.")

    def _announce(self, how: How) -> None:
        clips = several(len(self._cuts), "clip is", "clips are")
        how_so = f"made alike, since {self._why}" if self._why else "joined as they are"
        self._run.log.info(f"{clips} {how_so}.", action="reel-began", sound=how)

    def _sound_by(self) -> How:
        looks = [cut.look for cut in self._cuts]
        if not self._params.music and not any(look.sound for look in looks):
            return "none"
        return "encode" if self._why or why_encode_sound(looks, self._params) else "copy"

    def _mixed(self) -> Path:
        """Where the sound of the whole reel will be, when the crew has done its work."""
        self._run.progress(LISTENED / 2, "Listening to the clips")
        music = placed(self._params.music, self._run) if self._params.music else None
        heard = hear(self._cuts, self._crew, self._copies, self._run)
        below = hear_music(music, self._crew, self._copies, self._run) if music else None
        self._crew.work()
        file = self._run.folder / "sound.m4a"
        self._crew.add(mix(self._cuts, heard, below, self._params, file))
        return file

    def _as_they_are(self) -> Films:
        self._crew.work()
        looks = [cut.look for cut in self._cuts]
        return [look.source for look in looks], [look.film for look in looks if look.film]

    def _normalised(self) -> Films:
        """What the crew has made of the pictures, while it did all else that it had to."""
        words, warnings = scripts(self._params, self._cuts, self._shape, self._run)
        estimate = Estimate(self._run)
        work = Normalising(
            self._cuts,
            words,
            self._shape,
            self._params.fit,
            parts=self._parts,
            copies=self._copies,
            run=self._run,
            told=lambda: estimate.say(*work.frames, f"{work.done} of {len(self._cuts)} clips"),
        )
        work.plan(self._crew)
        self._crew.work()
        self._warnings += [*warnings, *work.warnings]
        sources = [self._parts[key] for key in work.keys]
        return sources, _proven(sources, self._cuts)

    def _kept(self, joining: Joining) -> tuple[Media, Media]:
        try:
            return joining.kept(at=self._params.poster_at)
        except NoPicture as error:
            if self._why:  # a film of our own
                raise
            look = self._cuts[error.film].look
            raise BadClip(look.number, look.source, f"it cannot be decoded ({error})") from error

    def _told(self, how: How, joining: Joining, skipped: list[Skipped]) -> Reel:
        copied = not self._why
        first = self._cuts[0].look
        video, poster = self._kept(joining)
        for warning in self._warnings:
            self._run.log.warning(warning, action="reel-warning")
        self._parts.remove()
        return Reel(
            video=video,
            poster=poster,
            duration=round(float(joining.seconds), 3),
            width=first.width if copied else self._shape.width,
            height=first.height if copied else self._shape.height,
            fps=round(float(joining.rate), 3),
            joined_by="copy" if copied else "encode",
            why=self._why,
            sound=how,
            clips=[
                Joined(
                    source=cut.look.source.uri,
                    begins=round(float(cut.begins), 3),
                    duration=round(float(cut.lasts), 3),
                    normalised=not copied,
                )
                for cut in self._cuts
            ],
            skipped=skipped,
            warnings=self._warnings,
        )


def _ffmpegs() -> int:
    return max(FEWEST, min(MOST, os.cpu_count() or 1))


def _proven(sources: Sequence[Source], cuts: Sequence[Cut]) -> list[Film]:
    """The films that were made, which have all frames that they were to have, and agree."""
    films = []
    for source in sources:
        with source.open() as stream:
            films.append(read_film(stream, source.size))
    found = sum(film.picture.tables.count for film in films)
    if found != (due := sum(cut.frames - cut.after for cut in cuts)):
        raise NotAVideo(f"ffmpeg made {found} frames where {due} were due")
    if why := disagreement(films):
        raise NotAVideo(f"the films that ffmpeg made do not agree: {why}")
    return films
