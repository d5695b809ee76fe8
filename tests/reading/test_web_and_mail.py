from __future__ import annotations

from email.message import EmailMessage

import pytest

from common.reading import BadSelector, Limits, read
from common.reading.context import Reading
from common.reading.errors import EncryptedDocument
from common.reading.formats import content_type_of, pages_of
from tests.jobs.extraction.papers import pdf
from tests.reading.here import heard, page_of


def html(body: str) -> str:
    return page_of(f"<html><head><title>t</title></head><body>{body}</body></html>".encode()).text


def test_html_is_read_as_it_is_seen():
    assert html("<h1>Invoice</h1><p>No.  <b>4</b>2<br>for you</p>") == "Invoice\nNo. 42\nfor you"


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<!-- x -->",
        "<p hidden>x</p>",
        "<p style='display: none'>x</p>",
        "<div style='color:red; VISIBILITY:hidden'><p>x</p></div>",
        "<span style='font-size:0px;'>x</span>",
        "<template>x</template>",
        "<noscript>x</noscript>",
        "<select><option>x</select>",
    ],
)
def test_what_nobody_sees_is_not_read(unseen):
    assert html(f"a{unseen}b").replace("\n", "") == "ab"


def test_innermost_tables_are_tables_and_those_around_them_are_not():
    inner = "<table><tr><th>Item<th>Price<tr><td>A<td>1</table>"
    page = page_of(f"<html><table><tr><td>Logo<td>{inner}</table>end".encode())
    assert [table.rows for table in page.tables] == [(("Item", "Price"), ("A", "1"))]
    assert page.text == "Logo\nItem\tPrice\nA\t1\nend"


def test_cells_that_span_keep_the_others_in_their_columns():
    rows = "<tr><td rowspan=2>A<td>1<td>2<tr><td>3<td>4<tr><td colspan=2>B<td>5"
    page = page_of(f"<html><table>{rows}</table>".encode())
    assert page.tables[0].rows == (("A", "1", "2"), ("", "3", "4"), ("B", "", "5"))


PAGE = b"""<html><nav>Home</nav><main><h1>Prices</h1><table id=t><tr><td>A<td>1</table>
<p class=new>One <p class="new">Two <b class=new>three</b></main><footer>2026</footer>"""


def parts(selector: str, data: bytes = PAGE, name: str = "a.html"):
    reading = Reading(name, Limits(), (), lambda *_: None, selector=selector)
    return [page.text for page in pages_of(data, content_type_of(data, name), reading)]


def test_of_a_page_the_parts_that_are_named_are_read_each_once():
    assert parts("main") == ["Prices\nA\t1\nOne\nTwo three"]
    assert parts("main, .new, h1") == parts("main")
    assert parts(".new") == ["One\nTwo three"]
    assert parts("#t") == ["A\t1"]
    assert parts(".old") == [""]


@pytest.mark.parametrize("selector", ["[", "a:no-such", "p::before", "@import 'x'", "!"])
def test_what_is_no_selector_is_told(selector):
    with pytest.raises(BadSelector):
        parts(selector)


def test_of_what_is_no_page_no_parts_are_read(tmp_path):
    (tmp_path / "a.txt").write_text("plain")
    with pytest.raises(BadSelector, match=r"text/plain: .* of HTML only"):
        read(tmp_path / "a.txt", name="a.txt", selector="p")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_html_is_read_in_its_encoding(encoding):
    said = "" if encoding == "utf-16" else f"<meta charset={encoding}>"
    assert page_of(f"<html>{said}für 5 €".encode(encoding), "a.html").text == "für 5 €"


def letter(**more: str) -> EmailMessage:
    message = EmailMessage()
    headers = {"From": "Ann <a@x.de>", "To": "b@y.de", "Subject": "Ihre Rechnung für März"}
    for key, value in {**headers, **more}.items():
        message[key] = value
    message.set_content("plain Text")
    return message


def test_an_email_begins_with_its_head():
    page = page_of(letter().as_bytes(), "a.eml")
    assert (
        page.text
        == "From:\tAnn <a@x.de>\nTo:\tb@y.de\nSubject:\tIhre Rechnung für März\nplain Text"
    )


def test_html_is_preferred_for_its_tables():
    message = letter()
    message.add_alternative("<table><tr><td>Total<td>42</table>", subtype="html")
    (page,) = heard(message.as_bytes(), "a.eml").pages
    assert page.text.endswith("März\nTotal\t42")
    assert page.tables[0].rows == (("Total", "42"),)


def test_what_is_attached_comes_on_further_pages():
    message = letter()
    for name, text in (("one.pdf", "first"), ("two.pdf", "second")):
        message.add_attachment(pdf(text), maintype="application", subtype="pdf", filename=name)
    message.add_attachment("a,b\n1,2", subtype="csv", filename="t.csv")
    _, one, two, three = heard(message.as_bytes(), "a.eml").pages
    assert [(page.name, page.text) for page in (one, two, three)] == [
        ("one.pdf", "first"),
        ("two.pdf", "second"),
        ("t.csv", "a\tb\n1\t2"),
    ]
    assert [page.number for page in (one, two, three)] == [2, 3, 4]


def test_what_is_attached_and_cannot_be_read_is_named_and_the_rest_is_read():
    message = letter()
    message.add_attachment(b"\0\1" * 50, maintype="a", subtype="b", filename="odd.bin")
    cut = pdf("x")[:300]
    message.add_attachment(cut, maintype="application", subtype="pdf", filename="cut.pdf")
    message.add_attachment(pdf("good"), maintype="a", subtype="b", filename="good.pdf")
    found = heard(message.as_bytes(), "a.eml")
    assert [page.text for page in found.pages[1:]] == ["good"]
    odd, damaged = found.warnings
    assert odd.startswith("The attachment odd.bin is of no known format")
    assert damaged.startswith("The attachment cut.pdf is cut off")


def test_an_email_within_is_read_with_what_is_attached_to_it():
    inner = letter(Date="Mon, 23 Nov 2026 02:30:00 +0000")
    inner.add_attachment(pdf("deep"), maintype="application", subtype="pdf", filename="d.pdf")
    outer = letter()
    outer.add_attachment(inner)
    pages = heard(outer.as_bytes(), "a.eml").pages
    assert len(pages) == 3
    assert "Date:\tMon, 23 Nov 2026" in pages[1].text
    assert pages[2].text == "deep"


def test_attachments_beyond_the_limit_are_left_out_and_that_is_said():
    message = letter()
    for number in range(5):
        message.add_attachment(f"text {number}", filename=f"{number}.txt")
    found = heard(message.as_bytes(), "a.eml", attachments=2)
    assert [page.text for page in found.pages[1:]] == ["text 0", "text 1"]
    assert "more than 2 attachments" in found.warnings[0]


def test_a_sealed_email_is_named_so():
    message = EmailMessage()
    message["From"], message["Subject"] = "a@x.de", "secret"
    message["Content-Type"] = (
        'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b'
    )
    with pytest.raises(EncryptedDocument, match="encrypted"):
        heard(message.as_bytes(), "a.eml")
