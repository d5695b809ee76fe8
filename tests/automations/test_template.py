"""What a template says, and what it may not."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.automations import Kind, Template, read_source
from common.automations.sources import drive_folder
from common.errors import InvalidInput

ID = "1AbC_d-EfG2hIjKl"


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("a/b.zip", Kind.PLACE, "a/b.zip"),
        (" gs://bucket/in/ ", Kind.PLACE, "gs://bucket/in/"),
        ("/home/ann/bills", Kind.PLACE, "/home/ann/bills"),
        ("gmail:", Kind.GMAIL, ""),
        ("gmail: has:attachment newer_than:1d", Kind.GMAIL, "has:attachment newer_than:1d"),
        (f"drive:file/{ID}", Kind.DRIVE_FILE, ID),
        (f"drive:folder/{ID}", Kind.DRIVE_FOLDER, ID),
        (f"https://drive.google.com/drive/folders/{ID}", Kind.DRIVE_FOLDER, ID),
        (f"https://drive.google.com/drive/u/0/folders/{ID}?usp=sharing", Kind.DRIVE_FOLDER, ID),
        (f"https://drive.google.com/file/d/{ID}/view?usp=drive_link", Kind.DRIVE_FILE, ID),
        (f"https://docs.google.com/spreadsheets/d/{ID}/edit#gid=0", Kind.DRIVE_FILE, ID),
        (f"https://docs.google.com/document/u/1/d/{ID}/edit", Kind.DRIVE_FILE, ID),
    ],
)
def test_a_source_is_read(text, kind, found):
    source = read_source(text)
    assert (source.kind, source.text) == (kind, found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a\nb",
        "a\x00b",
        "x" * 2001,
        "drive:",
        f"drive:{ID}",
        "drive:folder/../x",
        f"drive:folder/{ID}' or trashed = true",
        "https://example.com/a.zip",
        f"https://drive.google.com.example.com/file/d/{ID}",
        f"http://drive.google.com/file/d/{ID}",
    ],
)
def test_what_is_no_source_is_refused(text):
    with pytest.raises(InvalidInput, match="source"):
        read_source(text)


@given(st.text(max_size=60))
def test_any_text_is_a_source_or_refused_in_a_sentence(text):
    with suppress(InvalidInput):
        assert read_source(text).text.isprintable()


def test_tables_go_to_a_folder_of_drive_or_to_a_place():
    assert drive_folder(f"drive:folder/{ID}") == ID
    assert drive_folder("out/tables") is None
    for text in (f"drive:file/{ID}", "gmail:"):
        with pytest.raises(InvalidInput, match="Tables go to"):
            drive_folder(text)


def test_a_template_tells_where_its_tables_go_and_whether_google_is_asked():
    here = Template(sources=("a.zip",), schema="invoice", export="out")
    assert (here.place, here.drive, here.asks_google) == ("out", None, False)
    there = Template(sources=("a.zip",), schema="invoice", export=f"drive:folder/{ID}")
    assert (there.place, there.drive, there.asks_google) == ("", ID, True)
    assert Template(sources=("a", "gmail:x"), schema="invoice").asks_google


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sources": ()}, "from where"),
        ({"sources": ("a",) * 101}, "from where"),
        ({"schema": ""}, "schema"),
        ({"schema": "x" * 100_001}, "schema"),
        ({"formats": ()}, "csv"),
        ({"formats": ("csv", "pdf")}, "csv"),
        ({"sources": ("https://example.com/a",)}, "no source"),
        ({"export": "drive:file/12345"}, "Tables go to"),
    ],
)
def test_what_cannot_be_a_template_is_refused(change, says):
    with pytest.raises(InvalidInput, match=says):
        Template(**{"sources": ("a.zip",), "schema": "invoice"} | change)
