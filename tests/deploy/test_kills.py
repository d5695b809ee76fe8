"""Killed at any moment, or left without an answer, a deployment is completed by the next one."""

from __future__ import annotations

import random

import pytest
from requests.exceptions import ConnectionError as NoConnection

from common.deploy.api import open_api
from common.deploy.deploy import deploy, plan
from common.deploy.deployment import deployment
from common.errors import Unavailable
from tests.deploy.conftest import JOBS
from tests.services.local_cloud import serving_home

pytestmark = pytest.mark.usefixtures("few")

CHANGES = {"POST", "PATCH", "DELETE"}


class Killed(BaseException):
    """The process is gone."""


class Deadly:
    """A session that kills its process at one change: before it is sent, or once it is done."""

    def __init__(self, session, *, before: bool) -> None:
        self.session, self.before = session, before

    def request(self, method, url, **options):
        changes = method in CHANGES and not url.endswith(":testIamPermissions")
        if changes and self.before:
            raise Killed
        answer = self.session.request(method, url, **options)
        if changes:
            raise Killed
        return answer


class Lossy:
    """A session whose every call is answered only when it is made again."""

    def __init__(self, session) -> None:
        self.session, self.lost = session, set()

    def request(self, method, url, **options):
        answer = self.session.request(method, url, **options)
        call = (method, url, str(options))
        if call not in self.lost:
            self.lost.add(call)
            raise NoConnection("cut")
        return answer


def test_killed_before_and_after_every_change_it_is_completed(target):
    """Each kill leaves one change more behind; in the end there is nothing left to be done."""
    kills = 0
    while target.plan().work:
        for before in (True, False):
            api = target.api(lambda session, before=before: Deadly(session, before=before))
            with pytest.raises(Killed):
                deploy(api, target.deployment, JOBS)
            kills += 1
        assert kills < 60
    assert kills >= 2 * 11  # index, field, TTL, queue, dispatcher twice, two jobs, right, two crons
    assert target.deploy().work == []


def test_killed_while_it_prunes_it_is_completed(target):
    target.deploy()
    kills = 0
    while target.plan(JOBS[1:], prune=True).work:
        for before in (True, False):
            api = target.api(lambda session, before=before: Deadly(session, before=before))
            with pytest.raises(Killed):
                deploy(api, target.deployment, JOBS[1:], prune=True)
            kills += 1
    assert kills == 4


def test_when_every_answer_is_lost_once_all_is_made_once(target):
    done = deploy(target.api(Lossy), target.deployment, JOBS)
    assert done.work
    assert target.plan().work == []
    path = "projects/acme/databases/(default)/collectionGroups/-/indexes"
    assert len(target.api().call("GET", "x", f"v1/{path}")["indexes"]) == 1


@pytest.mark.parametrize("seed", range(4))
def test_whatever_goes_wrong_on_the_way_it_is_completed(tmp_path, time, seed):
    """Of each two answers one fails, in a way that the local cloud is told."""
    rng = random.Random(seed)  # noqa: S311
    ways = [429, 500, 503, "lost", "dropped", "malformed", "empty"]
    with serving_home(tmp_path) as platform:
        faults = [fault for _ in range(200) for fault in (rng.choice(ways), None)]
        platform.faults.next.extend(faults)
        there = deployment({"GOOGLE_CLOUD_PROJECT": "acme"}, image="i")
        api = open_api(platform.url, clock=time.clock)
        assert deploy(api, there, JOBS).work
        platform.faults.next.clear()
        assert plan(api, there, JOBS).work == []


def test_where_nobody_answers_it_ends_within_its_patience(target, time):
    class Deaf:
        def __init__(self, session) -> None: ...

        def request(self, *_, **__):
            raise NoConnection("refused")

    with pytest.raises(Unavailable, match="did not answer: ConnectionError"):
        deploy(target.api(Deaf), target.deployment, JOBS)
    assert 60 < time.elapsed <= 120
