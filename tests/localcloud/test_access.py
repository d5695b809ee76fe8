"""Projects, policies, service accounts and services, as far as gcloud and deploy ask for them."""

from __future__ import annotations

import httpx
import pytest

from common.documents import open_documents
from common.localcloud.cloud import LocalCloud
from common.settings import Settings

ACCOUNTS = "/v1/projects/p/serviceAccounts"
JOBS = "jobs@p.iam.gserviceaccount.com"


@pytest.fixture
def cloud(tmp_path):
    settings = Settings.load({"RUNJOBS_HOME": str(tmp_path)})
    documents = open_documents(settings.documents)
    yield LocalCloud(settings, documents)
    documents.close()


@pytest.fixture
def client(cloud):
    with cloud.serving() as url, httpx.Client(base_url=url) as client:
        yield client


def test_every_project_is_there_and_keeps_its_number(client):
    first, again = (client.get("/v1/projects/p").json() for _ in range(2))
    assert first == again
    assert (first["projectId"], first["lifecycleState"]) == ("p", "ACTIVE")
    assert first["projectNumber"].isdigit()
    third = client.get("/v3/projects/p").json()
    assert third["name"] == f"projects/{first['projectNumber']}"
    assert client.get("/v1/projects/q").json()["projectNumber"] != first["projectNumber"]


@pytest.mark.parametrize("path", ["/v1/projects/p", "/v3/projects/p", f"{ACCOUNTS}/{JOBS}"])
def test_a_policy_is_kept_unless_it_was_changed_since_it_was_read(client, path):
    read = client.post(f"{path}:getIamPolicy", json={}).json()
    bindings = [{"role": "roles/run.invoker", "members": ["user:a@b.c"]}]
    policy = {"policy": {**read, "bindings": bindings}}
    kept = client.post(f"{path}:setIamPolicy", json=policy).json()
    assert kept["bindings"] == bindings
    assert client.post(f"{path}:getIamPolicy", json={}).json() == kept
    stale = client.post(f"{path}:setIamPolicy", json=policy)
    assert (stale.status_code, stale.json()["error"]["status"]) == (409, "ABORTED")
    blind = client.post(f"{path}:setIamPolicy", json={"policy": {"bindings": []}})
    assert blind.status_code == 200


def test_versions_1_and_3_have_one_policy(client):
    policy = {"policy": {"bindings": [{"role": "r", "members": ["user:a@b.c"]}]}}
    kept = client.post("/v1/projects/p:setIamPolicy", json=policy).json()
    assert client.post("/v3/projects/p:getIamPolicy", json={}).json() == kept


def test_all_is_permitted_but_what_a_test_denies(cloud, client):
    cloud.policies.denied.add("run.jobs.run")
    asked = {"permissions": ["run.jobs.run", "run.jobs.get"]}
    answer = client.post("/v1/projects/p:testIamPermissions", json=asked)
    assert answer.json() == {"permissions": ["run.jobs.get"]}


def test_a_service_account_is_made_found_and_deleted(client):
    asked = {"accountId": "runjobs-jobs", "serviceAccount": {"displayName": "Jobs"}}
    made = client.post(ACCOUNTS, json=asked).json()
    email = "runjobs-jobs@p.iam.gserviceaccount.com"
    assert (made["email"], made["displayName"]) == (email, "Jobs")
    for project in ("p", "-"):
        assert client.get(f"/v1/projects/{project}/serviceAccounts/{email}").json() == made
    assert client.get(ACCOUNTS).json() == {"accounts": [made]}
    assert client.get("/v1/projects/q/serviceAccounts").json() == {"accounts": []}
    assert client.post(ACCOUNTS, json=asked).status_code == 409
    assert client.delete(f"{ACCOUNTS}/{email}").json() == {}
    assert client.get(f"{ACCOUNTS}/{email}").status_code == 404


@pytest.mark.parametrize("id", ["", "short", "Upper-case", "a" * 31, "ends-with-", "1-begins"])
def test_a_service_accounts_id_is_checked(client, id):
    answer = client.post(ACCOUNTS, json={"accountId": id})
    assert (answer.status_code, "accountId" in answer.text) == (400, True)


def test_services_are_enabled(client):
    run = client.get("/v1/projects/p/services/run.googleapis.com").json()
    assert (run["state"], run["config"]["name"]) == ("ENABLED", "run.googleapis.com")
    assert run in client.get("/v1/projects/p/services?filter=state:ENABLED").json()["services"]
    done = client.post("/v1/projects/p/services:batchEnable", json={"serviceIds": ["x"]})
    assert done.json()["done"] is True
