"""Notifications through the official Pub/Sub emulator: pulled by the job, or pushed."""

from __future__ import annotations

import socket
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest

from common.errors import InvalidInput, Misconfigured
from common.google import BadAnswer, NoAnswer, NotFound
from common.runs import Queues
from common.settings import Settings
from jobs.automation_trigger import automation_trigger, pubsub
from jobs.automation_trigger.pubsub import Subscription
from tests.jobs.gmail.messages import PDF, message
from tests.jobs.gmail.notices import handled, mark
from tests.jobs.gmail.processes import finish, start
from tests.jobs.gmail.world import ANN, World
from tests.services.google import Answer, Fault, Google
from tests.services.process import free_port
from tests.services.pubsub import PROJECT, Topic
from tests.web.conftest import serving

BEN = "ben@example.com"


@pytest.fixture
def topic(pubsub_host, monkeypatch) -> Iterator[Topic]:
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub_host)
    with Topic(pubsub_host, f"gmail-{uuid.uuid4().hex[:12]}") as topic:
        yield topic


def news(world: World, account: str = ANN) -> dict:
    """As Gmail publishes it."""
    return {"emailAddress": account, "historyId": world.gmail.mailbox(account).history_id}


def pull(world: World, topic: Topic, **params):
    params = {"subscription": topic.subscription, "wait": 0, **params}
    return world.do(automation_trigger, tenant="", **params)


def work(world: World) -> None:
    """Do the runs that were submitted, as a dispatcher would start them."""
    for run in world.children("automation-trigger"):
        if run.state == "pending":
            world.attempt(automation_trigger, run)


def test_all_notifications_become_a_run_for_each_account(bea, topic):
    bea.connect(BEN, user="ben")
    expected = set()
    for _ in range(3):
        id = bea.mailbox.add(message(("a.pdf", PDF)))
        expected.add((bea.automation.id, id))
        topic.publish(news(bea))
    topic.publish(news(bea, BEN))
    result = pull(bea, topic)
    assert (result.notifications, result.started_count) == (4, 2)
    assert topic.pull() == []
    work(bea)
    assert handled(bea) == expected
    assert mark(bea) == bea.mailbox.history_id


def test_of_several_of_one_account_the_newest_stands_for_all(bea, topic):
    """In whatever order they come, and however the address is written."""
    for number, account in [(7, ANN), (9, ANN.upper()), (8, ANN)]:
        topic.publish({"emailAddress": account, "historyId": str(number)})
    assert pull(bea, topic).started_count == 1
    (run,) = [run for run in bea.children("automation-trigger") if run.parent]
    assert '"history":9' in run.params


def test_a_notification_that_is_brought_again_gives_the_same_run(bea, topic):
    for _ in range(2):
        topic.publish(news(bea))
        result = pull(bea, topic)
    assert (result.notifications, result.started_count) == (1, 1)
    assert len([run for run in bea.children("automation-trigger") if run.parent]) == 1


def test_what_is_no_notification_is_left_and_does_not_come_again(bea, topic):
    bad = [b" ", b"\xff", b"[]", {}, {"emailAddress": ANN}, {"user": ANN, "history": "x"}]
    for said in [*bad, {"subscription": topic.subscription}]:
        topic.publish(said)
    topic.publish(news(bea))
    result = pull(bea, topic)
    assert (result.notifications, result.started_count, result.troubles_count) == (8, 1, 7)
    assert topic.pull() == []


class Killed(BaseException):
    """The process ends here, and does nothing more."""


def test_killed_before_it_acknowledged_nothing_is_lost_or_done_twice(bea, topic, monkeypatch):
    held = []

    def killed(_, messages):
        held.extend(each.ack for each in messages)
        raise Killed

    id = bea.mailbox.add(message(("a.pdf", PDF)))
    topic.publish(news(bea))
    with monkeypatch.context() as patch:
        patch.setattr(Subscription, "acknowledge", killed)
        run = bea.submit(automation_trigger, tenant="", subscription=topic.subscription, wait=0)
        with pytest.raises(Killed), bea.context(run) as context:
            automation_trigger(
                automation_trigger.validate({"subscription": topic.subscription}), context
            )
    began = [each.id for each in bea.children("automation-trigger") if each.parent]
    topic.expire(held)
    assert pull(bea, topic, wait=1).notifications == 1
    assert [each.id for each in bea.children("automation-trigger") if each.parent] == began
    work(bea)
    assert handled(bea) == {(bea.automation.id, id)}


def test_nothing_there_is_no_failure(bea, topic):
    assert pull(bea, topic).notifications == 0
    assert pull(bea, topic, wait=1).notifications == 0


def test_it_waits_for_a_notification(bea, topic):
    later = threading.Timer(0.3, topic.publish, [news(bea)])
    later.start()
    with Subscription(topic.subscription) as subscription:
        assert [each.data for each in subscription.pull(20)] == [news(bea)]
    later.join()


def test_a_name_without_a_project_is_of_ours(bea, topic, monkeypatch):
    name = topic.subscription.rpartition("/")[2]
    topic.publish(news(bea))
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", PROJECT)
    assert pull(bea, topic, subscription=name).notifications == 1
    monkeypatch.delenv("GOOGLE_CLOUD_PROJECT")
    with pytest.raises(Misconfigured, match="GOOGLE_CLOUD_PROJECT"):
        pull(bea, topic, subscription=name)


def test_errors_of_pubsub_are_told_apart(bea, topic, monkeypatch):
    with pytest.raises(NotFound):
        pull(bea, topic, subscription=f"projects/{PROJECT}/subscriptions/nobody")
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    with pytest.raises(NoAnswer):
        pull(bea, topic)


def test_a_tenants_run_pulls_nothing(bea, topic):
    topic.publish(news(bea))
    run = bea.submit(automation_trigger, tenant="t1", subscription=topic.subscription)
    with pytest.raises(InvalidInput, match="tenants"):
        bea.attempt(automation_trigger, run)
    assert len(topic.pull()) == 1


def test_a_process_pulls(bea, topic):
    Queues(bea.documents).pause("automation-tasks")
    topic.publish(news(bea))
    code, said = finish(start(bea, "x", subscription=topic.subscription, wait=0))
    assert code == 0, said
    assert topic.pull() == []
    assert len([run for run in bea.children("automation-trigger") if run.parent]) == 1


def test_messages_that_are_pushed_start_runs(bea, pubsub_host):
    world = bea
    settings = Settings.load({"RUNJOBS_HOME": str(world.folder / "home")})
    with serving(replace(settings, documents=world.documents.url)) as served:
        come = threading.Event()
        push_run = served.client.submit

        def submitted(*given, **more):
            run = push_run(*given, **more)
            come.set()
            return run

        served.client.submit = submitted
        url = f"{served.url}/internal/push/automation-trigger"
        with Topic(pubsub_host, f"gmail-{uuid.uuid4().hex[:12]}", push=url) as topic:
            id = world.mailbox.add(message(("a.pdf", PDF)))
            topic.publish(news(world))
            assert come.wait(30)
    assert len(world.children("automation-trigger")) == 1
    world.do(automation_trigger, tenant="", **news(world))
    assert handled(world) == {(world.automation.id, id)}


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b"", b"HT"]
)
def test_an_answer_that_drips_or_never_comes_is_bounded(bea, monkeypatch, answer):
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=drip, args=[listener, answer, ended])
        server.start()
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{listener.getsockname()[1]}")
        monkeypatch.setattr(pubsub, "_CALL", 0.6)
        began = time.monotonic()
        with pytest.raises(NoAnswer):
            bea.do(automation_trigger, tenant="", subscription="projects/p/subscriptions/s", wait=0)
        took = time.monotonic() - began
        ended.set()
        server.join()
    assert took < 2


def drip(listener: socket.socket, answer: bytes, ended: threading.Event) -> None:
    """Answer one caller, a blank at a time after a beginning."""
    caller, _ = listener.accept()
    with caller:
        try:
            caller.sendall(answer)
            while not ended.wait(0.05):
                caller.sendall(b" ")
        except OSError:  # it has given up
            ended.wait(20)


def test_garbage_is_no_success(bea, monkeypatch):
    with Google() as google:
        monkeypatch.setattr(google, "answer", lambda *_: (Answer(content=b"<html>"), Fault()))
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", google.url.removeprefix("http://"))
        with pytest.raises(BadAnswer):
            bea.do(automation_trigger, tenant="", subscription="projects/p/subscriptions/s", wait=0)
