"""Downloads and uploads, and how they are gone on with."""

from __future__ import annotations

import gzip
import os
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from common.errors import InvalidInput, Misconfigured
from common.google import BadAnswer, Forbidden, NoAnswer, NotFound, SessionGone, StorageUsedUp
from common.google.upload import STEP
from tests.services.google import Answer, Fault

DATA = random.Random(5).randbytes(5 * STEP + 1234)  # noqa: S311 - the same ones each time
SIZE = len(DATA)
PUT = "drive.files.create.put"


@pytest.fixture
def stored(shelf):
    shelf.files["a"] = DATA


def download(account):
    with account.download("drive", "files/a", supportsAllDrives=True) as found:
        return b"".join(found)


@pytest.mark.usefixtures("stored")
def test_a_file_is_downloaded(account, google):
    with account.download("drive", "files/a") as found:
        assert (found.size, found.content_type) == (len(DATA), "application/pdf")
        assert found.read(10) + found.read() == DATA
        assert found.read(10) == b""
    assert google.asked[0].query == {"alt": "media"}
    assert google.asked[0].headers["Accept-Encoding"] == "identity"


@pytest.mark.usefixtures("stored")
def test_another_thread_may_read_what_one_has_opened(account, google):
    google.fail("drive.files.get", Fault(manner="cut", keep=STEP * 3))
    with account.download("drive", "files/a") as found, ThreadPoolExecutor(1) as pool:
        assert pool.submit(found.read).result() == DATA


@pytest.mark.parametrize("size", [0, 1, STEP, STEP * 2 + 1])
def test_whatever_its_size(size, account, shelf):
    shelf.files["a"] = DATA[:size]
    assert download(account) == DATA[:size]


def test_what_may_not_be_downloaded_is_refused_at_once(account, google):
    with pytest.raises(NotFound):
        account.download("drive", "files/none")
    google.fail("drive.files.get", Fault(status=403, reason="cannotDownloadAbusiveFile"))
    with pytest.raises(Forbidden):
        account.download("drive", "files/a")


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("breaks", [1, 3])
def test_what_breaks_is_gone_on_with_from_there(breaks, account, google):
    for number in range(breaks):
        google.fail("drive.files.get", Fault(manner="cut", keep=STEP * 2 - number))
    google.fail("drive.files.get", 503)
    assert download(account) == DATA
    ranges = [asked.headers.get("Range") for asked in google.asked]
    assert ranges[0] is None
    assert all(each.startswith("bytes=") for each in ranges[1:])
    assert len({*ranges}) >= 2


@pytest.mark.usefixtures("stored")
def test_a_break_where_ranges_are_not_heeded_does_not_double_a_byte(account, google, monkeypatch):
    answer = Answer(content=DATA, headers={"ETag": '"e1"'})
    monkeypatch.setattr("tests.services.google.server._part", lambda *_: answer)
    google.fail("drive.files.get", Fault(manner="cut", keep=STEP * 3))
    assert download(account) == DATA


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    "second",
    [
        Answer(content=DATA[:-1]),
        Answer(content=DATA[::-1], headers={"ETag": '"e2"'}),
        Answer(status=206, content=DATA[9:], headers={"Content-Range": f"bytes 9-9/{len(DATA)}"}),
        Answer(status=206, content=DATA[9:]),
        Answer(status=206, content=b"", headers={"Content-Range": "bytes 0-9/7"}),
    ],
    ids=["shorter", "another", "elsewhere", "nowhere", "nonsense"],
)
def test_two_versions_are_never_mixed(second, account, google, monkeypatch):
    calls = []

    def part(answer, _):
        calls.append(1)
        return answer if len(calls) == 1 else second

    monkeypatch.setattr("tests.services.google.server._part", part)
    google.fail("drive.files.get", Fault(manner="cut", keep=STEP * 2))
    with pytest.raises(BadAnswer):
        download(account)


@pytest.mark.usefixtures("stored")
def test_an_answer_of_less_than_was_asked_for_is_gone_on_with(account, google, monkeypatch):
    """As a server may answer any range."""

    def part(answer, wanted):
        begin = int(wanted.removeprefix("bytes=").partition("-")[0] or 0) if wanted else 0
        if not begin:
            return answer
        end = min(begin + STEP, SIZE)
        said = {"Content-Range": f"bytes {begin}-{end - 1}/{SIZE}"}
        return Answer(status=206, content=DATA[begin:end], headers=said)

    monkeypatch.setattr("tests.services.google.server._part", part)
    google.fail("drive.files.get", Fault(manner="cut", keep=STEP))
    assert download(account) == DATA


@pytest.mark.usefixtures("stored")
def test_who_reads_on_after_an_error_does_not_see_an_end(account, google):
    google.fail("drive.files.get", Fault(manner="cut", keep=STEP))
    google.fail("drive.files.get", 403)
    with account.download("drive", "files/a") as found:
        with pytest.raises(Forbidden):
            found.read()
        for _ in range(2):
            with pytest.raises(BadAnswer, match="not read to its end"):
                found.read(10)


def test_what_comes_packed_all_the_same_is_unpacked_but_not_gone_on_with(
    account, google, monkeypatch
):
    packed = Answer(content=gzip.compress(DATA), headers={"Content-Encoding": "gzip"})
    monkeypatch.setitem(google._handlers, "drive.files.get", lambda _: packed)
    assert download(account) == DATA
    google.fail("drive.files.get", Fault(manner="cut", keep=STEP * 4))
    with pytest.raises(BadAnswer, match="packed"):
        download(account)


@pytest.mark.usefixtures("stored")
def test_a_download_that_never_comes_is_given_up(account, google, time):
    google.fail("drive.files.get", Fault(manner="reset"), times=1000)
    with pytest.raises(NoAnswer):
        download(account)
    assert time.elapsed <= 120


def begin(account, size=SIZE, **more):
    return account.begin_upload(
        "drive", "files", {"name": "x"}, size=size, content_type="text/plain", fields="id", **more
    )


def read(offset, size):
    return DATA[offset : offset + size]


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


TRIALS = 500 if os.environ.get("CHAOS") else 25
MANNERS = ("reset", "lost", "garbage", "empty", "unauthorized", "cut")


@pytest.mark.parametrize("seed", range(TRIALS))
def test_whatever_breaks_an_upload_and_how_often_one_whole_file_comes_of_it(
    seed, open_one, google, shelf
):
    rng = random.Random(seed)  # noqa: S311 - a trial can be had again
    size = rng.choice([0, 1, STEP, SIZE - rng.randrange(STEP), SIZE])
    for _ in range(rng.randrange(12)):
        fault = rng.choice([*(Fault(manner=each) for each in MANNERS), 500, 503, 429])
        google.fail(PUT, rng.choice([Fault(), fault]))
    google.uploads.keep = rng.choice([None, 0, 1, STEP])
    upload = begin(open_one(), size)
    if rng.random() < 0.5:  # another process goes on with it
        upload = open_one().continue_upload(upload.uri, size=size)
    assert upload.send(read, chunk=STEP * rng.randrange(1, 4))["id"] == "made-0"
    assert shelf.files == {"made-0": DATA[:size]}


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("seed", range(TRIALS))
def test_whatever_breaks_a_download_and_how_often_it_comes_whole(seed, account, google):
    rng = random.Random(seed)  # noqa: S311
    for _ in range(rng.randrange(12)):
        cut = Fault(manner="cut", keep=rng.randrange(2 * STEP))
        google.fail("drive.files.get", rng.choice([cut, cut, Fault(manner="reset"), 503, 429]))
    assert download(account) == DATA


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


@pytest.mark.parametrize(
    "uri",
    [
        "http://www.googleapis.com/x",
        "https://googleapis.com.evil.example/x",
        "https://evilgoogleapis.com/x",
        "https://evil.example/.googleapis.com",
        "https://www.googleapis.com@evil.example/x",
        "https://evil.example\\.googleapis.com/x",
        "https://evil.example:80/x.googleapis.com",
        "https://ann@www.googleapis.com/x",
        "//www.googleapis.com/x",
        "https://1.2.3.4.bc.googleusercontent.com/x",
        "https://accounts.google.com/ServiceLogin",
        "",
    ],
)
def test_a_prepared_download_is_not_fetched_from_another_host(uri, account, google):
    from common.google.endpoints import Endpoints

    assert not Endpoints().is_googles(uri)
    with pytest.raises(BadAnswer, match="not its own"):
        account.download_from(uri)
    assert google.seen == []


def lead(google, *locations):
    for location in locations:
        google.fail("drive.files.get", Fault(status=307, headers={"Location": location}))


def test_a_download_is_had_from_where_google_leads_to(account, google, shelf):
    shelf.files |= {"a": b"never", "b": bytes(range(256)) * 4000}
    there = f"{google.url}/drive/v3/files/b?alt=media"
    lead(google, "/drive/v3/files/a?alt=media", there)
    google.fail("drive.files.get", Fault(manner="cut", keep=600_000))
    lead(google, there)
    assert account.download("drive", "files/a").read() == shelf.files["b"]
    assert google.asked[-1].path == {"fileId": "b"}
    assert google.asked[-1].headers["Range"] == "bytes=524288-"


@pytest.mark.parametrize("location", ["http://127.0.0.1:1/x", "https://evil.example/", ""])
def test_but_not_from_anybody_else_nor_from_where_it_leads_for_ever(location, account, google):
    lead(google, *[location or f"{google.url}/drive/v3/files/a?alt=media"] * 500)
    with pytest.raises(BadAnswer, match=" led GET drive files/a ") as caught:
        account.download("drive", "files/a")
    assert ("on and on" in str(caught.value)) is not bool(location)
