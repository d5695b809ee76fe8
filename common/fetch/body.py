"""What comes as an answer, within its limit, however it is packed."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from email.message import Message
from typing import TYPE_CHECKING, BinaryIO

from common.fetch.errors import FetchError, TooLarge
from common.fetch.fetched import Fetched, name_of
from common.fetch.target import Target

if TYPE_CHECKING:
    import httpcore2

__all__ = ["take"]

_CHUNK = 1 << 16
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]{0,300}"')


def take(  # noqa: PLR0913 - whence, whereto, and within which bounds
    target: Target,
    headers: Mapping[str, str],
    response: httpcore2.Response,
    into: BinaryIO,
    *,
    most: int,
    check: Callable[[], None],
) -> Fetched:
    """Write an answer's body down, and say what it is. Raises TooLarge, FetchError."""
    length = headers.get("Content-Length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > most:
        raise TooLarge(target.host, most)
    digest, size = hashlib.sha256(), 0
    for chunk in _unpacked(target, headers, response):
        check()
        size += len(chunk)
        if size > most:
            raise TooLarge(target.host, most)
        digest.update(chunk)
        into.write(chunk)
    return _described(target, headers, size, digest.hexdigest())


def _described(target: Target, headers: Mapping[str, str], size: int, sha256: str) -> Fetched:
    kind = Message()
    kind["Content-Type"] = headers.get("Content-Type", "")
    return Fetched(
        url=f"{target.scheme}://{target.netloc}{target.path.partition('?')[0]}",
        host=target.host,
        content_type=kind.get_content_type() if "/" in kind["Content-Type"] else "",
        size=size,
        sha256=sha256,
        name=name_of(headers, target.path),
        etag=_etag(headers),
    )


def _etag(headers: Mapping[str, str]) -> str:
    """One that can be sent back."""
    said = headers.get("Etag", "")
    return said if _ETAG.fullmatch(said) else ""


def _unpacked(
    target: Target, headers: Mapping[str, str], response: httpcore2.Response
) -> Iterator[bytes]:
    """The bytes, inflated where the server did not heed that it was not to deflate them; in small
    pieces, however much they inflate to."""
    encoding = headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in {"", "identity"}:
        yield from response.iter_stream()
        return
    if encoding not in {"gzip", "x-gzip"}:
        raise FetchError(target.host, "its answer is in an encoding that was not asked for")
    try:
        complete = yield from _inflated(response.iter_stream())
    except zlib.error:
        raise FetchError(target.host, "its answer is no gzip, which it said it was") from None
    if not complete:
        raise FetchError(target.host, "its answer was cut off")


def _inflated(chunks: Iterable[bytes]) -> Generator[bytes, None, bool]:
    """What one gzip after another holds; whether the last was complete."""
    inflate = zlib.decompressobj(wbits=31)
    for chunk in chunks:
        while chunk:
            if inflate.eof:
                inflate = zlib.decompressobj(wbits=31)
            yield inflate.decompress(chunk, _CHUNK)
            chunk = inflate.unconsumed_tail or inflate.unused_data  # noqa: PLW2901
    return inflate.eof
