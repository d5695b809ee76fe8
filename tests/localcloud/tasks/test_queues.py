"""Queues: defaults, bounds, masks, and what becomes of their tasks."""

from __future__ import annotations

import pytest

from common.localcloud.errors import ApiError
from common.localcloud.rpc import Call
from tests.localcloud.target import on_sqlite
from tests.localcloud.tasks.conftest import LOCATION, QUEUE


def update(world, mask: object = None, **fields) -> dict:
    queue = {"name": QUEUE, **fields}
    said = {"queue": queue} | ({"updateMask": mask} if mask else {})
    return world.queues.update(Call(fields=said))


def named(verb):
    return verb(Call(fields={"name": QUEUE}))


def test_a_queue_has_googles_defaults(world):
    assert world.queue() == {
        "name": QUEUE,
        "rateLimits": {
            "maxDispatchesPerSecond": 500.0,
            "maxBurstSize": 100,
            "maxConcurrentDispatches": 1000,
        },
        "retryConfig": {
            "maxAttempts": 100,
            "minBackoff": "0.100s",
            "maxBackoff": "3600s",
            "maxDoublings": 16,
        },
        "state": "RUNNING",
    }
    assert (
        named(world.queues.get) == world.queues.list(Call(fields={"parent": LOCATION}))["queues"][0]
    )


@on_sqlite
@pytest.mark.parametrize(
    ("fields", "culprit"),
    [
        ({"name": f"{LOCATION}/queues/under_score"}, "queue.name"),
        ({"name": f"{LOCATION}/queues/{'a' * 101}"}, "queue.name"),
        ({"name": "projects/p/locations/elsewhere/queues/q"}, "queue.name"),
        ({"rateLimits": {"maxDispatchesPerSecond": 501}}, "maxDispatchesPerSecond"),
        ({"rateLimits": {"maxDispatchesPerSecond": -1}}, "maxDispatchesPerSecond"),
        ({"rateLimits": {"maxDispatchesPerSecond": "NaN"}}, "maxDispatchesPerSecond"),
        ({"rateLimits": {"maxConcurrentDispatches": 5001}}, "maxConcurrentDispatches"),
        ({"retryConfig": {"maxAttempts": -2}}, "maxAttempts"),
        ({"retryConfig": {"minBackoff": "2s", "maxBackoff": "1s"}}, "minBackoff"),
        ({"retryConfig": {"minBackoff": "soon"}}, "minBackoff"),
        ({"retryConfig": {"maxDoublings": 1.5}}, "maxDoublings"),
        ({"httpTarget": {"httpMethod": "GET"}}, "httpTarget"),
        ({"appEngineRoutingOverride": {"service": "s"}}, "App Engine"),
    ],
)
def test_what_a_queue_cannot_be_is_refused_by_name(world, fields, culprit):
    with pytest.raises(ApiError, match=culprit) as refused:
        world.queue(**fields)
    assert refused.value.status == "INVALID_ARGUMENT"


def test_a_name_is_taken_once_and_free_again_when_the_queue_is_deleted(world):
    world.queue()
    with pytest.raises(ApiError) as refused:
        world.queue()
    assert refused.value.status == "ALREADY_EXISTS"
    named(world.queues.delete)
    with pytest.raises(ApiError) as gone:
        named(world.queues.get)
    assert gone.value.status == "NOT_FOUND"
    world.queue()


@pytest.mark.parametrize(
    "mask",
    ["retryConfig.maxAttempts,rateLimits", "retry_config.max_attempts,rate_limits"],
)
def test_an_update_changes_what_its_mask_names(world, mask):
    world.queue(retryConfig={"maxAttempts": 7, "maxDoublings": 3})
    found = update(world, mask, retryConfig={"maxAttempts": 9, "maxDoublings": 5})
    assert found["retryConfig"]["maxAttempts"] == 9
    assert found["retryConfig"]["maxDoublings"] == 3
    assert found["rateLimits"]["maxDispatchesPerSecond"] == 500


def test_an_update_without_a_mask_changes_all_but_the_state(world):
    world.queue(retryConfig={"maxAttempts": 7})
    named(world.queues.pause)
    found = update(world, rateLimits={"maxDispatchesPerSecond": 0.5})
    assert found["retryConfig"]["maxAttempts"] == 100
    assert found["rateLimits"]["maxDispatchesPerSecond"] == 0.5
    assert found["state"] == "PAUSED"


def test_an_update_makes_what_is_not_there(world):
    assert update(world)["state"] == "RUNNING"
    assert named(world.queues.get)["name"] == QUEUE


def test_an_unknown_field_of_a_mask_is_refused(world):
    world.queue()
    with pytest.raises(ApiError, match="colour"):
        update(world, "colour")


def test_pausing_and_resuming_are_told(world):
    world.queue()
    assert named(world.queues.pause)["state"] == "PAUSED"
    assert named(world.queues.get)["state"] == "PAUSED"
    assert named(world.queues.resume)["state"] == "RUNNING"


def test_a_purge_removes_all_tasks_and_says_when(world):
    world.queue()
    for _ in range(210):  # more than are removed at once
        world.task()
    world.task("a")
    assert named(world.queues.purge)["purgeTime"].startswith("2026-11-22T12:00:00")
    assert world.ids() == set()


def test_a_deleted_queues_tasks_do_not_come_back_with_its_name(world):
    world.queue()
    world.task("a")
    named(world.queues.delete)
    world.queue()
    assert world.ids() == set()


def test_policies_are_kept_and_permissions_granted(world):
    world.queue()
    resource = {"resource": QUEUE}
    bindings = [{"role": "roles/cloudtasks.enqueuer", "members": ["user:a@b"]}]
    world.queues.set_policy(Call(fields={**resource, "policy": {"bindings": bindings}}))
    assert world.queues.get_policy(Call(fields=resource))["bindings"] == bindings
    asked = {**resource, "permissions": ["cloudtasks.tasks.create"]}
    assert world.queues.test_permissions(Call(fields=asked)) == {
        "permissions": ["cloudtasks.tasks.create"]
    }
