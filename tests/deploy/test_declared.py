"""From a declaration and the settings to what Cloud Run is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.deploy.declared import job_json, local_job_json, seed
from common.deploy.deployment import deployment
from common.deploy.dispatcher import service_json
from common.documents import open_documents
from common.errors import InvalidInput, Misconfigured
from common.localcloud.cloud import LocalCloud
from common.runtime import Context, job
from common.runtime.discover import all_jobs, names
from common.settings import Settings
from tests.deploy.conftest import IMAGE, billing, short

ENV = {"GOOGLE_CLOUD_PROJECT": "acme", "GCS_BUCKET_NAME": "b"}


@job("film", needs=("imageio_ffmpeg (media)",))
def film(run: Context) -> None:
    """Needs more than the image has."""


def there(environ=None, **options):
    return deployment({**ENV, **(environ or {})}, **{"image": IMAGE, **options})


def task_of(found) -> dict:
    return found["template"]["template"]


def variables(found) -> dict:
    (container,) = task_of(found)["containers"]
    return {it["name"]: it.get("value", it.get("valueSource")) for it in container["env"]}


def test_a_job_is_deployed_as_it_is_declared():
    found = job_json(short, there())
    task = task_of(found)
    (container,) = task["containers"]
    assert found["labels"] == {"managed-by": "runjobs"}
    assert found["template"]["taskCount"] == 1
    assert container["image"] == IMAGE
    assert container["resources"] == {"limits": {"cpu": "2", "memory": "1Gi"}}
    assert task["maxRetries"] == 0
    assert task["timeout"] == f"{(short.timeout + short.drain) // timedelta(seconds=1)}s" == "720s"
    assert task["serviceAccount"] == "runjobs-jobs@acme.iam.gserviceaccount.com"


def test_its_variables_give_it_the_settings_of_the_cloud():
    found = variables(job_json(short, there()))
    read = Settings.load({**found, "CLOUD_RUN_JOB": "short"})
    assert (read.documents, read.blobs) == ("firestore://acme/(default)", "gs://b")
    assert (read.executor, read.wakeups) == ("cloud-run", "cloud-tasks")
    assert read.wakeup_account == "runjobs-wakeups@acme.iam.gserviceaccount.com"
    assert read.scheduler_account == "runjobs-schedules@acme.iam.gserviceaccount.com"
    assert read.in_cloud


def test_without_a_bucket_nothing_is_deployed():
    with pytest.raises(Misconfigured, match="GCS_BUCKET_NAME"):
        deployment({"GOOGLE_CLOUD_PROJECT": "acme"}, image="i").check()


def test_what_is_said_of_a_laptop_is_not_deployed(tmp_path):
    laptop = {
        "RUNJOBS_HOME": str(tmp_path),
        "RUNJOBS_DOCUMENTS": "sqlite:///x",
        "RUNJOBS_BLOBS": "file:///x",
        "RUNJOBS_EXECUTOR": "local",
        "RUNJOBS_WAKEUPS": "local",
        "RUNJOBS_SCHEDULES": "local",
        "RUNJOBS_PORT": "9000",
        "STRIPE_SECRET_KEY": "sk_canary",
        "RUNJOBS_MAX_TASKS": "7",
    }
    found = variables(job_json(short, there(laptop)))
    assert found == {**variables(job_json(short, there())), "RUNJOBS_MAX_TASKS": "7"}
    assert not any(str(tmp_path) in str(value) for value in found.values())


def test_a_secret_is_a_reference_and_never_a_value():
    found = job_json(billing, there({"STRIPE_SECRET_KEY": "sk_canary"}))
    reference = {"secretKeyRef": {"secret": "STRIPE_SECRET_KEY", "version": "latest"}}
    assert variables(found)["STRIPE_SECRET_KEY"] == reference
    assert "sk_canary" not in str(found)


def test_a_secret_that_is_given_in_plain_is_refused_without_its_value():
    plain = there(env={"STRIPE_SECRET_KEY": "sk_canary"})
    with pytest.raises(InvalidInput, match="STRIPE_SECRET_KEY is a secret of billing") as refused:
        job_json(billing, plain)
    assert "sk_canary" not in str(refused.value)


def test_a_job_with_needs_of_its_own_gets_the_media_image():
    both = there(media_image="media")
    images = [task_of(job_json(it, both))["containers"][0]["image"] for it in (short, film)]
    assert images == [IMAGE, "media"]
    assert task_of(job_json(film, there()))["containers"][0]["image"] == IMAGE


def test_more_variables_are_for_jobs_alone():
    more = there(env={"VEO_MODEL": "m"})
    assert variables(job_json(short, more))["VEO_MODEL"] == "m"
    assert "VEO_MODEL" not in str(service_json(more))


def test_the_dispatcher_stands_by_for_nothing_and_lets_nobody_in_without_a_token():
    found = service_json(there())
    assert found["template"]["scaling"]["minInstanceCount"] == 0
    assert found["invokerIamDisabled"] is False
    (container,) = found["template"]["containers"]
    assert [*container["command"], *container["args"]] == ["runjobs", "serve"]


def test_the_dispatcher_reads_its_settings_from_its_variables():
    (container,) = service_json(there().at("https://d"))["template"]["containers"]
    env = {it["name"]: it["value"] for it in container["env"]}
    read = Settings.load({**env, "K_SERVICE": "runjobs-dispatcher", "PORT": "9090"})
    assert read.in_cloud
    assert (read.dispatcher_url, read.port) == ("https://d", 9090)
    assert read.oidc_signatures == "by-cloud-run"


def test_accounts_may_be_chosen():
    chosen = there({"RUNJOBS_WAKEUP_ACCOUNT": "w@x"}, accounts={"jobs": "j@x"})
    assert (chosen.accounts.jobs, chosen.accounts.wakeups) == ("j@x", "w@x")
    assert chosen.variables["RUNJOBS_WAKEUP_ACCOUNT"] == "w@x"
    with pytest.raises(InvalidInput, match="No account is for job"):
        there(accounts={"job": "j@x"})


def test_without_a_project_nothing_is_deployed():
    with pytest.raises(Misconfigured, match="GOOGLE_CLOUD_PROJECT"):
        deployment({}, image=IMAGE)


@pytest.mark.parametrize(("project", "place"), [("", "local"), ("acme", "acme")])
def test_a_local_cloud_has_the_declared_jobs_from_the_start(tmp_path, project, place):
    settings = Settings.load({"RUNJOBS_HOME": str(tmp_path), "GOOGLE_CLOUD_PROJECT": project})
    cloud = LocalCloud(settings, open_documents(settings.documents))
    parent = f"projects/{place}/locations/us-central1"
    changed = local_job_json(all_jobs()[0])
    task_of(changed)["timeout"] = "5s"
    cloud.run.jobs.create(parent, all_jobs()[0].name, changed)
    for _ in range(2):
        seed(cloud, settings)
        found, _ = cloud.run.jobs.list(parent)
        assert {it["name"].rpartition("/")[2] for it in found} == set(names())
    kept = cloud.run.jobs.get(f"{parent}/jobs/{all_jobs()[0].name}")
    assert task_of(kept)["timeout"] == "5s"
    cloud.store.documents.close()
