"""Whether what was found is what stands there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from jobs.extraction.found import Found

__all__ = ["Verdict", "judge", "same"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One field of one document: what was expected, what was found, and whether it is right."""

    field: str
    expected: Any
    found: Any
    confidence: float | None
    right: bool


TITLES = {"herr", "herrn", "frau", "firma"}
ALIKE = 0.85
"""How alike names and addresses are to be: sources write them in more ways than one."""


def judge(truth: Mapping[str, Any], findings: Mapping[str, Found]) -> list[Verdict]:
    """A verdict for each field of which the truth is known; rows cell by cell."""
    verdicts: list[Verdict] = []
    for field, expected in truth.items():
        found = findings.get(field)
        if isinstance(expected, list) and expected and isinstance(expected[0], Mapping):
            verdicts += _rows(field, expected, found)
        elif expected is not None or found is not None:
            value = found.value if found else None
            confidence = found.confidence if found else None
            right = found is not None and expected is not None and same(field, expected, value)
            verdicts.append(Verdict(field, expected, value, confidence, right))
    return verdicts


def _rows(field: str, expected: list[Mapping[str, Any]], found: Found | None) -> list[Verdict]:
    """Rows are paired in their order, by what is alike in them."""
    rows = list(found.rows) if found else []
    verdicts: list[Verdict] = []
    for row, true in _paired(expected, rows):
        names = (
            list(true)
            if true is not None
            else [name for name in row or {} if name in _known(expected)]
        )
        for name in names:
            cell = row.get(name) if row else None
            value = None if true is None else true[name]
            if value is None and cell is None:
                continue
            right = cell is not None and value is not None and same(name, value, cell.value)
            verdicts.append(
                Verdict(
                    f"{field}.{name}",
                    value,
                    cell.value if cell else None,
                    cell.confidence if cell else None,
                    right,
                )
            )
    return verdicts


def _known(expected: Sequence[Mapping[str, Any]]) -> set[str]:
    return {name for row in expected for name in row}


def _paired(
    expected: list[Mapping[str, Any]], rows: Sequence[Mapping[str, Found]]
) -> list[tuple[Mapping[str, Found] | None, Mapping[str, Any] | None]]:
    """The best alignment of both lists, by how many cells agree."""
    height, width = len(expected), len(rows)
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for i in range(height - 1, -1, -1):
        for j in range(width - 1, -1, -1):
            together = best[i + 1][j + 1] + _agreement(expected[i], rows[j])
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[Mapping[str, Found] | None, Mapping[str, Any] | None]] = []
    i = j = 0
    while i < height or j < width:
        if (
            i < height
            and j < width
            and best[i][j] == best[i + 1][j + 1] + _agreement(expected[i], rows[j])
        ):
            pairs.append((rows[j], expected[i]))
            i, j = i + 1, j + 1
        elif j >= width or (i < height and best[i][j] == best[i + 1][j]):
            pairs.append((None, expected[i]))
            i += 1
        else:
            pairs.append((rows[j], None))
            j += 1
    return pairs


def _agreement(true: Mapping[str, Any], row: Mapping[str, Found]) -> float:
    return 0.1 + sum(
        name in row and value is not None and same(name, value, row[name].value)
        for name, value in true.items()
    )


def same(field: str, expected: Any, found: Any) -> bool:
    """Whether two values mean the same."""
    if isinstance(found, Mapping):
        found = found.get("amount")
    if isinstance(expected, Mapping):
        expected = expected.get("amount")
    if isinstance(expected, (int, float)) and not isinstance(expected, bool):
        if not isinstance(found, (int, float)):
            return False
        return abs(abs(expected) - abs(found)) < 0.006
    if isinstance(expected, (list, tuple)):  # any of them
        return any(same(field, one, found) for one in expected)
    if field.endswith(("_name", "description", "_address")):
        return _alike(str(expected), str(found))
    return _bare(str(expected)) == _bare(str(found))


def _alike(expected: str, found: str) -> bool:
    one, other = _words(expected), _words(found)
    if not one or not other:
        return False
    if " ".join(one) == " ".join(other):
        return True
    held = len(set(one) & set(other)) / len(set(one) | set(other))
    ratio = SequenceMatcher(None, "".join(one), "".join(other), autojunk=False).ratio()
    # The first line of a longer description, and a name with its legal form or without.
    begins = " ".join(other).startswith(" ".join(one)) or " ".join(one).startswith(" ".join(other))
    return held >= ALIKE or ratio >= ALIKE or (begins and min(len(one), len(other)) * 3 >= len(one))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", _plain(text)) if word not in TITLES]


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", _plain(text))
