"""What was added to a text, and what was removed from it: sentence by sentence.

What does not count is taken out of both texts first: the sentences that are to be ignored. In those
that are left, one time to the second is as good as another, and so is how long ago something was.
"""

from __future__ import annotations

import fnmatch
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["Difference", "compare"]

_CLOCK = re.compile(r"\b\d{1,2}:\d{2}:\d{2}(?:\.\d{1,6})?\b")
_AGO = re.compile(
    r"\b(?:an?|\d{1,3}) (?:second|minute|hour)s? ago\b|\bjust now\b"
    r"|\bvor (?:einer|\d{1,3}) (?:Sekunde|Minute|Stunde)n?\b",
    re.IGNORECASE,
)
_PAIRS = 50_000
"""Places where two sentences agree; and sentences between the first and the last that differ. With
more of them order is no longer told, since finding it out takes the product of both texts."""
_SENTENCES = 2_000
_AROUND = 2
"""Sentences shown around what has changed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What lies between two texts."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    turned: tuple[tuple[str, str], ...]
    """Those that became another one; they are among the added and the removed, too."""
    similarity: float
    """Of both texts' characters, the share that is in both."""
    lines: tuple[str, ...]
    """For people: with a + or a - before what has changed, and what stands around it."""


Part = tuple[Sequence[str], Sequence[str], bool]
"""What was, what is, and whether that is the same."""


def compare(before: Sequence[str], after: Sequence[str], ignore: Sequence[str]) -> Difference:
    """The difference between two texts' sentences."""
    counts = _counting(ignore)
    old = [each for each in before if counts(each)]
    new = [each for each in after if counts(each)]
    parts = [*_parts(old, new)]
    added = tuple(each for _, to, same in parts if not same for each in to)
    removed = tuple(each for was, _, same in parts if not same for each in was)
    whole = _size(old) + _size(new)
    changed = _size(added) + _size(removed)
    return Difference(
        added=added,
        removed=removed,
        turned=tuple(pair for was, to, same in parts if not same for pair in _turned(was, to)),
        similarity=1.0 - changed / whole if whole else 1.0,
        lines=tuple(_lines(parts)),
    )


def _counting(ignore: Sequence[str]) -> Callable[[str], bool]:
    # Patterns of a shell's are matched in one pass; regular ones may take for ever.
    patterns = [re.compile(fnmatch.translate(each.casefold())) for each in ignore]
    return lambda text: not any(pattern.match(text.casefold()) for pattern in patterns)


def _parts(old: list[str], new: list[str]) -> Iterator[Part]:
    """The texts in parts, in order, each of which is the same in both or is not."""
    a, b = [*map(_key, old)], [*map(_key, new)]
    begin = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    if begin is None:
        begin = min(len(a), len(b))
    end = 0
    while end < min(len(a), len(b)) - begin and a[-1 - end] == b[-1 - end]:
        end += 1
    if begin:
        yield old[:begin], new[:begin], True
    stop_a, stop_b = len(a) - end, len(b) - end
    for i, j, k, m, same in _blocks(a[begin:stop_a], b[begin:stop_b]):
        yield old[begin + i : begin + j], new[begin + k : begin + m], same
    if end:
        yield old[stop_a:], new[stop_b:], True


def _blocks(a: list[str], b: list[str]) -> Iterator[tuple[int, int, int, int, bool]]:
    in_a, in_b = Counter(a), Counter(b)
    pairs = sum(in_a[line] * in_b[line] for line in in_a)
    if pairs > _PAIRS or max(len(a), len(b)) > _SENTENCES:
        yield from _unordered(a, b, in_a, in_b)
        return
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        yield i, j, k, m, tag == "equal"


def _unordered(
    a: list[str], b: list[str], in_a: Counter[str], in_b: Counter[str]
) -> Iterator[tuple[int, int, int, int, bool]]:
    """What there is more of in one than in the other, wherever it stands."""
    gone, come = in_a - in_b, in_b - in_a
    for i, line in enumerate(a):
        if gone[line]:
            gone[line] -= 1
            yield i, i + 1, 0, 0, False
    for k, line in enumerate(b):
        if come[line]:
            come[line] -= 1
            yield 0, 0, k, k + 1, False


def _key(text: str) -> str:
    return _AGO.sub("(ago)", _CLOCK.sub("(time)", text))


def _turned(was: Sequence[str], to: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Sentences that stand where others stood, and are like them."""
    for old, new in zip(was[:20], to[:20], strict=False):
        if SequenceMatcher(None, old.split(), new.split()).ratio() >= 0.5:
            yield old, new


def _lines(parts: Sequence[Part]) -> Iterator[str]:
    for was, to, same in parts:
        if not same:
            yield from (f"- {each}" for each in was)
            yield from (f"+ {each}" for each in to)
        elif len(was) <= 2 * _AROUND:
            yield from (f"  {each}" for each in was)
        else:
            yield from (f"  {each}" for each in was[:_AROUND])
            yield "  …"
            yield from (f"  {each}" for each in was[-_AROUND:])


def _size(texts: Sequence[str]) -> int:
    return sum(map(len, texts))
