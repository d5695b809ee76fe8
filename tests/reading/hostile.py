"""Documents that are made to do harm."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from docx import Document
from openpyxl import Workbook

from tests.reading.raw import packed, page, pdf, repeated, stream

__all__ = ["HOSTILE"]

FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<%b>>"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">%b]>' % b"".join(
    b'<!ENTITY %c "%b">' % (98 + index, b"&%c;" % (97 + index) * 10) for index in range(9)
)
SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<dimension ref="A1:XFD1048576"/><sheetData>%b</sheetData></worksheet>'
)
BODY = (
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b"<w:body>%b</w:body></w:document>"
)
MAIL = b"From: a@b\nSubject: x\nMIME-Version: 1.0\n"


def forms() -> bytes:
    """Each form draws the next one ten times."""
    names = b"/XObject<<%b>>" % b"".join(b"/X%d %d 0 R" % (n, 6 + n) for n in range(10))
    inner = [stream(b"/X%d Do " % (n + 1) * 10, FORM % names) for n in range(9)]
    text = stream(b"BT /F1 9 Tf (boom) Tj ET", FORM % b"/Font<</F1 5 0 R>>")
    return page(stream(b"/X0 Do " * 10), *inner, text, resources=names)


def itself() -> bytes:
    """A form that draws itself."""
    names = b"/XObject<</X0 6 0 R>>"
    return page(stream(b"/X0 Do"), stream(b"/X0 Do", FORM % names), resources=names)


def tree() -> bytes:
    """Pages that are each other's parents, a hundred million of them."""
    kids = b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count 100000000>>"
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", kids % (3, 3), kids % (2, 2)])


def scan() -> bytes:
    """A page's picture of 900 million pixels."""
    about = (
        b"/Type/XObject/Subtype/Image/Width 30000/Height 30000/ColorSpace/DeviceGray"
        b"/BitsPerComponent 8"
    )
    picture = packed(repeated(b"\0", 900_000_000), about)
    return page(stream(b"595 0 0 842 0 0 cm /I Do"), picture, resources=b"/XObject<</I 6 0 R>>")


def many_pages() -> bytes:
    """Ten thousand."""
    kids = b" ".join(b"%d 0 R" % (5 + index) for index in range(10_000))
    one = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R"
        b"/Resources<</Font<</F1 4 0 R>>>>>>"
    )
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%b]/Count 10000>>" % kids,
            stream(b"BT /F1 12 Tf 50 700 Td (text) Tj ET"),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            *[one] * 10_000,
        ]
    )


def office(name: str, content: Callable[[], bytes]) -> bytes:
    """An XLSX or DOCX of which one part is another."""
    whole, out = io.BytesIO(), io.BytesIO()
    (Workbook() if name.startswith("xl") else Document()).save(whole)
    with zipfile.ZipFile(whole) as good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad:
        for part in good.namelist():
            bad.writestr(part, content() if part == name else good.read(part))
    return out.getvalue()


def sheet(content: Callable[[], bytes]) -> bytes:
    return office("xl/worksheets/sheet1.xml", content)


def lying() -> bytes:
    """All parts say that they have a hundred bytes."""
    data = bytearray(sheet(lambda: SHEET % (ROW * 1_000_000)))
    at = 0
    while (at := data.find(b"PK\1\2", at)) >= 0:
        struct.pack_into("<I", data, at + 24, 100)
        at += 4
    return bytes(data)


def png() -> bytes:
    """Of two and a half thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 9999))


def word(body: Callable[[], bytes]) -> bytes:
    return office("word/document.xml", body)


def laughing(frame: bytes, cell: bytes) -> bytes:
    """A thousand million letters, by entities of entities."""
    return ENTITIES + frame % cell


ROW = b"<row><c><v>1</v></c></row>"
PARAGRAPH = b"<w:p><w:r><w:t>%b</w:t></w:r></w:p>"
GARBAGE = b"%PDF-1.7\n" + bytes(range(256)) * 999 + b"startxref\n0\n%%EOF"
BOUNDARY = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
PART = b"--b0\nContent-Disposition: attachment; filename=a.txt\n\nhi\n"
TWICE = (b"[/FlateDecode]", b"[/FlateDecode/FlateDecode]")
BIG, DAMAGED, LATE, FINE = "TooLargeDocument", "DamagedDocument", "ReaderTimedOut", ""
HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    # name: how it is made, and how it may end
    "blanks.pdf": (lambda: page(packed(repeated(b" ", 1 << 30))), {BIG}),
    "twice.pdf": (lambda: page(stream(repeated(b" ", 1 << 30)).replace(*TWICE)), {BIG, DAMAGED}),
    "words.pdf": (lambda: page(packed(repeated(b"BT /F1 9 Tf (x) Tj ET\n", 1 << 21))), {BIG, LATE}),
    "states.pdf": (lambda: page(packed(repeated(b"q ", 1 << 24))), {BIG, LATE}),
    "forms.pdf": (forms, {BIG, LATE}),
    "itself.pdf": (itself, {FINE, DAMAGED}),
    "tree.pdf": (tree, {DAMAGED}),
    "scan.pdf": (scan, {FINE, BIG, LATE}),
    "pages.pdf": (many_pages, {FINE}),
    "garbage.pdf": (lambda: GARBAGE, {DAMAGED}),
    "bomb.xlsx": (lambda: sheet(lambda: SHEET % (ROW * 2_000_000)), {BIG}),
    "rows.xlsx": (lambda: sheet(lambda: SHEET % (ROW * 100_000)), {FINE, LATE}),
    "lying.xlsx": (lying, {DAMAGED, BIG}),
    "laughs.xlsx": (lambda: sheet(lambda: laughing(SHEET, ROW.replace(b"1", b"&j;"))), {DAMAGED}),
    "laughs.docx": (lambda: word(lambda: laughing(BODY, PARAGRAPH % b"&j;")), {DAMAGED}),
    "nested.docx": (lambda: word(lambda: BODY % (b"<w:tbl><w:tr><w:tc>" * 30_000)), {DAMAGED}),
    "long.docx": (lambda: word(lambda: BODY % (PARAGRAPH % b"x" * 900_000)), {FINE, BIG, LATE}),
    "deep.html": (lambda: b"<html>" + b"<div>" * 50_000 + b"deep", {FINE, LATE}),
    "line.csv": (lambda: b"a,b\n" + b"x" * 30_000_000, {BIG}),
    "commas.csv": (lambda: b"," * 60_000_000, {BIG}),
    "word.txt": (lambda: b"x" * 30_000_000, {FINE}),
    "pages.txt": (lambda: b"x\f" * 10_000_000, {FINE}),
    "nested.eml": (lambda: MAIL + b"".join(BOUNDARY % (n, n) for n in range(5_000)), {BIG, LATE}),
    "parts.eml": (lambda: MAIL + BOUNDARY % (0, 0) + PART * 5_000, {FINE, LATE}),
    "head.eml": (lambda: MAIL.replace(b"x", b"=?utf-8?q?" * 1_000) + b"\nhi", {FINE, LATE}),
    "pixels.png": (png, {BIG}),
}
