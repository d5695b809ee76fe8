"""Label selectors, as Kubernetes has them: `a = b, c != d, e in (f, g), h, !i`.

https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from common.localcloud.errors import invalid

__all__ = ["Selector"]

Labels = Mapping[str, str]
_TERM = re.compile(
    r"""\s*(?:
        (?P<not>!)\s*(?P<absent>[\w./-]+)
      | (?P<name>[\w./-]+)\s*(?:
            (?P<is>==|=|!=)\s*(?P<value>[\w.-]*)
          | (?P<among>in|notin)\s*\((?P<values>[^)]*)\)
        )?
    )\s*(?:,|$)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Selector:
    """Which labels something must have."""

    terms: tuple[Callable[[Labels], bool], ...]
    equal: dict[str, str]
    """Labels that must have one value, by which what is asked for can be found sooner."""

    @classmethod
    def parsed(cls, text: str) -> Selector:
        """Raises ApiError INVALID_ARGUMENT."""
        terms, equal, at = [], {}, 0
        while at < len(text):
            found = _TERM.match(text, at)
            if found is None or found.end() == at:
                raise invalid("labelSelector", f"{text[at:]!r} is not understood.")
            terms.append(_term(found))
            if found["is"] in {"=", "=="}:
                equal[found["name"]] = found["value"]
            at = found.end()
        return cls(tuple(terms), equal)

    def __call__(self, labels: Labels) -> bool:
        """Whether the labels are as they must be."""
        return all(term(labels) for term in self.terms)


def _term(found: re.Match[str]) -> Callable[[Labels], bool]:
    if found["not"]:
        return lambda labels: found["absent"] not in labels
    name, values = found["name"], {each.strip() for each in (found["values"] or "").split(",")}
    if found["is"]:
        equal = found["is"] != "!="
        return lambda labels: (labels.get(name) == found["value"]) is equal
    if found["among"]:
        among = found["among"] == "in"
        return lambda labels: (labels.get(name) in values) is among
    return lambda labels: name in labels
