"""Downloads, and how they are gone on with."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor

import pytest

from common.google import BadAnswer, Forbidden, NoAnswer, NotFound
from common.google.upload import STEP
from tests.google.transfers import DATA, SIZE, download
from tests.services.google import Answer, Fault


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
