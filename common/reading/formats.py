"""What a document is, by its bytes, and which reader that takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module

from common.reading.context import Reading
from common.reading.document import Page
from common.reading.errors import DamagedDocument, UnsupportedDocument

__all__ = ["SUPPORTED", "content_type_of", "pages_of"]

SUPPORTED = "PDF, PNG, JPEG, TIFF, WebP, GIF, XLSX, DOCX, EML, HTML, CSV, TSV and plain text"
_HEAD = 4096

_OFFICE = "application/vnd.openxmlformats-officedocument."
_XLSX = f"{_OFFICE}spreadsheetml.sheet"
_DOCX = f"{_OFFICE}wordprocessingml.document"

_READERS = {
    "application/pdf": "pdf",
    "image/png": "pictures",
    "image/jpeg": "pictures",
    "image/tiff": "pictures",
    "image/webp": "pictures",
    "image/gif": "pictures",
    _XLSX: "sheets",
    _DOCX: "word",
    "message/rfc822": "mail",
    "text/html": "web",
    "text/csv": "separated",
    "text/tab-separated-values": "separated",
    "text/plain": "texts",
}
_MAGIC = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"II[*+]\0|MM\0[*+]"), "image/tiff"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
)
_OTHERS = (
    (re.compile(rb"\{\\rtf"), "an RTF document: save it as DOCX or PDF"),
    (
        re.compile(rb"\xd0\xcf\x11\xe0"),
        "an Office document from before 2007: save it as XLSX, DOCX or PDF",
    ),
    (re.compile(rb".{4}ftyp(hei|mif|avi)", re.DOTALL), "a HEIC or AVIF picture: save it as JPEG"),
    (re.compile(rb"BM.{4}\0{4}", re.DOTALL), "a BMP picture: save it as PNG"),
    (re.compile(rb"%!PS"), "PostScript: save it as PDF"),
    (re.compile(rb"\x1f\x8b|7z\xbc\xaf|Rar!|BZh|\xfd7zXZ"), "an archive: unpack it first"),
)
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_OUTLOOK = "__substg1.0_".encode("utf-16-le")
_NAMED = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "tab": "text/tab-separated-values",
    "eml": "message/rfc822",
    "htm": "text/html",
    "html": "text/html",
    "xhtml": "text/html",
}
_HTML = re.compile(
    rb"(?>\s*<!--.*?-->)*+\s*(<\?xml[^>]*>\s*)?<(!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAIL = re.compile(
    rb"(?=(.*\n)*(from|received|return-path|delivered-to):)(?=(.*\n)*(mime-version|message-id|subject):)"
    rb"([!-9;-~]+:.*\r?\n([ \t].*\r?\n)*){3}",
    re.IGNORECASE,
)


def content_type_of(data: bytes, name: str) -> str:
    """Its content type. Raises UnsupportedDocument, EncryptedDocument, DamagedDocument."""
    head = data[:_HEAD]
    if not head.strip(b"\0 \t\r\n"):
        raise DamagedDocument(name, "is empty: nothing is in the file.")
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    for magic, content_type in _MAGIC:
        if magic.match(head):
            return content_type
    if head.startswith(b"PK\x03\x04"):
        return _office(data, name)
    _refuse_others(data, head, name)
    return _textual(head, name)


def pages_of(data: bytes, content_type: str, reading: Reading) -> Iterator[Page]:
    """Its pages, by the reader of that type."""
    module = import_module(f"common.reading.{_READERS[content_type]}")
    pages: Callable[[bytes, Reading], Iterator[Page]] = module.pages
    return pages(data, reading)


def _office(data: bytes, name: str) -> str:
    from common.reading.zipped import names_in

    names = names_in(data, name)
    if "word/document.xml" in names:
        return _DOCX
    if "xl/workbook.xml" in names:
        return _XLSX
    raise _unsupported(name, "a ZIP archive, but neither XLSX nor DOCX: run zip-unpack on it")


def _refuse_others(data: bytes, head: bytes, name: str) -> None:
    from common.reading.errors import EncryptedDocument

    for magic, kind in _OTHERS:
        if magic.match(head):
            if _ENCRYPTED_OFFICE in data:
                raise EncryptedDocument(name, "asks for a password: save it without one.")
            outlook = "an Outlook message: save it as EML" if _OUTLOOK in data else ""
            raise _unsupported(name, outlook or kind)


def _textual(head: bytes, name: str) -> str:
    named = _NAMED.get(name.rpartition(".")[2].lower())
    if named:
        return named
    if _HTML.match(head):
        return "text/html"
    return "message/rfc822" if _MAIL.match(head) else "text/plain"


def _unsupported(name: str, kind: str) -> UnsupportedDocument:
    return UnsupportedDocument(name, f"is {kind}. What can be read: {SUPPORTED}.")
