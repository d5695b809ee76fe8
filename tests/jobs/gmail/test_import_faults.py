"""gmail-import when Gmail, the disk, or its own process fails."""

from __future__ import annotations

import threading

import pytest

from common.errors import InvalidInput
from common.google import BadAnswer, GoogleError, NoAnswer
from common.integrations import NeedsReauth
from common.runtime import Interrupted
from jobs.gmail_import import gmail_import
from tests.chaos.counts import CHAOS
from tests.jobs.gmail.messages import PDF, message
from tests.jobs.gmail.notices import hasty
from tests.jobs.gmail.processes import finish, start
from tests.jobs.gmail.world import ANN, World
from tests.services.google import Fault, refused

GET = "gmail.users.messages.get"
LIST = "gmail.users.messages.list"
FETCH = "gmail.users.messages.attachments.get"


@pytest.fixture
def ann(world, monkeypatch) -> World:
    hasty(monkeypatch)
    world.connect()
    return world


def received(world: World, count: int) -> list[str]:
    return [world.mailbox.add(message((f"{n}.pdf", PDF + bytes([n])))) for n in range(count)]


def broken(world: World, method: str, answer, *ids: str) -> None:
    """Have a method answer so for these messages."""
    taken = world.gmail.methods()[method]
    names = {GET: "id", FETCH: "messageId"}
    world.google._handlers[method] = lambda asked: (
        answer if asked.path[names[method]] in ids else taken(asked)
    )


def names(world: World, result) -> list[str]:
    return sorted(file.name for file in world.manifest(result))


@pytest.mark.parametrize("method", [GET, FETCH])
@pytest.mark.parametrize(
    "answer",
    [
        refused(404, "notFound"),
        refused(403, "forbidden"),
        refused(400, "failedPrecondition"),
        {"id": "x", "internalDate": "soon"},
        {"data": "*", "size": 1},
        {},
    ],
)
def test_one_bad_message_is_told_and_the_others_come(ann, method, answer):
    if method == GET and isinstance(answer, dict) and "data" in answer:
        answer = {"id": "1", "threadId": "1"}
    if method == FETCH and isinstance(answer, dict) and "id" in answer:
        answer = {"size": 3}
    ids = received(ann, 3)
    broken(ann, method, answer, ids[1])
    result = ann.do(gmail_import, user="ann", query="has:attachment")
    assert names(ann, result) == ["0.pdf", "2.pdf"]
    assert result.skipped_count == 1
    (skipped,) = result.skipped
    assert skipped.id == ids[1]
    assert skipped.name == ("" if method == GET else "1.pdf")
    assert skipped.reason


def test_one_bad_file_of_a_message_keeps_no_other(ann):
    ann.mailbox.add(message(("a.pdf", PDF), ("b.pdf", PDF)))
    ann.google.fail(FETCH, 404)
    result = ann.do(gmail_import, user="ann", query="has:attachment")
    assert (names(ann, result), [each.name for each in result.skipped]) == (["b.pdf"], ["a.pdf"])


def test_files_over_the_limit_are_left_out_and_not_fetched(ann):
    ann.mailbox.add(message(("small.pdf", bytes(10)), ("large.pdf", bytes(11))))
    result = ann.do(gmail_import, user="ann", query="has:attachment", most_file_bytes=10)
    assert names(ann, result) == ["small.pdf"]
    assert "10 bytes" in result.skipped[0].reason
    assert ann.google.seen.count(FETCH) == 1


def test_more_than_all_may_have_ends_the_run(ann):
    received(ann, 5)
    with pytest.raises(InvalidInput, match="limit"):
        ann.do(gmail_import, user="ann", query="has:attachment", most_bytes=3 * len(PDF))


@pytest.mark.parametrize("method", [GET, LIST, FETCH])
@pytest.mark.parametrize("fault", [429, 503, "reset", "garbage", "cut", "empty", "unauthorized"])
def test_what_passes_is_borne(ann, method, fault):
    ids = received(ann, 2)
    given = Fault(manner=fault) if isinstance(fault, str) else fault
    ann.google.fail(method, given)
    result = ann.do(gmail_import, user="ann", query="has:attachment")
    assert (result.files, result.skipped_count) == (len(ids), 0)


@pytest.mark.parametrize(
    ("method", "count"), [(LIST, 1), *((method, n) for method in (GET, FETCH) for n in (1, 2, 4))]
)
def test_while_gmail_is_down_no_run_succeeds(ann, method, count):
    received(ann, count)
    ann.google.fail(method, 503, times=1_000)
    run = ann.submit(gmail_import, user="ann", query="has:attachment")
    for _ in range(4):
        with pytest.raises((NoAnswer, BadAnswer)):
            ann.attempt(gmail_import, run)
    ann.google.faults._next.clear()
    assert ann.attempt(gmail_import, run).files == count


def test_three_messages_that_fail_in_a_row_suffice_to_stop(ann):
    received(ann, 6)
    asked = set()

    def down(call):
        asked.add(call.path["id"])
        return refused(503, "backendError")

    ann.google._handlers[GET] = down
    with pytest.raises(NoAnswer):
        ann.do(gmail_import, user="ann", query="has:attachment")
    assert len(asked) == 3


def test_one_message_that_always_fails_is_left_out_after_three_attempts(ann):
    ids = received(ann, 3)
    broken(ann, GET, refused(500, "backendError"), ids[1])
    run = ann.submit(gmail_import, user="ann", query="has:attachment")
    for _ in range(2):
        with pytest.raises(GoogleError):
            ann.attempt(gmail_import, run)
    result = ann.attempt(gmail_import, run)
    assert (names(ann, result), result.new) == (["0.pdf", "2.pdf"], 2)
    assert [each.id for each in result.skipped] == [ids[1]]


def test_consent_that_is_revoked_in_between_ends_it(ann):
    received(ann, 2)

    def revoked(_):
        ann.google.oauth.revoke(ANN)
        return refused(401, "authError")

    ann.google._handlers[FETCH] = revoked
    run = ann.submit(gmail_import, user="ann", query="has:attachment")
    with pytest.raises(NeedsReauth):
        ann.attempt(gmail_import, run)
    assert ann.runs.get(run.id).state == "failed"


def test_a_next_attempt_takes_the_same_messages_and_fetches_no_file_twice(ann):
    received(ann, 4)
    run = ann.submit(gmail_import, user="ann", query="has:attachment")
    fetch = ann.google._handlers[FETCH]

    def interrupted(asked):
        if ann.google.seen.count(FETCH) == 3:
            raise_in_job.set()
        return fetch(asked)

    raise_in_job = threading.Event()
    ann.google._handlers[FETCH] = interrupted
    params = gmail_import.validate({"user": "ann", "query": "has:attachment"})
    with ann.context(run) as context:
        context.check = lambda: _interrupt(raise_in_job)
        with pytest.raises(Interrupted):
            gmail_import(params, context)
    late = ann.mailbox.add(message(("late.pdf", PDF)))
    result = ann.attempt(gmail_import, run)
    assert (result.files, result.new) == (4, 4)
    assert late not in {file.origin["message"] for file in ann.manifest(result)}
    assert ann.google.seen.count(LIST) == 1
    assert ann.google.seen.count(FETCH) <= 5


def _interrupt(event: threading.Event) -> None:
    if event.is_set():
        raise Interrupted


@pytest.mark.parametrize("call", range(1, 10) if CHAOS else [5])
def test_a_process_that_is_killed_is_gone_on_with(ann, call):
    received(ann, 3)
    options = {"job": "gmail-import", "user": "ann", "query": "has:attachment"}
    task, calls, answer = None, iter(range(1, 100)), ann.google.answer

    def kill_at(*given):
        if next(calls) == call:
            task.kill()
        return answer(*given)

    ann.integrations.save(
        tenant="", user="ann", secret=ann.google.oauth.grant(ANN, "gmail"), account=ANN
    )
    ann.google.answer = kill_at
    task = start(ann, "x", **options)
    assert finish(task)[0] == -9
    code, said = finish(start(ann, "x", attempt=1, **options))
    assert code == 0, said
    (run,) = ann.children("gmail-import")
    assert '"files":3' in run.result
    kept = [blob.path for blob in ann.blobs.list("shared/")]
    assert len(kept) == 3


def test_no_secret_is_in_what_is_logged_kept_or_told(ann, caplog):
    caplog.set_level("DEBUG")
    ids = received(ann, 2)
    broken(ann, GET, refused(400, "failedPrecondition", "Bearer ya29.canary"), ids[0])
    result = ann.do(gmail_import, user="ann", query="has:attachment")
    told = [*caplog.messages, result.model_dump_json()]
    told += [str(run) for run in ann.children("gmail-import")]
    told += [ann.blobs.read(blob.path).decode("latin-1") for blob in ann.blobs.list()]
    for secret in {*ann.google.oauth.secrets, "ya29.canary"}:
        assert secret not in "".join(told)
