"""PDFs written by hand, as no library would write them."""

from __future__ import annotations

import zlib

__all__ = ["packed", "page", "pdf", "repeated", "shown", "stream"]


def pdf(objects: list[bytes]) -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def page(content: bytes, *more: bytes, resources: bytes = b"", fonts: bytes = b"") -> bytes:
    """A PDF of one page. 4 is its content, 5 Helvetica, `more` come from 6 on."""
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Annots[6 0 R]"
            b"/Resources<</Font<</F1 5 0 R%b>>%b>>>>" % (fonts, resources),
            content,
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            *more,
        ]
    )


def stream(data: bytes, about: bytes = b"", filters: int = 1) -> bytes:
    """A stream object, deflated so many times."""
    for _ in range(filters):
        data = zlib.compress(data, 9)
    return packed(data, about, filters)


def packed(data: bytes, about: bytes = b"", filters: int = 1) -> bytes:
    """A stream object of what is deflated already."""
    names = b"/FlateDecode" * filters
    return b"<</Length %d/Filter[%b]%b>>stream\n%b\nendstream" % (len(data), names, about, data)


def repeated(unit: bytes, count: int) -> bytes:
    """So many of them or a few more, deflated, without ever having them all."""
    packer = zlib.compressobj(9)
    block = unit * ((1 << 20) // len(unit))
    begin = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return begin + again * (count * len(unit) // len(block)) + packer.flush()


def shown(text: str) -> bytes:
    """A PDF that shows these characters from left to right, by a font that says which they are."""
    codes = {char: 0x21 + index for index, char in enumerate(dict.fromkeys(text.replace(" ", "")))}
    names = {char: char.encode("utf-16-be").hex() for char in codes}
    pairs = "".join(f"<{code:02X}> <{names[char]}>\n" for char, code in codes.items())
    known = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        f"1 begincodespacerange <00> <FF> endcodespacerange\n{len(codes)} beginbfchar\n{pairs}"
        "endbfchar endcmap end end"
    )
    drawn = "".join(f"{codes.get(char, 0x20):02X}" for char in text)
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Courier/ToUnicode 8 0 R>>"
    content = stream(f"BT /F2 12 Tf 50 700 Td <{drawn}> Tj ET".encode())
    return page(content, b"<<>>", font, stream(known.encode()), fonts=b"/F2 7 0 R")
