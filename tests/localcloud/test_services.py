"""Services of Cloud Run as Google's own client makes, reads and changes them."""

from __future__ import annotations

import pytest
from google.api_core import exceptions as api
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import run_v2
from google.iam.v1 import iam_policy_pb2, policy_pb2

from common.documents import open_documents
from common.localcloud.cloud import LocalCloud
from common.settings import Settings

LOCATION = "projects/p/locations/r"
NAME = f"{LOCATION}/services/s"


@pytest.fixture
def services(tmp_path):
    settings = Settings.load({"RUNJOBS_HOME": str(tmp_path)})
    documents = open_documents(settings.documents)
    with LocalCloud(settings, documents).serving() as url:
        yield run_v2.ServicesClient(
            transport="rest",
            credentials=AnonymousCredentials(),
            client_options=ClientOptions(api_endpoint=url),
        )
    documents.close()


def service(image: str = "i", **fields) -> run_v2.Service:
    template = run_v2.RevisionTemplate(containers=[run_v2.Container(image=image)])
    return run_v2.Service(template=template, **fields)


def made(services, **fields) -> run_v2.Service:
    wanted = service(**fields)
    return services.create_service(parent=LOCATION, service=wanted, service_id="s").result()


def test_what_was_made_is_read_with_defaults(services):
    found = made(services, ingress="INGRESS_TRAFFIC_INTERNAL_ONLY", labels={"a": "b"})
    assert services.get_service(name=NAME) == found
    assert (found.name, dict(found.labels)) == (NAME, {"a": "b"})
    assert found.ingress == run_v2.IngressTraffic.INGRESS_TRAFFIC_INTERNAL_ONLY
    assert found.traffic[0].percent == 100
    assert found.template.max_instance_request_concurrency == 80
    assert found.template.containers[0].ports[0].container_port == 8080
    assert found.terminal_condition.state == run_v2.Condition.State.CONDITION_SUCCEEDED
    assert found.generation == found.observed_generation == 1
    assert found.uri.startswith("https://s-")
    assert found.uri.endswith(".invalid")


def test_a_name_is_taken_once_and_has_its_shape(services):
    made(services)
    with pytest.raises(api.Conflict):
        made(services)
    with pytest.raises(api.BadRequest, match="service_id"):
        services.create_service(parent=LOCATION, service=service(), service_id="S_")
    with pytest.raises(api.BadRequest, match="image"):
        services.create_service(parent=LOCATION, service=run_v2.Service(), service_id="t")


def test_an_update_replaces_what_its_maker_sets_and_keeps_its_url(services):
    before = made(services, labels={"a": "b"})
    after = services.update_service(service=service("new", name=NAME)).result()
    assert after.template.containers[0].image == "new"
    assert (after.uri, after.uid, after.generation) == (before.uri, before.uid, 2)
    assert not after.labels
    assert after.etag != before.etag


def test_an_update_with_a_mask_changes_that_alone(services):
    made(services, labels={"a": "b"})
    request = run_v2.UpdateServiceRequest(
        service=service("new", name=NAME, description="d"), update_mask={"paths": ["description"]}
    )
    after = services.update_service(request).result()
    assert (after.description, dict(after.labels)) == ("d", {"a": "b"})
    assert after.template.containers[0].image == "i"


def test_a_change_of_what_was_read_before_another_change_is_refused(services):
    old = made(services)
    services.update_service(service=old).result()
    with pytest.raises(api.Conflict, match="another version"):
        services.update_service(service=old)


def test_what_is_tried_only_changes_nothing(services):
    tried = run_v2.CreateServiceRequest(
        parent=LOCATION, service=service(), service_id="s", validate_only=True
    )
    services.create_service(tried)
    assert list(services.list_services(parent=LOCATION)) == []


def test_they_are_listed_and_deleted(services):
    made(services)
    assert [it.name for it in services.list_services(parent=LOCATION)] == [NAME]
    assert list(services.list_services(parent="projects/p/locations/other")) == []
    services.delete_service(name=NAME).result()
    with pytest.raises(api.NotFound, match="does not exist"):
        services.get_service(name=NAME)


def test_a_policy_is_changed_only_as_it_was_read(services):
    made(services)
    asked = iam_policy_pb2.GetIamPolicyRequest(resource=NAME)
    old = services.get_iam_policy(asked)
    new = policy_pb2.Policy(etag=old.etag)
    new.bindings.add(role="roles/run.invoker", members=["user:a@b"])
    put = iam_policy_pb2.SetIamPolicyRequest(resource=NAME, policy=new)
    services.set_iam_policy(put)
    assert services.get_iam_policy(asked).bindings[0].members == ["user:a@b"]
    with pytest.raises(api.Conflict, match="concurrent"):
        services.set_iam_policy(put)
