"""What has changed, in words: made here of the sentences that tell most."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobs.monitor_check.comparing import Difference

__all__ = ["shortened", "summarised", "telling", "told"]

_SHOWN = 3
_LONGEST = 240
_TELLING = re.compile(r"\d|[€$£¥%]")


def summarised(difference: Difference) -> str:
    """The numbers, and the sentences that tell most of each kind."""
    said = [_counted(difference)]
    old = {was for was, _ in difference.turned}
    new = {to for _, to in difference.turned}
    said += [f"“{shortened(was)}” became “{shortened(to)}”." for was, to in _pairs(difference)]
    said += _named("Added", [each for each in difference.added if each not in new])
    said += _named("Removed", [each for each in difference.removed if each not in old])
    return " ".join(said)


def telling(texts: Sequence[str], most: int) -> list[str]:
    """Those that tell most, in their order: with numbers, and neither a word nor a page long."""
    ranked = sorted(range(len(texts)), key=lambda number: (-_weight(texts[number]), number))
    return [texts[number] for number in sorted(ranked[:most])]


def told(texts: Sequence[str], most: int) -> list[str]:
    """The same, each of bounded length."""
    return [shortened(each) for each in telling(texts, most)]


def shortened(text: str) -> str:
    """A text of bounded length."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def _counted(difference: Difference) -> str:
    parts = [
        f"{len(found):,} {'sentence' if len(found) == 1 else 'sentences'} {what}"
        for found, what in ((difference.added, "added"), (difference.removed, "removed"))
        if found
    ]
    return f"{', '.join(parts)}."


def _pairs(difference: Difference) -> Sequence[tuple[str, str]]:
    return sorted(difference.turned, key=lambda pair: -_weight(pair[1]))[:_SHOWN]


def _named(what: str, texts: Sequence[str]) -> Iterator[str]:
    if texts:
        quoted = ", ".join(f"“{shortened(each)}”" for each in telling(texts, _SHOWN))
        rest = len(texts) - _SHOWN
        yield f"{what}: {quoted}{f' and {rest:,} more' if rest > 0 else ''}."


def _weight(text: str) -> float:
    words = len(text.split())
    fits = 1.0 if 4 <= words <= 40 else 0.4
    return fits + 0.5 * bool(_TELLING.search(text))
