"""The stand-in is held to Google's discovery documents; Google's own client gets along with it."""

from __future__ import annotations

import pytest
import requests
from googleapiclient.discovery import build

from tests.google.conftest import ANN
from tests.google.shelf import Shelf
from tests.services.google import Google
from tests.services.google.discovery import methods


@pytest.fixture
def token(account):
    account.get("oauth2", "userinfo")
    return account._sessions._credentials.token


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("GET", "drive/v3/file", None),
        ("POST", "drive/v3/files/a", None),
        ("GET", "drive/v2/files", None),
        ("GET", "drive/v3/files?pagesize=1", None),
        ("GET", "drive/v3/files?pageSize=many", None),
        ("GET", "drive/v3/files?pageSize=1001", None),
        ("GET", "drive/v3/files?pageSize=1&pageSize=2", None),
        ("GET", "drive/v3/files?supportsAllDrives=True", None),
        ("GET", "drive/v3/files?alt=media", None),
        ("GET", "drive/v3/files/a/export", None),
        ("POST", "drive/v3/files", {"title": "x"}),
        ("POST", "drive/v3/files", {"name": 7}),
        ("POST", "drive/v3/files", {"parents": "x"}),
        ("POST", "drive/v3/files", {"capabilities": {"canDance": True}}),
        ("POST", "upload/drive/v3/files?uploadType=media", None),
        ("GET", "gmail/v1/users/me/messages?labelIDs=x", None),
        ("GET", "gmail/v1/users/me/history", None),
        ("PUT", "upload/drive/v3/files", None),
        ("GET", "drive/v3/drives", None),
    ],
)
def test_what_the_documents_do_not_have_is_refused_and_fails_the_test(verb, path, body):
    google = Google(Shelf())
    with pytest.raises(AssertionError, match="asked wrongly"):
        _ask(google, verb, path, body)
    assert len(google.problems) == 1


def _ask(google, verb="GET", path="drive/v3/files", body=None):
    with google:
        headers = {"Authorization": f"Bearer {_token(google)}"}
        url = f"{google.url}/{path}"
        answer = requests.request(verb, url, json=body, headers=headers, timeout=9)
        return answer.status_code


def _token(google):
    secret = google.oauth.grant(ANN)
    form = {name: secret[name] for name in ("client_id", "client_secret", "refresh_token")}
    form["grant_type"] = "refresh_token"
    return requests.post(f"{google.url}/token", data=form, timeout=9).json()["access_token"]


def test_what_the_stand_in_says_wrongly_fails_the_test_too(shelf):
    shelf.list = lambda _: {"items": []}
    with pytest.raises(AssertionError, match="FileList has no items"):
        _ask(Google(shelf))


def test_what_they_have_is_answered(shelf):
    assert _ask(Google(shelf)) == 200


def test_without_a_token_nothing_is_answered(google):
    for headers in ({}, {"Authorization": "Bearer ya29.forged"}):
        answer = requests.get(f"{google.url}/drive/v3/files", headers=headers, timeout=9)
        assert answer.status_code == 401
    assert google.asked == []


def test_all_methods_of_three_services_are_known():
    ids = {method.id for method in methods()}
    assert {"drive.files.list", "gmail.users.messages.attachments.get", "gmail.users.watch"} <= ids
    assert len(ids) > 100


def test_googles_own_client_gets_along_with_it(google, shelf, token):
    """Which proves that what it answers is not only what ours would like."""
    from google.oauth2.credentials import Credentials

    shelf.files |= {"a": b"1", "b": b"22"}
    endpoint = {"api_endpoint": f"{google.url}/drive/v3/"}
    credentials = Credentials(token)
    with build("drive", "v3", credentials=credentials, client_options=endpoint) as drive:
        first = drive.files().list(pageSize=1)
        page = first.execute()
        following = drive.files().list_next(first, page).execute()
        assert [each["id"] for each in (*page["files"], *following["files"])] == ["a", "b"]
        assert drive.files().get_media(fileId="b").execute() == b"22"
        made = drive.files().create(body={"name": "c"}).execute()
        assert made == {"id": "made-0", "name": "c"}
