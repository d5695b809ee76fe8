"""What all attempts and all documents share: the schema and the list, as they were at first.

Both are kept below the run's own place. An attempt that finds them takes them as they are, for the
runs that it submits again must be those of the attempt before it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from common.blobs import BlobExists
from common.errors import InvalidInput
from jobs.extraction_batch.forms import check_form, is_place
from jobs.extraction_batch.listing import there

if TYPE_CHECKING:
    from common.runtime import Context

__all__ = ["remembered", "shared_schema"]

_MOST = 200_000
"""Bytes of a schema."""
_SMALL = 2_000
"""Bytes of a schema that each run carries itself; a larger one is a file that they share."""


def remembered(name: str, make: Callable[[], Any], run: Context) -> Any:
    """Plain data that the first attempt has made, the same in all others."""
    path = f"runs/{run.id}/{name}"
    if run.blobs.stat(path) is None:
        text = json.dumps(make(), ensure_ascii=True).encode()
        try:
            run.blobs.write(path, text, content_type="application/json")
        except BlobExists:  # an attempt that is not over yet was quicker
            run.log.info(f"{name} is there already.", action="found-there")
    return json.loads(run.blobs.read(path))


def shared_schema(form: Any, run: Context) -> Any:
    """The schema as each run gets it. Raises InvalidInput for what is none."""
    if is_place(form):
        form = _text_at(form, run)
    check_form(form)
    text = form if isinstance(form, str) else json.dumps(form)
    if len(text) <= _SMALL:
        return form
    data = json.loads(text)
    remembered("schema.json", lambda: data, run)
    return run.blobs.uri(f"runs/{run.id}/schema.json")


def _text_at(form: str, run: Context) -> str:
    place = there(form, run)
    with place.open() as stream:
        data = stream.read(_MOST + 1)
    if len(data) > _MOST:
        raise InvalidInput(f"{place.uri} is over {_MOST:,} bytes: that is no schema.")
    return data.decode("utf-8-sig", "replace")
