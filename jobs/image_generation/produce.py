"""From params to pictures: made, several at a time, and kept one by one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from threading import Event
from typing import TYPE_CHECKING

from common.gemini.errors import Blocked, Withheld
from common.runtime import Stop
from jobs.image_generation.album import Album
from jobs.image_generation.errors import Declined
from jobs.image_generation.params import ImageParams, Images, Usage
from jobs.image_generation.providers import choose

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.image_generation.providers import Made, Provider

__all__ = ["produce"]

_FILTERED = (Blocked, Withheld, Declined)
"""What concerns one picture, and not the next: the same prompt may well do with another seed."""


def produce(params: ImageParams, run: Context) -> Images:
    """Have the provider make the pictures, and keep each as soon as it is there.

    Raises what withheld them all, or the first error of those that may be made later on; the next
    attempt then makes the missing ones only.
    """
    with closing(choose(params, run)) as provider:
        by = provider.name if provider.model is None else f"{provider.name} {provider.model}"
        run.log.info(f"{by} makes the pictures.", action="images-began", provider=provider.name)
        album = Album(params, run, by)
        errors = _fill(album, provider, params, run)
        serious = [error for error in errors if not isinstance(error, _FILTERED)]
        if serious or not album.images:
            album.note(_usage(provider))
            raise (serious or errors)[0]
        return _result(album, errors, provider, params)


def _fill(album: Album, provider: Provider, params: ImageParams, run: Context) -> list[Exception]:
    """Make what is missing; what could not be made is told. Pictures that are under way when one
    fails are paid for, and so are waited for and kept."""
    errors: list[Exception] = []
    stop: Stop | None = None
    with _under_way(provider, album.missing) as numbers:
        for future in as_completed(numbers):
            try:
                album.add(numbers[future], future.result(), _usage(provider))
                run.progress(len(album.images) / params.count, "Making pictures")
            except CancelledError:  # another has failed before
                pass
            except Stop as asked:  # the others have heard of it too, or have ended before
                stop = asked
            except Exception as error:  # noqa: BLE001 - told by the caller, once all have ended
                errors.append(error)
    if stop is not None:
        raise stop
    return errors


@contextmanager
def _under_way(provider: Provider, missing: list[int]) -> Iterator[dict[Future[Made], int]]:
    """Each in a thread; none is begun once one has failed in a way that concerns them all."""
    over = Event()

    def make(number: int) -> Made:
        if over.is_set():
            raise CancelledError
        try:
            return provider.picture(number)
        except _FILTERED:
            raise
        except BaseException:
            over.set()
            raise

    pool = ThreadPoolExecutor(provider.at_once, thread_name_prefix="image")
    try:
        yield {pool.submit(make, number): number for number in missing}
    finally:
        over.set()
        pool.shutdown()


def _usage(provider: Provider) -> Usage:
    used = provider.usage
    if used is None:
        return Usage()
    return Usage(
        questions=used.questions, input_tokens=used.input_tokens, output_tokens=used.output_tokens
    )


def _result(
    album: Album, filtered: list[Exception], provider: Provider, params: ImageParams
) -> Images:
    return Images(
        images=album.images,
        asked_count=params.count,
        filtered_count=len(filtered),
        provider=provider.name,
        model=provider.model,
        usage=None if provider.usage is None else album.usage(_usage(provider)),
        warnings=[*album.warnings, *dict.fromkeys(map(str, filtered))],
    )
