"""HTML: what a reader would see of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from common.reading.context import Reading
from common.reading.document import Page
from common.reading.errors import BadSelector
from common.reading.flow import Flow
from common.reading.grid import grid
from common.reading.texts import decoded

if TYPE_CHECKING:
    from bs4 import Tag

__all__ = ["pages", "set_html"]

_SAID = re.compile(rb"""<meta[^>]{1,200}?charset=["']?([\w-]{1,40})""", re.IGNORECASE)
_UNSEEN = re.compile(
    "head|script|style|noscript|template|svg|math|iframe|object|embed|canvas|audio|video|select"
    "|option|datalist|map"
)
_INLINE = re.compile(
    "a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|img|ins|kbd|label|mark|nobr"
    "|output|q|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var|wbr"
)
_HIDDEN = re.compile(
    r"display:none|visibility:hidden|opacity:0(;|$)|font-size:0(px|pt)?(;|$)|mso-hide:all"
)
_BLANK = re.compile(r"[ \t\n\r\f]+")


def pages(data: bytes, reading: Reading) -> Iterator[Page]:
    """The one page."""
    flow = Flow(most=reading.words_left)
    set_html(_text(data, reading.name), flow, reading)
    yield flow.page()


def set_html(html: str, flow: Flow, reading: Reading | None = None) -> None:
    """Set what is seen of a page; innermost tables as such, as those around them are for looks."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "lxml")
    selected = _selected(soup, reading) if reading and reading.selector else soup.children
    written: list[str] = []
    for piece in _pieces(selected):
        if isinstance(piece, str):
            written.append(piece)
            continue
        flow.text(_tidy(written))
        written.clear()
        _set_table(piece, flow)
    flow.text(_tidy(written))


def _selected(soup: Any, reading: Reading) -> Iterator[Any]:
    """The outermost tags that the selector names, a line apart."""
    from soupsieve import SelectorSyntaxError

    try:
        found = soup.select(reading.selector)
    except (SelectorSyntaxError, NotImplementedError, ValueError):
        why = f"cannot be searched for {reading.selector!r}, which is no CSS selector."
        raise BadSelector(reading.name, why) from None
    inner = set(map(id, found))
    for tag in found:
        if not any(id(outer) in inner for outer in tag.parents):
            yield tag
            yield soup.new_string("\n")


def _set_table(table: Tag, flow: Flow) -> None:
    rows = grid(table, lambda cell: _tidy(_pieces(cell.children)))
    if max(map(len, rows), default=0) > 1:
        flow.table(rows)
    else:
        flow.text("\n".join(cell for row in rows for cell in row))


def _pieces(things: Iterable[Any]) -> Iterator[Any]:
    """Texts, line feeds among them, and tables in which there is no other, in their order.

    No function calls itself here: pages may be nested however deeply.
    """
    from bs4.element import NavigableString, PreformattedString, Tag

    stack: list[Any] = [iter(things)]
    while stack:
        thing = next(stack[-1], None) if not isinstance(stack[-1], str) else None
        if thing is None:
            if isinstance(end := stack.pop(), str):
                yield end
            continue
        if isinstance(thing, Tag):
            if _is_hidden(thing):
                continue
            if thing.name == "table" and not thing.find("table"):
                yield thing
            elif thing.name == "br":
                yield "\n"
            else:
                around = "" if _INLINE.fullmatch(thing.name) else "\n"
                yield around
                stack += [around, iter(thing.children)]
        elif isinstance(thing, NavigableString) and not isinstance(thing, PreformattedString):
            yield _BLANK.sub(" ", thing)


def _is_hidden(tag: Tag) -> bool:
    if _UNSEEN.fullmatch(tag.name) or tag.has_attr("hidden"):
        return True
    style = tag.get("style")
    return bool(style) and bool(_HIDDEN.search(_BLANK.sub("", str(style)).lower()))


def _tidy(pieces: Any) -> str:
    lines = "".join(piece for piece in pieces if isinstance(piece, str)).split("\n")
    return "\n".join(tidy for line in lines if (tidy := _BLANK.sub(" ", line).strip(" ")))


def _text(data: bytes, name: str) -> str:
    said = _SAID.search(data[:4096])
    if said and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return data.decode(said[1].decode())
        except (LookupError, UnicodeDecodeError):
            pass  # what a page says of itself is often wrong
    return decoded(data, name)
