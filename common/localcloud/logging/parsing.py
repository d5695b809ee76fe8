"""The Logging query language, as much of it as finds what tasks have printed.

Known are comparisons by = != < <= > >= : =~ !~, words to look for anywhere, AND (which may be left
out), OR, NOT, - and brackets. Functions are not, and are refused by name.
https://cloud.google.com/logging/docs/view/logging-query-language
"""

from __future__ import annotations

from common.localcloud.errors import ApiError, invalid
from common.localcloud.logging.query import ALL, Query, all_of, any_of, compared, having, not_
from common.localcloud.logging.tokens import Token, tokens

__all__ = ["parsed"]

_END = Token("end", "")
_DEEPEST = 50


def parsed(text: str) -> Query:
    """The query that is written there. Raises ApiError INVALID_ARGUMENT naming what is odd."""
    parser = _Parser([*tokens(text), _END])
    query = ALL if parser.next.is_("end") else parser.all()
    if not parser.next.is_("end"):
        raise parser.odd()
    return query


class _Parser:
    """Reads from the first word to the last. OR binds closer than AND does."""

    def __init__(self, words: list[Token]) -> None:
        self._words = words
        self._at = 0
        self._depth = 0

    @property
    def next(self) -> Token:
        return self._words[self._at]

    def odd(self) -> ApiError:
        if self.next.is_("end"):
            return invalid("filter", "it ends too soon.")
        return invalid("filter", f"{self.next.text!r} is not understood where it is.")

    def all(self) -> Query:
        terms = [self._any()]
        while not self.next.is_("end") and not self.next.is_("bracket", ")"):
            if self.next.is_("word", "AND"):
                self._take()
            terms.append(self._any())
        return all_of(terms)

    def _take(self) -> Token:
        token = self.next
        self._at += 1
        return token

    def _any(self) -> Query:
        terms = [self._one()]
        while self.next.is_("word", "OR"):
            self._take()
            terms.append(self._one())
        return any_of(terms)

    def _one(self) -> Query:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise invalid("filter", "it is nested too deep.")
        query = self._term()
        self._depth -= 1
        return query

    def _term(self) -> Query:
        if self.next.is_("minus") or self.next.is_("word", "NOT"):
            self._take()
            return not_(self._one())
        if self.next.is_("bracket", "("):
            self._take()
            query = self.all()
            self._close()
            return query
        return self._comparison()

    def _close(self) -> None:
        if not self.next.is_("bracket", ")"):
            raise self.odd()
        self._take()

    def _comparison(self) -> Query:
        field = self._text()
        if self.next.is_("bracket", "("):
            raise invalid("filter", f"the function {field}() is not known here.")
        if not self.next.is_("operator"):
            return having(field)
        sign = self._take().text
        if self.next.is_("bracket", "("):
            return self._values(field, sign)
        return compared(field, sign, self._text())

    def _values(self, field: str, sign: str) -> Query:
        """Several in brackets, all joined by OR, or all by AND."""
        self._take()
        terms, joins = [compared(field, sign, self._text())], set()
        while self.next.is_("word", "AND", "OR"):
            joins.add(self._take().text)
            terms.append(compared(field, sign, self._text()))
        if len(joins) > 1:
            raise invalid("filter", f"the values of {field} are joined by both AND and OR.")
        self._close()
        return all_of(terms) if joins == {"AND"} else any_of(terms)

    def _text(self) -> str:
        """A word or a string."""
        is_word = self.next.is_("word") and not self.next.is_("word", "AND", "OR", "NOT")
        if not is_word and not self.next.is_("string"):
            raise self.odd()
        return self._take().text
