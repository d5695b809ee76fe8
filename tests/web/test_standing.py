"""/stats tells what the command line tells."""

from __future__ import annotations


def test_runs_are_counted_by_state(anywhere):
    for _ in range(3):
        anywhere.submit(delay="1h")
    anywhere.fail(anywhere.submit()["id"])
    counts = anywhere.http.get("/stats").json()["runs"]
    assert {state: count for state, count in counts.items() if count} == {"pending": 3, "failed": 1}


def test_queues_are_told_with_their_limits(served):
    served.submit(delay="1h")
    served.submit()
    served.client.queues.choose("maintenance-tasks", {"max_concurrent": 7})
    found = {queue["name"]: queue for queue in served.http.get("/stats").json()["queues"]}
    queue = found["maintenance-tasks"]
    assert (queue["later"], queue["active"], queue["max_concurrent"]) == (1, 1, 7)
    assert queue["sources"]["max_concurrent"] == "chosen"


def test_limits_on_providers_are_told(served):
    from common.limits import set_limits

    set_limits(served.client.documents, "veo", per_second=2.0)
    (limit,) = served.http.get("/stats").json()["limits"]
    assert (limit["name"], limit["set"]["per_second"]) == ("veo", 2.0)
