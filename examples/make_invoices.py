"""Makes examples/invoices.zip, and invoices.truth.json: what is to be found in each of them.

python -m examples.make_invoices
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

from examples.invoice_data import INVOICES, Invoice
from examples.invoice_files import docx, eml, html, png, xlsx
from examples.invoice_pdf import pdf

__all__ = ["archive", "truth"]

_HERE = Path(__file__).parent
_FORMATS: Mapping[str, Callable[[Invoice], bytes]] = {
    ".docx": docx,
    ".eml": eml,
    ".html": html,
    ".pdf": pdf,
    ".png": png,
    ".xlsx": xlsx,
}
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT[\d:]+Z")
_WHEN = (2026, 3, 31, 12, 0, 0)


def archive() -> bytes:
    """The archive: the same bytes each time."""
    files = {it.file: _FORMATS[PurePosixPath(it.file).suffix](it) for it in INVOICES}
    return _zipped({name: _settled(name, data) for name, data in files.items()})


def truth() -> dict[str, object]:
    """By file, what is to be found in it."""
    return {invoice.file: invoice.truth for invoice in INVOICES}


def _settled(name: str, data: bytes) -> bytes:
    """Office files are archives, too, and would tell when they were made."""
    if not name.endswith((".docx", ".xlsx")):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as there:
        parts = {each: there.read(each) for each in there.namelist()}
    core = "docProps/core.xml"
    return _zipped({**parts, core: _MOMENT.sub(b"2026-03-31T12:00:00Z", parts[core])})


def _zipped(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as there:
        for name, data in files.items():
            there.writestr(_entry(name), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.external_attr = 0o100644 << 16
    return entry


if __name__ == "__main__":
    (_HERE / "invoices.zip").write_bytes(archive())
    text = json.dumps(truth(), indent=1, ensure_ascii=False)
    (_HERE / "invoices.truth.json").write_text(f"{text}\n", encoding="utf-8")
