"""runjobs deploy and runjobs check, against a local cloud."""

from __future__ import annotations

import json

import pytest

from common.documents import open_documents
from common.localcloud.cloud import LocalCloud
from common.runtime.discover import all_jobs, names
from common.settings import Settings

SECRETS = sorted({name for job in all_jobs() for name in job.secrets})
PARTS = ("jobs", "dispatcher", "wakeups", "schedules")


@pytest.fixture
def cloud(tmp_path):
    settings = Settings.load({"RUNJOBS_HOME": str(tmp_path / "cloud")})
    documents = open_documents(settings.documents)
    cloud = LocalCloud(settings, documents)
    with cloud.serving():
        yield cloud
    documents.close()


@pytest.fixture
def deploy(inside, cloud):
    env = {
        "GOOGLE_CLOUD_PROJECT": "acme",
        "GCS_BUCKET_NAME": "b",
        "RUNJOBS_CLOUD_ENDPOINT": cloud.url,
        "STRIPE_SECRET_KEY": "sk_canary",
        "RUNJOBS_SECRETS": ",".join(SECRETS),
    }

    def call(*arguments, stdin="", **more):
        said = inside("deploy", *arguments, env={**env, **more}, stdin=stdin)
        assert "sk_canary" not in said.out + said.err
        return said

    return call


def orphan(cloud) -> None:
    """A job that was deployed once, and is declared no longer."""
    template = {"template": {"containers": [{"image": "old"}]}}
    job = {"labels": {"managed-by": "runjobs"}, "template": template}
    cloud.run.jobs.create("projects/acme/locations/us-central1", "old", job)


def test_it_is_planned_then_done_then_there_is_nothing_to_do(deploy, cloud):
    planned = deploy("--image", "i@sha256:1", "--plan")
    assert planned.code == 0, planned.err
    assert "create  Cloud Run service    runjobs-dispatcher" in planned.out
    done = deploy("--image", "i@sha256:1")
    assert done.code == 0, done.err
    assert "Deployed to projects/acme/locations/us-central1: " in done.out
    assert " created, " in done.out.splitlines()[-1]
    again = deploy("--image", "i@sha256:1", "--plan")
    assert again.out.startswith("0 to create, 0 to update, 0 to delete, ")
    found, _ = cloud.run.jobs.list("projects/acme/locations/us-central1")
    assert {it["name"].rpartition("/")[2] for it in found} == set(names())


def test_a_job_whose_secrets_are_not_there_is_left_out_and_said_to_be(deploy, cloud):
    said = deploy("--image", "i@sha256:1", RUNJOBS_SECRETS="ENCRYPTION_KEY")
    assert said.code == 0, said.err
    assert said.err.startswith("Left out: automation-trigger, drive-export, drive-import, gmail-")
    lacking = [name for name in SECRETS if name != "ENCRYPTION_KEY"]
    assert f"Put {', '.join(lacking)} into Secret Manager" in said.err
    found, _ = cloud.run.jobs.list("projects/acme/locations/us-central1")
    there = {it["name"].rpartition("/")[2] for it in found}
    assert there == {job.name for job in all_jobs() if not job.secrets}
    rights = deploy("--print-iam", "--secrets", "ENCRYPTION_KEY", RUNJOBS_SECRETS="")
    assert "ENCRYPTION_KEY" not in rights.out  # no job that is deployed reads it


def test_a_job_that_is_left_out_is_not_deleted_for_it(deploy, cloud):
    """Its secrets may only have been forgotten; it is declared as ever."""
    deploy("--image", "i")
    said = deploy("--image", "i", "--plan", RUNJOBS_SECRETS="")
    assert "no longer declared" not in said.out
    assert deploy("--image", "i", "--prune", "--yes", RUNJOBS_SECRETS="").code == 0
    found, _ = cloud.run.jobs.list("projects/acme/locations/us-central1")
    assert {it["name"].rpartition("/")[2] for it in found} == set(names())
    assert deploy("--image", "i", "--plan").out.startswith("0 to create, 0 to update, ")


def test_a_secret_of_a_job_that_is_left_out_is_not_given_to_all_in_plain(deploy, cloud):
    said = deploy("--image", "i", "--env", "STRIPE_SECRET_KEY=x", RUNJOBS_SECRETS="")
    assert said.code == 2
    assert "STRIPE_SECRET_KEY is a secret of stripe-usage-reconciliation" in said.err
    assert cloud.run.jobs.list("projects/acme/locations/us-central1")[0] == []


def test_programs_are_told_each_step(deploy):
    deploy("--image", "i@sha256:1")
    said = deploy("--image", "i@sha256:2", "--plan", "--json")
    updates = {step["name"]: step for step in said.json if step["action"] == "update"}
    assert set(updates) == {*names(), "runjobs-dispatcher"}
    assert updates["noop"]["changes"] == [
        {
            "field": "template.template.containers[0].image",
            "old": "i@sha256:1",
            "new": "i@sha256:2",
        }
    ]
    done = deploy("--image", "i@sha256:2", "--json")
    assert {it["name"] for it in done.json if it["action"] == "update"} == set(updates)


def test_nothing_is_deleted_unless_it_is_agreed_to(deploy, cloud):
    orphan(cloud)
    asked = deploy("--image", "i", "--prune", stdin="n\n")
    assert asked.code == 1
    assert "delete  Cloud Run job  old" in asked.out
    assert cloud.run.jobs.get("projects/acme/locations/us-central1/jobs/old")
    agreed = deploy("--image", "i", "--prune", "--yes")
    assert agreed.code == 0, agreed.err
    found, _ = cloud.run.jobs.list("projects/acme/locations/us-central1")
    assert {it["name"].rpartition("/")[2] for it in found} == set(names())


def test_what_is_said_of_the_jobs_reaches_them(deploy, cloud):
    more = ("--env", "VEO_MODEL=m=1", "--account", "jobs=j@x", "--media-image", "media")
    assert deploy("--image", "i", *more).code == 0
    get = cloud.run.jobs.get
    found = get("projects/acme/locations/us-central1/jobs/video-generation")
    task = found["template"]["template"]
    assert task["serviceAccount"] == "j@x"
    assert task["containers"][0]["image"] == "media"
    assert {"name": "VEO_MODEL", "value": "m=1"} in task["containers"][0]["env"]
    noop = get("projects/acme/locations/us-central1/jobs/noop")
    assert noop["template"]["template"]["containers"][0]["image"] == "i"


@pytest.mark.parametrize(
    ("arguments", "env", "text"),
    [
        ((), {}, "--image"),
        (("--image", "i"), {"GOOGLE_CLOUD_PROJECT": None}, "GOOGLE_CLOUD_PROJECT"),
        (("--image", "i", "--env", "A"), {}, "NAME=VALUE"),
        (("--image", "i", "--account", "job=x"), {}, "No account is for job: use jobs"),
        (("--image", "i", "--account", "jobs=x"), {}, "jobs=x is no account: write its e-mail"),
        (("--image", "i"), {"GCS_BUCKET_NAME": ""}, "Which bucket are blobs in?"),
        (("--image", "i"), {"RUNJOBS_CLOUD_ENDPOINT": "foo"}, "=foo is no URL"),
    ],
)
def test_what_is_missing_or_wrong_is_said_in_a_sentence(deploy, arguments, env, text):
    said = deploy(*arguments, **env)
    assert said.code in {1, 2}
    assert text in said.err
    assert "Traceback" not in said.err


def test_nobody_there_is_said_in_a_sentence(runjobs):
    env = {
        "GOOGLE_CLOUD_PROJECT": "acme",
        "GCS_BUCKET_NAME": "b",
        "GOOGLE_APPLICATION_CREDENTIALS": "/none.json",
    }
    said = runjobs("deploy", "--image", "i", "--plan", env=env)
    assert said.code == 1
    assert said.err.splitlines()[-1].startswith("Error: Google Cloud needs credentials")


def test_the_commands_for_the_accounts_need_no_credentials(inside):
    env = {"GOOGLE_CLOUD_PROJECT": "acme", "GCS_BUCKET_NAME": "b"}
    said = inside("deploy", "--print-iam", "--deployer", "user:a@b", env=env)
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert all(line.startswith("gcloud ") for line in lines)
    assert any("--member=user:a@b" in line for line in lines)


def test_check_looks_at_the_rights_of_all_accounts(inside, cloud):
    env = {
        "GOOGLE_CLOUD_PROJECT": "acme",
        "RUNJOBS_EXECUTOR": "cloud-run",
        "RUNJOBS_RUN_ENDPOINT": cloud.url,
        "RUNJOBS_DOCUMENTS": "firestore://acme/(default)",
        "FIRESTORE_EMULATOR_HOST": "127.0.0.1:1",
        "RUNJOBS_BLOBS": "gs://b",
    }
    missing = inside("check", "--json", env=env)
    assert missing.code == 1
    found = {it["check"]: it for it in json.loads(missing.out)}
    assert found["own rights"]["ok"]
    assert "is not there" in found["jobs account"]["problem"]
    assert not list(cloud.store.all("projects/acme/serviceAccounts"))
    for part in PARTS:
        email = f"runjobs-{part}@acme.iam.gserviceaccount.com"
        made(cloud, f"projects/acme/serviceAccounts/{email}")
    cloud.policies.denied.add("run.executions.cancel")
    found = {it["check"]: it for it in inside("check", "--json", env=env).json}
    assert [found[f"{part} account"]["ok"] for part in PARTS] == [True, False, True, True]
    assert "runjobsStarter" in found["dispatcher account"]["problem"]
    assert "runjobsStarter" in found["own rights"]["problem"]


def made(cloud, name) -> None:
    from common.localcloud.store import Resource

    cloud.store.create(Resource(name=name, data={"name": name}, created=cloud.store.now()))
