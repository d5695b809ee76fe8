"""A resumable upload: in chunks, gone on with after a break, or by another process.

https://developers.google.com/workspace/drive/api/guides/manage-uploads#resumable
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from common.errors import InvalidInput
from common.google.calls import Call, Caller, Trying, json_of
from common.google.errors import BadAnswer, Gone, NotFound, Passing, SessionGone

if TYPE_CHECKING:
    from requests import Response

__all__ = ["STEP", "Upload"]

STEP = 256 << 10
"""Chunks are multiples of so many bytes, but the last."""
_CHUNK = 32 * STEP
_RANGE = re.compile(r"(?:bytes=)?0-(\d{1,19})")
_GOOD = frozenset({200, 201, 308})


class Upload:
    """An upload's session at Google, which knows how much has come. It lives for a week."""

    def __init__(self, caller: Caller, uri: str, *, size: int, what: str) -> None:
        self._caller = caller
        self._what = what
        self.uri = uri
        """By which it is gone on with, also by another process: keep it, and show it to nobody."""
        self.size = size
        """Bytes of all of it."""
        self.sent = 0
        """Bytes that Google has."""
        self.result: dict[str, Any] | None = None
        """What Google made of it, such as a file; None until it is done."""

    def ask(self) -> None:
        """Learn how much Google has. Raises SessionGone where a session must be begun anew."""
        try:
            self._note(self._caller.run(self._call(f"bytes */{self.size}", b""), self._read))
        except (NotFound, Gone) as error:
            raise self._gone() from error

    def put(self, chunk: bytes) -> None:
        """Send the bytes that follow `sent`, once. After a Passing error, `ask`."""
        end = self.sent + len(chunk)
        if end > self.size or (len(chunk) % STEP and end < self.size):
            raise InvalidInput(f"A chunk that is not the last has a multiple of {STEP:,} bytes.")
        said = f"bytes {self.sent}-{end - 1}/{self.size}" if chunk else f"bytes */{self.size}"
        pace = self._caller.pace
        try:
            with self._caller.open(self._call(said, chunk), end=pace.end_of(pace.patience)) as got:
                self._note(self._read(got))
        except (NotFound, Gone) as error:
            raise self._gone() from error

    def send(
        self,
        read: Callable[[int, int], bytes],
        *,
        chunk: int = _CHUNK,
        progress: Callable[[int], None] = lambda _: None,
    ) -> dict[str, Any]:
        """Send all that is missing; returns the result. `read(offset, size)` gives just so many
        bytes, and `progress` is told how many Google has. Raises SessionGone."""
        trying = Trying(self._caller.pace)
        while self.result is None:
            before = self.sent
            try:
                self.put(read(before, min(chunk, self.size - before)))
            except SessionGone:
                raise
            except Passing as error:
                trying.failed(error, repeat=True)
                self.ask()
            if self.sent > before:
                trying.progressed()
            elif self.result is None:
                trying.failed(BadAnswer(f"Google took no byte of {self._what}."), repeat=True)
            progress(self.sent)
        return self.result

    def _call(self, content_range: str, body: bytes) -> Call:
        headers = {"Content-Range": content_range, "Content-Length": str(len(body))}
        return Call(
            method="PUT", url=self.uri, what=self._what, headers=headers, body=body, good=_GOOD
        )

    def _read(self, response: Response) -> tuple[int, dict[str, Any] | None]:
        """How much has come, and the result."""
        if response.status_code != 308:
            return self.size, json_of(response, what=self._what, check=self._caller.pace.check)
        said = response.headers.get("Range", "")
        found = _RANGE.fullmatch(said)
        sent = int(found[1]) + 1 if found else 0
        if (said and not found) or sent > self.size:
            raise BadAnswer(f"Google has a range of {self._what} that was not sent.")
        return sent, None

    def _note(self, found: tuple[int, dict[str, Any] | None]) -> None:
        self.sent, self.result = found

    def _gone(self) -> SessionGone:
        return SessionGone(f"Google knows the session of {self._what} no more: begin another one.")
