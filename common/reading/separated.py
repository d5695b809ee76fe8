"""Tables as text: CSV with whatever is between its cells, and TSV."""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Iterator

from common.reading.context import Reading
from common.reading.document import Page
from common.reading.errors import TooLargeDocument
from common.reading.flow import Flow
from common.reading.texts import decoded

__all__ = ["delimiter_of", "pages"]

_DELIMITERS = "\t;,|"
_ROWS = 50
_SAMPLE = 1 << 16
_CELL = 1 << 20
"""Characters of the largest cell."""


def pages(data: bytes, reading: Reading) -> Iterator[Page]:
    """The one table."""
    text = decoded(data, reading.name)
    flow = Flow(most=reading.words_left)
    try:
        flow.table(_rows(text, delimiter_of(text)))
    except csv.Error as error:
        why = f"has a cell of more than {_CELL:,} characters ({error}): is a quote left open?"
        raise TooLargeDocument(reading.name, why) from error
    yield flow.page()


def delimiter_of(text: str) -> str:
    """What is between the cells: what parts the most rows into the same number of them.

    csv.Sniffer counts characters, quoted ones as well, and takes minutes for some texts.
    """
    sample = text[:_SAMPLE]
    if sample.startswith("sep=") and sample[4:5] in _DELIMITERS:  # as Excel writes and obeys
        return sample[4]
    return max(_DELIMITERS, key=lambda delimiter: _regularity(sample, delimiter))


def _regularity(sample: str, delimiter: str) -> float:
    try:
        rows = [row for row in itertools.islice(_rows(sample, delimiter), _ROWS) if row]
    except csv.Error:
        return 0
    (width, count), *_ = Counter(map(len, rows)).most_common(1) or [(1, 0)]
    return count / len(rows) + min(width, 100) / 1000 if width > 1 else 0


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_CELL)
    lines = iter(text.split("\n"))
    if text.startswith("sep="):
        next(lines)
    return csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, skipinitialspace=True)
