from __future__ import annotations

import io
import shutil
import zlib

import pypdfium2
import pytest
from fpdf import FPDF
from PIL import Image, ImageChops, ImageFilter

from common.reading.document import Box, Word
from common.reading.errors import DamagedDocument, NoRecognition, TooLargeDocument
from common.reading.fragments import joined
from common.reading.tesseract import installed, is_there
from common.reading.upright import evened, skew_of
from tests.chaos.counts import CHAOS
from tests.reading.here import heard, page_of, words_of
from tests.services.missing import missing

ROWS = (
    ("Invoice number", "INV-2026-0042"),
    ("Invoice date", "1 March 2026"),
    ("Total amount due", "339.50"),
)
FORMATS = {"PNG": {}, "JPEG": {"quality": 80}, "WEBP": {}, "GIF": {}, "TIFF": {"dpi": (200, 200)}}


@pytest.fixture(scope="module")
def tesseract() -> None:
    if shutil.which("tesseract") is None:
        missing("tesseract", "apt-get install tesseract-ocr")


@pytest.fixture(scope="module")
def scan() -> Image.Image:
    """A page as a scanner of 200 dots an inch sees it."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=12)
    for number, (label, value) in enumerate(ROWS):
        pdf.text(20, 40 + 10 * number, label)
        pdf.text(120, 40 + 10 * number, value)
    page = pypdfium2.PdfDocument(bytes(pdf.output()))[0]
    return page.render(scale=200 / 72, grayscale=True).to_pil().convert("L")


def saved(image: Image.Image, form: str = "PNG", **more) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **FORMATS[form], **more)
    return out.getvalue()


def rows_of(page) -> list[tuple[str, ...]]:
    return [tuple(line.text for line in row) for row in page.rows]


def turned(image: Image.Image, degrees: float) -> Image.Image:
    return image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def shaded(image: Image.Image) -> Image.Image:
    """As a lamp on one side lights it."""
    shade = Image.linear_gradient("L").resize(image.size).point(lambda grey: 60 + grey * 195 // 255)
    return ImageChops.multiply(image, shade).filter(ImageFilter.GaussianBlur(0.7))


@pytest.mark.usefixtures("tesseract")
def test_a_picture_of_a_page_is_read(scan):
    page = page_of(saved(scan, "JPEG"))
    assert rows_of(page) == [*ROWS]
    assert all(0.5 < word.certainty <= 1 for word in words_of(page))
    number = page.lines[0].box
    assert number.left == pytest.approx(20 / 25.4 * 72, abs=4)
    assert number.top < 40 / 25.4 * 72 < number.bottom + 4


@pytest.mark.usefixtures("tesseract")
def test_each_page_of_a_tiff_is_read(scan):
    pages = heard(saved(scan, "TIFF", save_all=True, append_images=[turned(scan, -2)])).pages
    assert [rows_of(page) for page in pages] == [[*ROWS], [*ROWS]]
    assert pages[0].width == pytest.approx(595, abs=2)


@pytest.mark.usefixtures("tesseract")
@pytest.mark.parametrize(
    "spoilt", [lambda image: shaded(turned(image, 4)), lambda image: turned(image, 0.8)]
)
def test_a_bad_scan_is_read_as_well(scan, spoilt):
    assert rows_of(page_of(saved(spoilt(scan)))) == [*ROWS]


@pytest.mark.usefixtures("tesseract")
@pytest.mark.parametrize("degrees", [90, 180] if CHAOS else [90])
def test_a_scan_that_lies_on_its_side_is_read(scan, degrees):
    if "osd" not in languages():
        missing("tesseract's osd", "apt-get install tesseract-ocr-osd")
    page = page_of(saved(turned(scan, degrees), "TIFF"))
    assert rows_of(page) == [*ROWS]
    assert page.width < page.height


@pytest.mark.usefixtures("tesseract")
def test_a_pdf_of_pictures_is_read_and_its_stamp_too(scan):
    pdf = FPDF()
    pdf.add_page()
    pdf.image(scan, 0, 0, pdf.w, pdf.h)
    pdf.set_font("Helvetica", size=9)
    pdf.text(20, 280, "Received 2026-03-02")
    page = page_of(bytes(pdf.output()))
    assert rows_of(page) == [*ROWS, ("Received 2026-03-02",)]
    assert page.lines[-1].words[0].certainty == 1


def test_a_blank_page_is_no_work(scan):
    blank = Image.new("L", scan.size, 250)
    assert heard(saved(blank), recognised=0) == ([page_of(saved(blank))], [])


def test_pictures_beyond_the_limit_are_left_out_and_that_is_said(scan):
    found = heard(saved(scan), recognised=0)
    assert found.pages[0].lines == ()
    assert is_there() is (found.warnings == ["paper is a picture and was not read, since 0 were."])


def test_without_tesseract_it_is_said_how_to_get_it(scan, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: None)
    is_there.cache_clear()
    try:
        with pytest.raises(NoRecognition, match=r"^a\.png has nothing but .* apt-get install tess"):
            heard(saved(scan), "a.png")
        pdf = FPDF()
        pdf.add_page()
        pdf.set_font("Helvetica", size=9)
        pdf.text(20, 280, "A page of text")
        pdf.add_page()
        pdf.image(scan, 0, 0, pdf.w, pdf.h)
        first, _ = (found := heard(bytes(pdf.output()), "a.pdf")).pages
        assert first.text == "A page of text"
        assert found.warnings[0].startswith("Page 2 of a.pdf is a picture, and was not read:")
    finally:
        is_there.cache_clear()


@pytest.mark.parametrize("degrees", [-5, -1.2, 0, 1.5, 3])
def test_how_far_a_page_is_turned_is_seen(scan, degrees):
    assert skew_of(scan.rotate(degrees, fillcolor=255)) == pytest.approx(-degrees, abs=0.25)


def test_shadows_are_taken_from_the_ground(scan):
    even = evened(shaded(scan))
    assert even is not None
    assert even.resize((4, 4), Image.Resampling.BOX).getextrema()[0] > 220


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked():
    data = bytearray(saved(Image.new("L", (20, 20))))
    data[16:24] = (20_000).to_bytes(4) * 2  # what its head says of its size
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4)
    with pytest.raises(TooLargeDocument, match="20,000 x 20,000 pixels"):
        heard(bytes(data))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_a_picture_that_is_cut_off_is_damaged(scan, form):
    data = saved(scan, form)
    with pytest.raises(DamagedDocument, match="get it anew"):
        heard(data[: len(data) // 2])


@pytest.mark.parametrize(
    ("texts", "gaps", "whole"),
    [
        (("8", ".10"), (8,), ["8.10"]),
        (("38.", "67"), (8,), ["38.67"]),
        (("1.234,", "50"), (8,), ["1.234,50"]),
        (("8.", "March"), (8,), ["8.", "March"]),
        (("12", "50"), (8,), ["12", "50"]),
        (("Fac", "ture"), (1,), ["Facture"]),
        (("Total", "due"), (8,), ["Total", "due"]),
        (("[Chair", "|", "2]"), (8, 8), ["Chair", "2"]),
        (("[x]", "y"), (8,), ["[x]", "y"]),
    ],
)
def test_what_tesseract_takes_apart_is_put_together(texts, gaps, whole):
    words, left = [], 0
    for text, gap in zip(texts, (*gaps, 0), strict=True):
        words.append(Word(text, Box(left, 0, left + 6 * len(text), 12)))
        left += 6 * len(text) + gap
    assert [word.text for word in joined(words)] == whole


def languages() -> set[str]:
    import subprocess

    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, check=True)  # noqa: S607
    assert installed()[-1] == "eng"
    return set(listed.stdout.decode().split())
