"""Files of a Drive become blobs, once."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from common.errors import InvalidInput
from common.google import BadAnswer, Rejected
from common.google.drive import drive_id
from common.integrations import NoSuchIntegration
from jobs.drive_import import content
from jobs.drive_import.listing import TooManyFiles
from tests.services.google.drive import DOCUMENT, SHEET

PDF = "application/pdf"


def test_files_by_id_and_by_link_arrive_whole(imports, drive):
    one = drive.file("one.pdf", b"one", mime=PDF)
    two = drive.file("two.pdf", b"two" * 100_000, mime=PDF)
    link = f"https://drive.google.com/file/d/{two.id}/view?usp=sharing"
    result = imports.run(files=[one.id, link, one.id])
    assert (result.files, result.new, result.bytes) == (2, 2, 300_003)
    files = imports.files(result)
    assert imports.content(files["two.pdf"]) == b"two" * 100_000
    assert files["one.pdf"].sha256 == hashlib.sha256(b"one").hexdigest()
    assert files["one.pdf"].content_type == PDF
    assert files["one.pdf"].origin["id"] == one.id
    assert "/tenants/t1/imports/drive/" in files["one.pdf"].uri


def test_a_folder_is_imported_with_all_below_it_by_the_names_it_has_there(imports, drive):
    top = drive.folder("Top")
    year = drive.folder("2026", parent=top.id)
    drive.file("a.txt", b"a", parent=top.id)
    drive.file("b.txt", b"b", parent=year.id)
    drive.file("elsewhere.txt", b"c")
    drive.file("gone.txt", b"d", parent=year.id, trashed=True)
    result = imports.run(folders=[f"https://drive.google.com/drive/u/0/folders/{top.id}"])
    assert list(imports.files(result)) == ["a.txt", "2026/b.txt"]


def test_importing_twice_downloads_nothing_and_a_changed_file_is_a_new_version(
    imports, drive, google
):
    top = drive.folder("Top")
    same = drive.file("same.txt", b"same", parent=top.id)
    other = drive.file("other.txt", b"old", parent=top.id)
    first = imports.files(imports.run(folders=[top.id]))
    google.asked.clear()
    again = imports.run(folders=[top.id])
    assert (again.files, again.unchanged, again.new, again.changed) == (2, 2, 0, 0)
    assert imports.files(again) == first
    assert downloads(google) == []
    drive.change(other, b"new")
    drive.file("third.txt", b"third", parent=top.id)
    same.name = "renamed.txt"
    third = imports.run(folders=[top.id])
    assert (third.unchanged, third.changed, third.new) == (1, 1, 1)
    assert set(downloads(google)) == {other.id, drive.named("third.txt")[0].id}
    files = imports.files(third)
    assert imports.content(files["other.txt"]) == b"new"
    assert imports.content(first["other.txt"]) == b"old"
    assert files["renamed.txt"].uri == first["same.txt"].uri


def downloads(google) -> list[str]:
    return [asked.path["fileId"] for asked in google.asked if asked.get("alt") == "media"]


def test_documents_of_googles_own_are_exported(imports, drive):
    top = drive.folder("Top")
    drive.native("Letter", DOCUMENT, parent=top.id, document=b"docx", pdf=b"%PDF")
    drive.native("Table.xlsx", SHEET, parent=top.id, sheet=b"xlsx")
    drive.native("Form", "application/vnd.google-apps.form", parent=top.id)
    result = imports.run(folders=[top.id])
    files = imports.files(result)
    assert list(files) == ["Letter.docx", "Table.xlsx"]
    assert imports.content(files["Letter.docx"]) == b"docx"
    assert files["Table.xlsx"].content_type.endswith("spreadsheetml.sheet")
    assert [(each.name, each.reason) for each in result.skipped] == [
        ("Form", "Drive exports no form")
    ]
    again = imports.run(folders=[top.id], documents="pdf")
    assert (again.new, again.changed, again.unchanged) == (0, 1, 1)
    assert imports.content(imports.files(again)["Letter.pdf"]) == b"%PDF"


def test_shared_drives(imports, drive):
    team = drive.shared("Team")
    below = drive.folder("Below", parent=team.id)
    drive.file("a.txt", b"a", parent=below.id)
    assert list(imports.files(imports.run(folders=[team.id]))) == ["Below/a.txt"]
    found = imports.run(query="name contains 'a'", drive=team.id)
    assert list(imports.files(found)) == ["a.txt"]
    assert imports.run(query="name contains 'a'", drive="all").files == 1
    assert imports.run(query="name contains 'a'").files == 0


def test_a_folder_of_a_shared_drive_whose_member_the_user_is_not(imports, drive):
    """Google tells that there is no such drive: https://github.com/tidyverse/googledrive/issues/439"""
    given = drive.folder("Given", parent=drive.shared("Theirs", member=False).id)
    drive.file("a.txt", b"a", parent=drive.folder("Below", parent=given.id).id)
    result = imports.run(folders=[given.id])
    assert (list(imports.files(result)), result.skipped_count) == (["Below/a.txt"], 0)


def test_shortcuts_lead_to_their_targets_and_circles_end(imports, drive):
    top = drive.folder("Top")
    inner = drive.folder("Inner", parent=top.id)
    drive.shortcut("back to the top", top.id, parent=inner.id)
    drive.shortcut("to itself", inner.id, parent=inner.id)
    target = drive.file("target.txt", b"t")
    drive.shortcut("to it", target.id, parent=inner.id)
    drive.shortcut("to it again", target.id, parent=top.id)
    other = drive.folder("Other")
    drive.file("o.txt", b"o", parent=other.id)
    drive.shortcut("to the other", other.id, parent=inner.id)
    drive.shortcut("to nothing", "1DoesNotExist", parent=top.id)
    result = imports.run(folders=[top.id])
    assert sorted(imports.files(result)) == ["Inner/Other/o.txt", "target.txt"]
    assert [each.id for each in result.skipped] == ["1DoesNotExist"]


@pytest.mark.parametrize("page", [1, 3])
def test_lists_of_many_pages(imports, drive, page):
    drive.page_most = page
    top = drive.folder("Top")
    for number in (10, 3, 2, 0, 11, 1, 4):
        drive.file(f"{number}.txt", b"x", parent=top.id)
    found = list(imports.files(imports.run(folders=[top.id])))
    assert found == [f"{number}.txt" for number in (0, 1, 2, 3, 4, 10, 11)]


def test_what_one_file_refuses_does_not_keep_the_others(imports, drive):
    top = drive.folder("Top")
    drive.file("good.txt", b"good", parent=top.id)
    drive.file("harmful.exe", b"bad", parent=top.id, refused="cannotDownloadAbusiveFile")
    drive.file("large.bin", b"x" * 101, parent=top.id)
    deleted = drive.file("deleted.txt", b"gone", parent=top.id)
    del drive.items[deleted.id]
    result = imports.run(folders=[top.id], files=[deleted.id], most_file_bytes=100)
    assert list(imports.files(result)) == ["good.txt"]
    reasons = {each.name: each.reason for each in result.skipped}
    assert set(reasons) == {"harmful.exe", "large.bin", deleted.id}
    assert "more than most_file_bytes, 100" in reasons["large.bin"]
    assert "not there" in reasons[deleted.id]


def test_an_export_that_is_too_large_is_prepared_by_drive(imports, drive, monkeypatch):
    """Past 10 MB Drive exports only by an operation, which is looked at until it is done."""
    monkeypatch.setattr(content, "_FIRST", 0.01)
    drive.exports_late = 2
    large = bytes(range(256)) * 45_000
    letter = drive.native("Letter", DOCUMENT, document=large)
    result = imports.run(files=[letter.id])
    assert imports.content(imports.files(result)["Letter.docx"]) == large
    assert imports.run(files=[letter.id]).unchanged == 1


@pytest.mark.parametrize(
    "response",
    [
        {"downloadUri": "https://evil.example/x"},
        {"downloadUri": "http://127.0.0.1:1/x"},
        {"downloadUri": 7},
        {},
    ],
)
def test_a_token_is_shown_to_no_address_but_googles(imports, drive, google, response):
    large = drive.native("Letter", DOCUMENT, document=b"x" * (11 << 20))
    said = {"name": "op", "done": True, "response": response}
    google._handlers["drive.files.download"] = lambda _: said
    with pytest.raises(BadAnswer):
        imports.run(files=[large.id])


def test_a_file_that_changes_while_it_is_read_is_read_again(imports, drive, google):
    file = drive.file("a.txt", b"old")
    media = google._handlers["drive.files.get"]

    def changes(asked):
        if asked.get("alt") == "media" and file.content == b"old":
            drive.change(file, b"new content")
        return media(asked)

    google._handlers["drive.files.get"] = changes
    result = imports.run(files=[file.id])
    assert imports.content(imports.files(result)["a.txt"]) == b"new content"
    assert len(list(imports.blobs.list("tenants/"))) == 1


def test_a_file_that_never_is_what_drive_says_is_left_out(imports, drive, google):
    liar, good = drive.file("liar.txt", b"true"), drive.file("good.txt", b"good")
    media = google._handlers["drive.files.get"]

    def lies(asked):
        said = media(asked)
        if asked.path["fileId"] == liar.id and asked.get("alt") == "media":
            return replace(said, content=b"lies")
        return said

    google._handlers["drive.files.get"] = lies
    result = imports.run(files=[liar.id, good.id])
    assert list(imports.files(result)) == ["good.txt"]
    assert "SHA-256" in result.skipped[0].reason
    assert len(list(imports.blobs.list("tenants/"))) == 1


@pytest.mark.parametrize("sums", [("md5Checksum",), ()])
def test_without_a_sha_256_of_drives_what_else_it_tells_is_a_version(imports, drive, sums):
    file = drive.file("a.txt", b"one", sums=sums)
    assert imports.run(files=[file.id]).new == 1
    assert imports.run(files=[file.id]).unchanged == 1
    drive.change(file, b"two")
    assert imports.run(files=[file.id]).changed == 1


def test_limits_on_depth_files_and_bytes(imports, drive):
    top = drive.folder("Top")
    inner = drive.folder("Inner", parent=top.id)
    drive.file("a.txt", b"12345", parent=top.id)
    drive.file("b.txt", b"12345", parent=inner.id)
    shallow = imports.run(folders=[top.id], depth=0)
    assert list(imports.files(shallow)) == ["a.txt"]
    assert [each.name for each in shallow.skipped] == ["Inner"]
    with pytest.raises(TooManyFiles, match="most_files"):
        imports.run(folders=[top.id], most_files=1)
    few = imports.run(folders=[top.id], most_bytes=9, destination="tenants/t1/few")
    assert few.files == 1
    assert "most_bytes" in few.skipped[0].reason


def test_only_what_names_and_types_ask_for(imports, drive):
    top = drive.folder("Top")
    for name, mime in [("A.PDF", PDF), ("b.pdf", PDF), ("c.png", "image/png"), ("d.txt", "a/b")]:
        drive.file(name, b"x", parent=top.id, mime=mime)
    found = imports.run(folders=[top.id], types=[PDF, "image/*"])
    assert list(imports.files(found)) == ["A.PDF", "b.pdf", "c.png"]
    assert list(imports.files(imports.run(folders=[top.id], names=["*.pdf"]))) == ["A.PDF", "b.pdf"]
    assert imports.run(folders=[top.id], types=["Application/*"], names=["A.*"]).files == 1


def test_a_query_in_drives_own_language(imports, drive):
    drive.file("invoice 7.pdf", b"7", mime=PDF)
    drive.file("invoice 8.txt", b"8", mime="text/plain")
    drive.file("invoice 9.pdf", b"9", mime=PDF, trashed=True)
    drive.folder("invoices")
    query = "name contains 'invoice' and (mimeType = 'application/pdf' or not trashed = false)"
    assert list(imports.files(imports.run(query=query))) == ["invoice 7.pdf"]
    with pytest.raises(Rejected):
        imports.run("r1", query="name is like 'x'")
    assert imports.state("r1") == "failed"


def test_names_that_would_lead_elsewhere_stay_below_the_destination(imports, drive, blobs):
    top = drive.folder("Top")
    for name in (
        "../../../t2/x",
        "/etc/passwd",
        "a\\b\x00c",
        "..",
        "x" * 500 + ".pdf",
        "a/b",
        "🎉",
    ):
        drive.file(name, name.encode(), parent=top.id)
    result = imports.run(folders=[top.id])
    files = imports.files(result)
    assert len(files) == 7
    for name, file in files.items():
        assert imports.content(file) == name.encode()
    assert all(
        blob.path.startswith(("tenants/t1/imports/drive/", "runs/")) for blob in blobs.list()
    )


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"files": []},
        {"files": ["https://evil.example/file/d/1234567890abc/view"]},
        {"files": ["http://169.254.169.254/file/d/1234567890abc/"]},
        {"files": ["https://docs.google.com/document/d/e/2PACX-1vQabcdefgh/pub"]},
        {"files": ["file:///etc/passwd"]},
        {"files": ["../../x"]},
        {"files": ["' or name contains 'a"]},
        {"files": ["x" * 3_000]},
        {"folders": ["https://drive.google.com/drive/my-drive"]},
        {"files": ["1234567890abc"], "destination": "tenants/t2/x"},
        {"files": ["1234567890abc"], "destination": "runs/other"},
        {"files": ["1234567890abc"], "destination": "/tmp/x"},
        {"files": ["1234567890abc"], "most_bytes": -1},
        {"files": ["1234567890abc"], "depth": float("nan")},
        {"query": "a", "drive": "a b"},
    ],
)
def test_params_that_make_no_sense_or_reach_elsewhere_are_refused(imports, google, params):
    with pytest.raises(InvalidInput):
        imports.run(**params)
    assert google.seen == []


@pytest.mark.parametrize(
    "link",
    [
        "https://drive.google.com/file/d/{}/view?usp=sharing",
        "https://drive.google.com/open?id={}",
        "https://drive.google.com/uc?export=download&id={}",
        "https://drive.google.com/drive/folders/{}?resourcekey=0-x",
        "https://drive.google.com/drive/u/1/folders/{}",
        "https://drive.google.com/a/example.com/file/d/{}",
        "https://docs.google.com/document/d/{}/edit#heading=h.1",
        "https://docs.google.com/spreadsheets/u/0/d/{}/edit?gid=0",
        "https://docs.google.com/a/example.com/presentation/d/{}/edit",
        "  https://drive.usercontent.google.com/download?id={}&export=download ",
        "{}",
    ],
)
def test_links_of_every_form(link):
    id = "1AbC-dEf_GhIjKlMnOpQrStUvWxYz0123"
    assert drive_id(link.format(id)) == id


def test_a_name_with_half_a_character_is_one_with_a_question_mark(imports, drive):
    file = drive.file("a\ud83c.txt", b"a")
    assert list(imports.files(imports.run(files=[file.id]))) == ["a?.txt"]


def test_a_list_that_another_version_of_the_job_left_is_made_anew(imports, drive, google):
    top = drive.folder("Top")
    drive.file("a.txt", b"a", parent=top.id)
    with imports.context("r1", {"user": "ann", "folders": [top.id]}) as context:
        path = context.blobs.write(context.path("listing/0.jsonl"), b'{"of": "the future"}\n').path
        context.checkpoint({"listed": [path], "at": context.documents.now().isoformat()})
    assert imports.run("r1", folders=[top.id]).files == 1
    assert "drive.files.list" in google.seen


def test_it_says_how_far_it_has_come(imports, exports, drive):
    top = drive.folder("Top")
    for number in range(3):
        drive.file(f"{number}.txt", b"x" * 1_000_000, parent=top.id)
    imports.run(folders=[top.id])
    said = [progress.fraction for progress in imports.said]
    assert said == sorted(said)
    assert (imports.said[-1].fraction, imports.said[-1].message) == (
        1.0,
        "3 of 3 files, 3.0 MB moved",
    )
    exports.run(sources=["tenants/t1/imports"])
    assert (exports.said[-1].fraction, exports.said[-1].message) == (
        1.0,
        "3 of 3 files, 3.0 MB moved",
    )


def test_another_tenants_user_of_the_same_name_is_another_user(imports, drive, google):
    file = drive.file("a.txt", b"a")
    imports.tenant = "t2"
    with pytest.raises(NoSuchIntegration):
        imports.run(files=[file.id])
    assert google.seen == []
