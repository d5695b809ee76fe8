"""The program tesseract: what it finds in one picture."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache

from common.reading.clean import clean
from common.reading.document import Box, Word

__all__ = ["GET_IT", "installed", "is_there", "orientation", "words_in"]

GET_IT = (
    "install tesseract and its languages, such as with"
    " apt-get install tesseract-ocr tesseract-ocr-deu (brew install tesseract tesseract-lang)"
)
_WORD = "5"  # the level of a TSV row; those above are pages, blocks, paragraphs and lines
_SURE = 100
_FEW = 8
_NO_LANGUAGES = {"osd", "equ"}


@cache
def is_there() -> bool:
    """Whether it is installed."""
    return shutil.which("tesseract") is not None


@cache
def installed() -> tuple[str, ...]:
    """The languages that it knows here, English last: of models that are as sure of a word it
    takes the first one's reading, and English has no accents."""
    said = _run(["tesseract", "--list-langs"], b"", 10).decode(errors="replace").splitlines()[1:]
    found = {line.strip() for line in said} - _NO_LANGUAGES
    return tuple(sorted(found, key=lambda language: (language == "eng", language)))


def words_in(
    picture: bytes, *, dpi: int, languages: Sequence[str], mode: int, within: float
) -> Iterator[Word]:
    """The words of a picture in a format that it reads, their boxes in pixels.

    `mode` is tesseract's page segmentation mode. Raises subprocess.TimeoutExpired, OSError.
    """
    argv = ["tesseract", "stdin", "stdout", "-l", "+".join(languages), "--dpi", str(dpi)]
    answer = _run([*argv, "--psm", str(mode), "tsv"], picture, within)
    for row in answer.decode(errors="replace").splitlines():
        if row.startswith(_WORD + "\t"):
            yield from _word(row.split("\t"))


def orientation(picture: bytes, *, within: float) -> int:
    """By how many quarters of a turn, clockwise, the picture has to be turned to be upright."""
    argv = ["tesseract", "stdin", "stdout", "--psm", "0", "-c", f"min_characters_to_try={_FEW}"]
    for line in _run(argv, picture, within).decode(errors="replace").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "Rotate":
            return round(int(value) / 90) % 4
    return 0


def _word(row: Sequence[str]) -> Iterator[Word]:
    left, top, width, height = map(float, row[6:10])
    text = clean(row[11]).strip()
    if text:
        box = Box(left, top, left + width, top + height)
        yield Word(text, box, max(0.0, float(row[10])) / _SURE)


def _run(argv: Sequence[str], given: bytes, within: float) -> bytes:
    from common.runtime.children import Children

    children = Children()
    pipe = subprocess.PIPE
    child = children.start(argv, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    with child:
        try:
            return child.communicate(given, timeout=within)[0]
        finally:
            children.kill()
