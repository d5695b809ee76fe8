"""What a reader knows of its task, and whom it tells."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from common.reading.document import Line, Page
from common.reading.errors import NoRecognition
from common.reading.limits import Limits

__all__ = ["Reading", "Spent"]


@dataclass(slots=True)
class Spent:
    """What of the limits is used up, over a document and all that is attached to it."""

    pages: int = 0
    words: int = 0
    recognised: int = 0
    unseen: int = 0
    """Pictures that were not looked at, for want of a program that does."""
    attachments: int = 0
    is_all: bool = False
    """Whether no more is to be read."""


class Reading:
    """The reading of one document."""

    def __init__(
        self,
        name: str,
        limits: Limits,
        languages: Sequence[str],
        tell: Callable[..., None],
        *,
        selector: str = "",
    ) -> None:
        self.name = name
        self.limits = limits
        self.languages = tuple(languages)
        self.selector = selector
        """CSS: the parts of a web page that are read; all of it if empty."""
        self.tell = tell
        self.spent = Spent()

    def of(self, name: str) -> Reading:
        """The reading of what is attached."""
        other = copy.copy(self)
        other.name = name
        return other

    @property
    def pages_left(self) -> int:
        """How many pages may yet be read."""
        return self.limits.pages - self.spent.pages

    @property
    def words_left(self) -> int:
        """How many words may yet be read."""
        return self.limits.words - self.spent.words

    def unseen(self, what: str) -> None:
        """Say that a picture was not looked at, for want of a program that does."""
        from common.reading.tesseract import GET_IT

        self.spent.unseen += 1
        self.warn(f"{what} is a picture, and was not read: {GET_IT}.")

    def finish(self) -> None:
        """Raise NoRecognition if nothing was read, for want of such a program."""
        if self.spent.unseen and not self.spent.words:
            from common.reading.tesseract import GET_IT

            raise NoRecognition(
                self.name, f"has nothing but pictures in it; to read them, {GET_IT}."
            )

    def warn(self, sentence: str) -> None:
        """Say what is left out, and why."""
        self.tell("warning", sentence)

    def expect(self, pages: int) -> None:
        """Say how many pages there are: more of them take more time, and are not all read."""
        self.tell("expect", pages)
        if pages > self.pages_left:
            self.warn(
                f"{self.name} has {pages:,} pages; the limit is {self.limits.pages:,}, and the"
                " rest is left out."
            )

    def fitted(self, page: Page) -> Page:
        """The page with its number, and as much of it as the limits allow."""
        self.spent.pages += 1
        self.spent.is_all = self.spent.pages >= self.limits.pages
        lines = self._fitting(page.lines)
        return replace(page, number=self.spent.pages, lines=lines)

    def _fitting(self, lines: Sequence[Line]) -> tuple[Line, ...]:
        for count, line in enumerate(lines):
            self.spent.words += len(line.words)
            if self.spent.words > self.limits.words:
                self.spent.is_all = True
                self.warn(
                    f"{self.name} has more than {self.limits.words:,} words; what comes after page"
                    f" {self.spent.pages}, line {count} is left out."
                )
                return tuple(lines[:count])
        return tuple(lines)
