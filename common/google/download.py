"""A file's bytes as they come, gone on with by a range where the connection breaks."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from common.google.calls import Call, Caller, Trying
from common.google.endpoints import Endpoints
from common.google.errors import BadAnswer, NoAnswer, Passing

if TYPE_CHECKING:
    from requests import Response

__all__ = ["Download"]

_CHUNK = 1 << 18
_GOOD = frozenset({200, 206})
_LEADING_ON = frozenset({301, 302, 303, 307})
_TIMES = 5
_RANGE = re.compile(r"bytes (\d{1,19})-\d{1,19}/(\d{1,19}|\*)")


class Download:
    """An open download: iterate over its bytes once, or read them as from a file. Close it."""

    def __init__(self, caller: Caller, call: Call, endpoints: Endpoints) -> None:
        self._caller = caller
        self._endpoints = endpoints
        self._call = replace(
            call,
            headers={**call.headers, "Accept-Encoding": "identity"},
            good=_GOOD | _LEADING_ON,
        )
        self._trying = Trying(caller.pace)
        self._position = 0
        self._ahead = b""
        self._etag = ""
        self._packed = False
        self._complete = False
        self.size: int | None = None
        """Bytes, where the answer says so."""
        self.content_type = ""
        self._chunks = self._all()
        self._ahead = self._next()  # so that what is refused is refused at once

    def __enter__(self) -> Download:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.read(_CHUNK):
            yield chunk

    def read(self, size: int = -1, /) -> bytes:
        """At most so many of the next bytes, or all the rest; none at the end."""
        if size < 0:
            return b"".join(self)
        if not self._ahead:
            self._ahead = self._next()
        part, self._ahead = self._ahead[:size], self._ahead[size:]
        return part

    def close(self) -> None:
        """Let go of the connection."""
        self._chunks.close()

    def _next(self) -> bytes:
        chunk = next(self._chunks, b"")
        if not chunk and not self._complete:  # whoever reads on after an error shall not see an end
            raise BadAnswer(f"{self._call.what} was not read to its end.")
        return chunk

    def _all(self) -> Generator[bytes]:
        while not self._complete:
            try:
                with self._answer() as response:
                    limit = self._caller.limit
                    for chunk in self._begin(response):
                        self._position += len(chunk)
                        yield chunk
                        # Whoever reads may have taken long over it, which is not Google's fault.
                        self._trying.progressed()
                        limit.end = self._trying.end_of_try()
                self._complete = self._is_all()
            except _Differs:
                raise
            except Passing as error:
                self._trying.failed(error, repeat=True)
        self._caller.pace.succeeded()

    @contextmanager
    def _answer(self) -> Iterator[Response]:
        """One with content, wherever at Google the call is led to for it."""
        call, end = self._ranged(), self._trying.end_of_try()
        for _ in range(_TIMES):
            with self._caller.open(call, end=end) as response:
                if response.status_code in _GOOD:
                    yield response
                    return
                call = self._led(call, response.headers.get("Location", ""))
        raise BadAnswer(f"Google led {self._call.what} on and on.")

    def _led(self, call: Call, location: str) -> Call:
        url = urljoin(call.url, location)
        if not self._endpoints.is_googles(url):
            raise BadAnswer(f"Google led {self._call.what} to an address that is not its own.")
        return replace(call, url=url, query=())

    def _is_all(self) -> bool:
        if self.size is not None and self._position < self.size:
            raise NoAnswer(f"Google ended {self._call.what} early.")
        return True

    def _ranged(self) -> Call:
        if not self._position:
            return self._call
        headers = {**self._call.headers, "Range": f"bytes={self._position}-"}
        if self._etag:
            headers["If-Range"] = self._etag
        return replace(self._call, headers=headers)

    def _begin(self, response: Response) -> Iterator[bytes]:
        """The chunks that are still to come."""
        skip = 0
        if self._position == 0:
            self._note(response)
        elif self._packed:
            raise _Differs(f"{self._call.what} came packed, and cannot be gone on with.")
        elif response.status_code == 206:
            self._check_range(response)
        else:
            skip = self._skipped(response)
        for chunk in response.iter_content(_CHUNK):
            self._caller.pace.check()
            yield from filter(None, [chunk[skip:]])
            skip = max(0, skip - len(chunk))

    def _note(self, response: Response) -> None:
        headers = response.headers
        self.content_type = headers.get("Content-Type", "")
        length = headers.get("Content-Length", "")
        self._packed = headers.get("Content-Encoding", "identity") != "identity"
        known = length.isascii() and length.isdigit() and not self._packed
        self.size = int(length) if known else None
        etag = headers.get("ETag", "")
        self._etag = "" if etag.startswith("W/") else etag

    def _check_range(self, response: Response) -> None:
        found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        same_size = found is not None and (self.size is None or found[2] in {"*", str(self.size)})
        if found is None or int(found[1]) != self._position or not same_size:
            raise _Differs(f"Google answered {self._call.what} with another range than asked for.")

    def _skipped(self, response: Response) -> int:
        """Where ranges are not heeded it all comes again; it has to be the same."""
        size = response.headers.get("Content-Length")
        etag = response.headers.get("ETag", "")
        if self.size is None or size != str(self.size) or (self._etag and etag != self._etag):
            raise _Differs(f"{self._call.what} changed while it was read.")
        return self._position


class _Differs(BadAnswer):
    """Raised when going on would mix two versions; all of it has to be read again."""
