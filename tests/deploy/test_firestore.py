"""Indexes, fields and time-to-live, as Firestore tells of them and as we ask for them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud.firestore_admin_v1 import FirestoreAdminClient, Index
from google.cloud.firestore_admin_v1 import types as admin

from common.deploy.deploy import deploy
from common.deploy.errors import Denied
from common.deploy.firestore import Indexes
from common.documents.indexes import INDEXES, UNINDEXED
from common.errors import Unavailable
from tests.deploy.conftest import JOBS

DATABASE = "projects/acme/databases/(default)"


def firestore(target) -> FirestoreAdminClient:
    return FirestoreAdminClient(
        transport="rest",
        credentials=AnonymousCredentials(),
        client_options=ClientOptions(api_endpoint=target.url),
    )


def group(name: str) -> str:
    return f"{DATABASE}/collectionGroups/{name}"


def of_firestore(plan):
    return [(it.action, it.name) for it in plan.work if it.kind.startswith("Firestore")]


def set_state(target, state, *, of=None):
    """All indexes, or one, as Firestore has them while it builds them."""
    for found in target.cloud.store.all(f"{DATABASE}/indexes"):
        if of in {None, found.data["name"]}:
            target.cloud.store.change(
                found.name, lambda it: replace(it, data={**it.data, "state": state})
            )


def test_googles_client_sees_the_indexes_that_queries_need(target):
    target.deploy()
    found = [
        tuple(("-" if it.order == 2 else "") + it.field_path for it in index.fields)
        for index in firestore(target).list_indexes(parent=group("runs"))
    ]
    wanted = [it for it in INDEXES["runs"] if len(it) > 1]
    assert sorted(it[:-1] for it in found) == sorted(wanted)
    assert {it[-1].lstrip("-") for it in found} == {"__name__"}


def test_googles_client_sees_fields_without_indexes_and_the_time_to_live(target):
    target.deploy()
    asked = admin.ListFieldsRequest(
        parent=group("-"), filter="indexConfig.usesAncestorConfig=false OR ttlConfig:*"
    )
    fields = {it.name: it for it in firestore(target).list_fields(asked)}
    for collection, names in UNINDEXED.items():
        for name in names:
            config = fields[f"{group(collection)}/fields/{name}"].index_config
            assert (config.uses_ancestor_config, list(config.indexes)) == (False, [])
    expires = fields[f"{group('runs')}/fields/expires"]
    assert expires.ttl_config.state.name == "ACTIVE"
    assert expires.index_config.uses_ancestor_config


def test_what_others_made_stays(target):
    field = {"field_path": "genre", "order": "ASCENDING"}
    theirs = Index(query_scope="COLLECTION", fields=[field, {**field, "field_path": "title"}])
    firestore(target).create_index(parent=group("creations"), index=theirs).result()
    target.deploy(prune=True)
    assert len(list(firestore(target).list_indexes(parent=group("creations")))) == 1


def test_what_is_missing_again_is_made_again(target):
    target.deploy()
    client = firestore(target)
    (index,) = client.list_indexes(parent=group("rates"))
    client.delete_index(name=index.name)
    name = f"{group('runs')}/fields/expires"
    field, mask = admin.Field(name=name), {"paths": ["ttl_config"]}
    client.update_field(admin.UpdateFieldRequest(field=field, update_mask=mask)).result()
    assert of_firestore(target.plan()) == [
        ("create", "rates name shard"),
        ("update", "runs.expires"),
    ]
    target.deploy()
    assert of_firestore(target.plan()) == []


def test_an_index_that_exists_is_not_made_twice(target):
    target.deploy()
    (index,) = firestore(target).list_indexes(parent=group("rates"))
    again = Index(query_scope=index.query_scope, fields=list(index.fields)[:-1])
    with pytest.raises(Exception, match="already exists"):
        firestore(target).create_index(parent=group("rates"), index=again)


def test_new_code_is_deployed_once_the_indexes_are_built(target):
    looks = []

    class Building:
        """Firestore builds, until it was looked at three times."""

        def __init__(self, session) -> None:
            self.session = session

        def request(self, method, url, **options):
            if method == "GET" and url.endswith("/-/indexes"):
                set_state(target, "READY" if len(looks) > 3 else "CREATING")
                looks.append(url)
            if method == "POST" and url.endswith("/services"):
                assert len(looks) > 4
            return self.session.request(method, url, **options)

    deploy(target.api(Building), target.deployment, JOBS)
    assert len(looks) > 4


def test_an_index_that_cannot_be_built_is_named(target):
    target.deploy()
    set_state(target, "NEEDS_REPAIR")
    with pytest.raises(Denied, match=r"could not build the index .*: delete it"):
        target.deploy()


def test_indexes_that_take_too_long_are_left_to_the_next_time(target, time):
    target.deploy()
    set_state(target, "CREATING")
    with pytest.raises(Unavailable, match="still builds its indexes"):
        Indexes(target.api(), DATABASE).settle()
    assert 600 < time.elapsed < 3600
