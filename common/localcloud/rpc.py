"""A call of one of Google's APIs, said once for HTTP and gRPC.

call     what was asked: the fields of the request message, as its JSON has them
rule     how HTTP says it, as in google.api.http: a verb, a path with the fields that it holds, and
         which field the body is (https://google.aip.dev/127)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from common.localcloud.errors import invalid

__all__ = ["EMPTY", "OPERATION", "Call", "Json", "Rpc"]

Json = dict[str, Any]

EMPTY = "google.protobuf.Empty"
OPERATION = "google.longrunning.Operation"


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request. Over HTTP numbers and flags may come as text."""

    fields: Json
    host: str = ""
    """To which host it was sent; API v1 of Cloud Run has the region there alone."""
    headers: dict[str, str] = field(default_factory=dict)
    """In lower case."""

    def text(self, name: str, default: str = "") -> str:
        """A field that is text."""
        value = self.fields.get(name, default)
        if not isinstance(value, str):
            raise invalid(name, f"{value!r} is not text.")
        return value

    def number(self, name: str, default: int = 0) -> int:
        """A field that is a whole number."""
        value = self.fields.get(name, default)
        try:
            return int(value)
        except (TypeError, ValueError, OverflowError):
            raise invalid(name, f"{value!r:.60} is not a number.") from None

    def flag(self, name: str) -> bool:
        """A field that is true or not."""
        return self.fields.get(name) in (True, "true", "True", "1")

    def texts(self, name: str) -> list[str]:
        """A field that is a list of texts; an empty one where there is none. Over HTTP one text
        may be alone."""
        value = self.fields.get(name) or []
        found = value if isinstance(value, list) else [value]
        if not all(isinstance(each, str) for each in found):
            raise invalid(name, "it is not a list of texts.")
        return found

    def message(self, name: str) -> Json:
        """A field that is a message; an empty one where there is none."""
        value = self.fields.get(name) or {}
        if not isinstance(value, dict):
            raise invalid(name, "it is not an object.")
        return value


@dataclass(frozen=True, kw_only=True, slots=True)
class Rpc:
    """A call that can be made, and what answers it."""

    verb: str
    path: str
    """Like /v2/{name=projects/*/locations/*/jobs/*}:run; a variable may be nested, as job.name."""
    answer: Callable[[Call], Json]
    """Returns the response message's JSON. Raises ApiError."""
    body: str = ""
    """The field that the body of the HTTP request is; * for all the rest of the fields."""
    more: Sequence[tuple[str, str]] = ()
    """Other rules for the same call, each a verb and a path, with the same body."""
    service: str = ""
    """The gRPC service, such as google.cloud.run.v2.Jobs; none for what gRPC does not have."""
    method: str = ""
    """Such as RunJob."""
    request: str = ""
    """The request message's full name; by default the method's in the service's package."""
    response: str = ""
    """The response message's full name."""

    @property
    def request_type(self) -> str:
        """The full name of the request message."""
        return self.request or f"{self.service.rpartition('.')[0]}.{self.method}Request"
