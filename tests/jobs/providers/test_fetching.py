"""The video's way from where a provider says that it is."""

from __future__ import annotations

import pytest

from jobs.video_generation.remote import errors, video
from jobs.video_generation.remote.service import Service
from tests.jobs.providers.cases import PIXVERSE, Case
from tests.jobs.providers.conftest import FILM
from tests.services.standin import CUT, GARBAGE, RESET, Answer


@pytest.fixture
def case() -> Case:
    """One: they are all fetched from in the same way."""
    return PIXVERSE


@pytest.fixture(autouse=True)
def _at_once(monkeypatch) -> None:
    monkeypatch.setattr(video, "BASE", 0.0)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/v.mp4",
        "http://[::ffff:169.254.169.254]/v.mp4",
        "http://metadata.google.internal/v.mp4",
        "file:///etc/passwd",
        "ftp://127.0.0.1/v.mp4",
        "http://127.0.0.1:1/v.mp4",
        "http://user:pass@127.0.0.1/v.mp4",
        "v.mp4",
    ],
)
def test_a_url_that_leads_where_nobody_may_go_is_not_gone_to(case, api, attempts, url):
    api.on_look.append(case.made(url))
    with pytest.raises(errors.BadVideo, match="is not fetched"):
        attempts.attempt()
    assert api.fetches == 0
    assert attempts.run.state == "failed"


def test_a_redirect_that_leads_there_is_not_followed(case, api, attempts):
    api.on_look.append(case.made(api.video))
    leads = {"Location": "http://169.254.169.254/latest/meta-data"}
    api.on_file.append(Answer(status=302, headers=leads))
    with pytest.raises(errors.BadVideo, match="is not fetched"):
        attempts.attempt()


def test_more_than_the_limit_is_not_taken(case, api, attempts, monkeypatch):
    monkeypatch.setattr(video, "MOST", len(FILM) - 1)
    api.on_look.append(case.made(api.video))
    with pytest.raises(errors.BadVideo, match="more than"):
        attempts.attempt()


@pytest.mark.parametrize(
    "answer",
    [RESET, CUT, Answer(status=503), Answer(status=404), Answer(status=403, body=GARBAGE.body)],
)
def test_what_may_pass_is_tried_again(case, api, attempts, answer):
    api.on_look.append(case.made(api.video))
    api.on_file += [answer, answer]
    assert attempts.attempt() == FILM
    assert api.fetches == 3


@pytest.mark.parametrize("base", ["https://api.useapi.net", "https://api.heygen.com/"])
def test_away_from_this_machine_only_public_addresses_by_tls_are_gone_to(base):
    guard = Service(base, headers={}, secret="x").guard
    assert guard.schemes == {"https"}
    assert guard.ports == {443}
    assert not guard.allows("127.0.0.1")
    assert not guard.allows("169.254.169.254")
    assert guard.allows("93.184.216.34")
