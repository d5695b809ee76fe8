"""What was deployed, read back by the real gcloud."""

from __future__ import annotations

import pytest

from tests.deploy.conftest import PROJECT
from tests.services.gcloud import GcloudAt

REGION = "--region=us-central1"
LOCATION = "--location=us-central1"


@pytest.fixture
def gcloud(target, tmp_path) -> GcloudAt:
    target.deploy()
    return GcloudAt(target.url, tmp_path, project=PROJECT)


def test_gcloud_describes_a_job_that_was_deployed(gcloud):
    found = gcloud.json("run", "jobs", "describe", "billing", REGION)
    assert found["metadata"]["labels"]["managed-by"] == "runjobs"
    task = found["spec"]["template"]["spec"]["template"]["spec"]
    assert task["maxRetries"] == 0
    assert task["timeoutSeconds"] in {1200, "1200"}
    assert task["serviceAccountName"] == f"runjobs-jobs@{PROJECT}.iam.gserviceaccount.com"
    env = {it["name"]: it for it in task["containers"][0]["env"]}
    assert env["RUNJOBS_EXECUTOR"]["value"] == "cloud-run"
    assert env["STRIPE_SECRET_KEY"]["valueFrom"]["secretKeyRef"]["name"] == "STRIPE_SECRET_KEY"


def test_gcloud_lists_the_schedules_that_were_deployed(gcloud):
    found = gcloud.json("scheduler", "jobs", "list", LOCATION)
    assert {it["name"].rpartition("/")[2]: it["schedule"] for it in found} == {
        "runjobs-sweep": "17 * * * *",
        "runjobs-job-billing": "0 2 * * 0",
    }


def test_gcloud_describes_the_queue_that_was_deployed(gcloud):
    found = gcloud.json("tasks", "queues", "describe", "runjobs-wakeups", LOCATION)
    assert found["rateLimits"]["maxConcurrentDispatches"] == 20
    assert found["retryConfig"]["maxAttempts"] == 20


def test_gcloud_lists_the_indexes_that_were_deployed(gcloud):
    found = gcloud.json("firestore", "indexes", "composite", "list")
    collections = {it["name"].split("/")[5] for it in found}
    assert {"runs", "rates", "slots"} <= collections
