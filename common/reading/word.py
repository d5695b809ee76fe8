"""DOCX: paragraphs and tables in their order, letterheads first and footers last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from common.reading.context import Reading
from common.reading.document import Page
from common.reading.flow import Flow
from common.reading.zipped import checked

if TYPE_CHECKING:
    from docx.document import Document as Docx

__all__ = ["pages"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_UNREAD = {f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "pPr", "rPr", "tblPr")}
_UNREAD |= {_FALLBACK}
_BOX = f"{_W}txbxContent"
_BREAKS = {f"{_W}p", f"{_W}tbl"}


def pages(data: bytes, reading: Reading) -> Iterator[Page]:
    """The one page: what a printer would make of it is not known here."""
    import docx as python_docx

    docx = python_docx.Document(checked(data, reading.name, reading.limits.unpacked))
    flow = Flow(most=reading.words_left)
    for part in (*_edges(docx, "header"), docx.element.body, *_edges(docx, "footer")):
        _set(part, flow)
    if docx.inline_shapes:
        reading.warn(f"Pictures in {reading.name} were not looked at.")
    yield flow.page()


def _edges(docx: Docx, which: str) -> Iterator[Any]:
    """The headers or footers, each once."""
    for section in docx.sections:
        kinds = [which]
        if section.different_first_page_header_footer:
            kinds.insert(0, f"first_page_{which}")
        for kind in kinds:
            edge = getattr(section, kind)
            if not edge.is_linked_to_previous:
                yield edge._element  # noqa: SLF001 - python-docx leaves text boxes out


def _set(part: Any, flow: Flow) -> None:
    """Set what is in a part, in its order."""
    for thing in part:
        if thing.tag == f"{_W}p":
            flow.text(_text(thing) or "\n\n")
            for box in thing.iter(_BOX):
                if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                    _set(box, flow)
        elif thing.tag == f"{_W}tbl":
            flow.table([_cell(cell) for cell in _below(row, "tc")] for row in _below(thing, "tr"))
        elif isinstance(thing.tag, str) and thing.tag not in _UNREAD:
            _set(thing, flow)


def _below(part: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, but not those of tables within."""
    for thing in part:
        if thing.tag == f"{_W}{name}":
            yield thing
        elif isinstance(thing.tag, str) and thing.tag not in _BREAKS | _UNREAD:
            yield from _below(thing, name)


def _cell(cell: Any) -> str:
    return "\n".join(filter(None, map(_text, cell.iter(f"{_W}p"))))


def _text(paragraph: Any) -> str:
    """What can be seen of it; what is in text boxes comes by itself."""
    pieces: list[str] = []
    stack = [*reversed(paragraph)]
    while stack:
        thing = stack.pop()
        if thing.tag == f"{_W}t":
            pieces.append(thing.text or "")
        elif thing.tag in _SIGNS:
            pieces.append(_SIGNS[thing.tag])
        elif thing.tag not in _UNREAD and thing.tag != _BOX and not _is_hidden(thing):
            stack += reversed(thing)
    return "".join(pieces)


def _is_hidden(run: Any) -> bool:
    off = {"0", "false", "off"}
    return any(
        vanish.get(f"{_W}val", "true") not in off for vanish in run.findall(f"{_W}rPr/{_W}vanish")
    )
