"""Calls as a user: how they are asked, and what of their answers is taken."""

from __future__ import annotations

import pytest

from common.errors import InvalidInput, Misconfigured
from common.google import BadAnswer, NoAnswer, NotFound, open_account
from common.integrations import NoSuchIntegration
from tests.services.google import Answer, Fault


def test_a_query_is_written_as_google_wants_it(account, google):
    account.get(
        "drive", "files", pageSize=10, supportsAllDrives=True, orderBy=None, q="name = 'a&b'"
    )
    assert google.asked[0].query == {
        "pageSize": "10",
        "supportsAllDrives": "true",
        "q": "name = 'a&b'",
    }


def test_a_list_is_written_as_often_as_it_has_entries(account, google):
    google.fail("gmail.users.messages.list", 404)
    with pytest.raises(NotFound):
        account.get("gmail", "users/me/messages", labelIds=["INBOX", "a b"])
    assert google.seen == ["token", "gmail.users.messages.list"]


def test_whose_account_it_is_is_asked_of_oauth2(account):
    assert account.get("oauth2", "userinfo")["email"] == "ann@example.com"


def test_all_pages_are_gone_through(account, shelf, google):
    shelf.files |= {f"f{number}": b"" for number in range(7)}
    found = account.pages("drive", "files", items="files", pageSize=3)
    assert [each["id"] for each in found] == [f"f{number}" for number in range(7)]
    assert google.seen.count("drive.files.list") == 3


def test_a_list_without_entries_has_none(account):
    assert [*account.pages("drive", "files", items="files")] == []


@pytest.mark.parametrize(
    "page",
    [
        {"files": [], "nextPageToken": "0"},
        {"files": "x"},
        {"files": [1]},
        {"files": None},
        {"files": [], "nextPageToken": 7},
    ],
)
def test_a_list_that_is_none_or_has_no_end_is_a_bad_answer(page, account, google, monkeypatch):
    monkeypatch.setitem(google._handlers, "drive.files.list", lambda _: page)
    monkeypatch.setattr("tests.services.google.server.check_body", lambda *_: None)
    with pytest.raises(BadAnswer):
        [*account.pages("drive", "files", items="files", pageToken="0")]


def test_what_is_made_and_deleted(account, shelf, google):
    made = account.post("drive", "files", {"name": "Ä"})
    assert (made, shelf.made) == ({"id": "made-0", "name": "Ä"}, [{"name": "Ä"}])
    assert account.delete("drive", "files/made-0") == {}
    with pytest.raises(NotFound):
        account.delete("drive", "files/made-0")
    assert google.asked[0].headers["Content-Type"] == "application/json; charset=UTF-8"


@pytest.mark.parametrize("id", ["../../gmail/v1", "a/../b", "", "a//b", "a\0", ".", "\ud800"])
def test_no_id_leads_to_another_method(id, account, google):
    with pytest.raises(InvalidInput, match="no id of Google's"):
        account.get("drive", f"files/{id}")
    assert google.seen == []


@pytest.mark.parametrize("id", ["a/b", "a?x=1", "a#b", "a%2fb", "ä ö"])
def test_an_id_by_itself_may_be_any_text(id, account, shelf):
    shelf.files[id] = b""
    assert account.get("drive", ["files", id])["id"] == id


@pytest.mark.parametrize("manner", ["garbage", "empty", "cut"])
def test_garbage_for_an_answer_is_asked_for_again_and_then_an_error(manner, account, google):
    google.fail("drive.files.list", Fault(manner=manner))
    assert account.get("drive", "files") == {"files": []}
    google.fail("drive.files.list", Fault(manner=manner), times=50)
    with pytest.raises((BadAnswer, NoAnswer), match=r"answer(ed)? GET drive files"):
        account.get("drive", "files")
    assert google.seen.count("drive.files.list") > 4


@pytest.mark.parametrize("content", [b"[]", b'"x"', b"1", b"null", b"\xff", b"[" * 99_999, b"{}x"])
def test_json_that_is_no_object_is_a_bad_answer(content, account, google, monkeypatch):
    monkeypatch.setitem(google._handlers, "drive.files.list", lambda _: Answer(content=content))
    with pytest.raises(BadAnswer):
        account.get("drive", "files")


def test_an_answer_that_fills_the_memory_is_cut_short(account, google, monkeypatch):
    monkeypatch.setattr("common.google.calls._MOST", 1000)
    many = Answer(content=b'{"files": []' + b" " * 200_000 + b"}")
    monkeypatch.setitem(google._handlers, "drive.files.list", lambda _: many)
    with pytest.raises(BadAnswer, match="more than 1,000 bytes"):
        account.get("drive", "files")


def test_a_redirect_is_not_followed(account, google, monkeypatch):
    there = Answer(status=302, headers={"Location": f"{google.url}/drive/v3/files/x"})
    monkeypatch.setitem(google._handlers, "drive.files.list", lambda _: there)
    with pytest.raises(BadAnswer, match="with 302"):
        account.get("drive", "files")
    assert "drive.files.get" not in google.seen


def test_whoever_has_to_end_ends_before_a_call(open_one, google):
    class Stop(BaseException):
        pass

    def check():
        raise Stop

    with pytest.raises(Stop):
        open_one(check=check).get("drive", "files")
    assert google.seen == []


def test_whoever_has_to_end_does_not_wait_for_a_retry(open_one, google, time):
    class Stop(BaseException):
        pass

    def check():
        if google.seen.count("drive.files.list"):
            raise Stop

    google.fail("drive.files.list", 503, Retry_After="60", times=9)
    with pytest.raises(Stop):
        open_one(check=check).get("drive", "files")
    assert time.elapsed < 1


def test_who_connected_nothing_has_no_account(documents, google, integrations):
    with pytest.raises(NoSuchIntegration):
        open_account(documents, tenant="t2", user="ann", integrations=integrations)
    assert google.seen == []


@pytest.mark.parametrize("url", ["127.0.0.1:80", "ftp://x", "x"])
def test_an_endpoint_is_a_url(url, open_one, monkeypatch):
    monkeypatch.setenv("RUNJOBS_GOOGLE_ENDPOINT", url)
    with pytest.raises(Misconfigured, match=f"RUNJOBS_GOOGLE_ENDPOINT={url} is no URL"):
        open_one()


def test_the_environments_proxies_and_passwords_are_not_for_a_stand_in(
    open_one, google, monkeypatch, tmp_path
):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ann password canary\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    open_one().get("drive", "files")
    assert google.asked[0].headers["authorization"].startswith("Bearer ya29.")


def test_a_password_of_the_environment_does_not_take_the_tokens_place(
    account, google, monkeypatch, tmp_path
):
    """Where it is heeded for its proxies, as it is for Google itself."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ann password canary\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    account._sessions._trust_env = True
    account.get("drive", "files")
    assert google.asked[0].headers["authorization"].startswith("Bearer ya29.")
