"""Uploads, and how they are gone on with."""

from __future__ import annotations

import pytest

from common.errors import InvalidInput, Misconfigured
from common.google import BadAnswer, NoAnswer, SessionGone, StorageUsedUp
from common.google.upload import STEP
from tests.google.transfers import DATA, PUT, begin, read
from tests.services.google import Answer, Fault


@pytest.mark.parametrize("size", [0, 1, STEP, STEP + 1, len(DATA)])
def test_a_file_is_uploaded(size, account, shelf, google):
    told = []
    upload = begin(account, size)
    result = upload.send(read, chunk=STEP, progress=told.append)
    assert shelf.files == {"made-0": DATA[:size]}
    assert (result["id"], upload.result, upload.sent) == ("made-0", result, size)
    assert told == [*range(STEP, size, STEP), size]
    assert google.asked[0].query == {"uploadType": "resumable", "fields": "id"}


def test_a_new_version_is_uploaded(account, shelf):
    shelf.files["a"] = b"old"
    upload = account.begin_upload(
        "drive", ["files", "a"], {}, size=3, content_type="text/plain", method="PATCH"
    )
    assert upload.send(lambda *_: b"new") == {"id": "a"}
    assert shelf.files == {"a": b"new"}


@pytest.mark.parametrize(
    "fault",
    [
        500,
        503,
        429,
        Fault(manner="reset"),
        Fault(manner="lost"),
        Fault(manner="garbage"),
        Fault(manner="unauthorized"),
    ],
)
@pytest.mark.parametrize("chunk", [STEP, 100 * STEP])
def test_after_a_break_google_is_asked_how_much_it_has(fault, chunk, account, google, shelf):
    google.fail(PUT, fault)
    assert begin(account).send(read, chunk=chunk) == {"id": "made-0", "name": "x"}
    assert shelf.files == {"made-0": DATA}
    assert len(shelf.made) == 1


def test_what_google_did_not_keep_is_sent_again(account, google, shelf):
    google.uploads.keep = 1000
    begin(account).send(read, chunk=2 * STEP)
    assert shelf.files == {"made-0": DATA}


def test_another_process_goes_on_with_it(open_one, shelf):
    first = begin(open_one())
    first.put(DATA[: 2 * STEP])
    assert (first.sent, first.result) == (2 * STEP, None)
    second = open_one().continue_upload(first.uri, size=len(DATA))
    second.ask()
    assert second.sent == 2 * STEP
    second.send(read, chunk=STEP)
    assert shelf.files == {"made-0": DATA}
    third = open_one().continue_upload(first.uri, size=len(DATA))
    third.ask()
    assert third.result == second.result
    assert third.send(read) == second.result
    assert len(shelf.made) == 1


def test_a_session_that_is_gone_has_to_be_begun_anew(account, google):
    upload = begin(account)
    google.uploads.forget()
    for act in (lambda: upload.send(read), upload.ask, lambda: upload.put(DATA)):
        with pytest.raises(SessionGone):
            act()
    google.fail("upload.put", 410)
    with pytest.raises(SessionGone):
        upload.ask()


def test_a_full_drive_lasts(account, google):
    google.fail(PUT, Fault(status=403, reason="storageQuotaExceeded"))
    with pytest.raises(StorageUsedUp):
        begin(account).send(read)
    assert google.seen.count(PUT) == 1


def test_an_upload_of_which_google_never_takes_a_byte_is_given_up(account, google, time):
    upload = begin(account)
    google.fail(PUT, 503, times=1000)
    with pytest.raises(NoAnswer):
        upload.send(read)
    assert time.elapsed <= 240


def test_a_chunk_is_of_the_right_size(account):
    upload = begin(account)
    for chunk in (DATA[:1], DATA[: STEP + 1], DATA + b"x"):
        with pytest.raises(InvalidInput, match="multiple of 262,144"):
            upload.put(chunk)


@pytest.mark.parametrize("said", ["bytes=0-99999999999", "bytes=5-9", "x", "bytes=0--1"])
def test_a_range_that_was_not_sent_is_a_bad_answer(said, account, monkeypatch):
    upload = begin(account)
    wrong = Answer(status=308, headers={"Range": said})
    monkeypatch.setattr("tests.services.google.uploads._so_far", lambda _: wrong)
    with pytest.raises(BadAnswer, match="was not sent"):
        upload.ask()


@pytest.mark.parametrize(
    "uri", ["", "https://evil.example/upload/x", "http://127.0.0.1:1/upload/x", "file:///upload/x"]
)
def test_no_token_is_shown_to_another_host(uri, account, google, monkeypatch):
    with pytest.raises(Misconfigured, match="no session of an upload"):
        account.continue_upload(uri, size=1)
    lie = Answer(headers={"Location": uri})
    monkeypatch.setattr(google.uploads, "begin", lambda *_: lie)
    with pytest.raises(BadAnswer, match="no session"):
        begin(account)


@pytest.mark.parametrize(
    ("uri", "good"),
    [
        ("https://www.googleapis.com/upload/drive/v3/files?upload_id=1", True),
        ("https://gmail.googleapis.com/upload/gmail/v1/users/me/messages?upload_id=1", True),
        ("https://www.googleapis.com@evil.example/upload/drive/v3/files", False),
        ("https://www.googleapis.com.evil.example/upload/drive/v3/files", False),
        ("https://www.googleapis.com:444/upload/drive/v3/files", False),
        ("http://www.googleapis.com/upload/drive/v3/files", False),
        ("https://www.googleapis.com/drive/v3/files", False),
    ],
)
def test_google_itself_is_known_by_its_name(uri, good):
    from common.google.endpoints import Endpoints

    assert Endpoints().is_upload(uri) is good
