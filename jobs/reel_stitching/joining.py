"""Films that agree, and their sound, made into one film in the store, and looked at there."""

from __future__ import annotations

from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from common.media.kept import Media, kept
from common.media.mp4.film import Film, read_film, read_sound
from common.media.mp4.lanes import Lane, pictures, sounds, whole
from common.media.mp4.reel import laid_out
from common.media.poster import Drawing
from common.media.probe import NotAVideo
from jobs.reel_stitching.moment import asked, telling
from jobs.reel_stitching.progress import NORMALISED, WRITTEN
from jobs.reel_stitching.writing import written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from common.runtime import Context
    from jobs.reel_stitching.sources import Copies, Source

__all__ = ["Joining", "NoPicture"]


class NoPicture(NotAVideo):
    """Raised when the picture that is to be the poster cannot be decoded."""

    def __init__(self, film: int, why: str) -> None:
        """`film`: which one it is in, counted from 0."""
        super().__init__(why)
        self.film = film


class Joining:
    """A reel that has only to be written."""

    def __init__(
        self,
        sources: Sequence[Source],
        films: Sequence[Film],
        sound: Path | None,
        *,
        copies: Copies,
        run: Context,
    ) -> None:
        """`films`: what is in the sources, which agree. `sound`: that of the whole reel, where it
        is not that of the films themselves."""
        self._sources, self._films, self._sound = sources, films, sound
        self._copies, self._run = copies, run
        self._picture = pictures([film.picture for film in self._films])
        self._lanes = [self._picture, *self._sounds()]

    @property
    def seconds(self) -> Fraction:
        """Of picture."""
        return Fraction(self._picture.lasts, self._picture.track.timescale)

    @property
    def rate(self) -> Fraction:
        """Frames a second, in the middle."""
        return len(self._picture.sizes) / self.seconds

    def kept(self, *, at: float | None) -> tuple[Media, Media]:
        """The reel and the picture at that second of it, or a good one, as blobs."""
        with ExitStack() as undo:
            moment = asked(self._films, Fraction(at)) if at is not None else telling(self._films)
            source, picture = self._sources[moment.film], self._run.folder / "poster.jpg"
            path = self._copies.path(source)
            # Beside the writing, for to start ffmpeg takes as long as to write a short reel.
            at, exact = float(moment.at), moment.exact
            drawing = Drawing(path, picture, at=at, exact=exact, start=self._run.start)
            undo.callback(drawing.end)
            video = written(
                laid_out(self._lanes),
                "reel.mp4",
                opened=self._path,
                closed=self._closed,
                progress=self._progress,
                run=self._run,
            )
            self._prove(video)
            try:
                drawing.finish()
            except NotAVideo as error:
                raise NoPicture(moment.film, str(error)) from error
            self._copies.drop(source)
        return video, kept(self._run, picture, "image/jpeg")

    def _sounds(self) -> list[Lane]:
        if self._sound:
            with self._sound.open("rb") as stream:
                track = read_sound(stream, self._sound.stat().st_size)
            return [Lane(takes=(whole(track, len(self._sources)),), begins=track.begins)]
        tracks = [film.sound for film in self._films if film.sound]
        if len(tracks) < len(self._films):
            return []
        return [sounds(tracks, [film.picture.seconds for film in self._films])]

    def _path(self, source: int) -> Path:
        if source == len(self._sources) and self._sound:
            return self._sound
        return self._copies.path(self._sources[source])

    def _closed(self, source: int) -> None:
        if source < len(self._sources):
            self._copies.drop(self._sources[source])

    def _progress(self, part: float) -> None:
        self._run.progress(NORMALISED + (WRITTEN - NORMALISED) * part, "Writing the reel")

    def _prove(self, video: Media) -> None:
        """What is in the store is what was to be: all frames, and as long as they are together."""
        blobs = self._run.blobs
        with blobs.open(blobs.path(video.uri)) as stream:
            film = read_film(stream, video.size)
        found = film.picture.tables.count, film.picture.seconds
        wanted = sum(each.picture.tables.count for each in self._films), self.seconds
        if found != wanted:
            raise NotAVideo(f"the reel has {found[0]} frames where {wanted[0]} were due")
