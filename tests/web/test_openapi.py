"""/openapi.json: well formed, and in keeping with what is answered."""

from __future__ import annotations

import re

import pytest

from common.runtime.discover import all_jobs
from common.web.table import OPERATIONS

METHODS = {"get", "post"}


@pytest.fixture
def document(served) -> dict:
    answer = served.http.get("/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def walk(value):
    """Every object in it."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def resolved(document, ref: str):
    found = document
    assert ref.startswith("#/"), ref
    for name in ref[2:].split("/"):
        found = found[name]
    return found


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def test_it_is_openapi_3_1(document):
    assert re.fullmatch(r"3\.1\.\d", document["openapi"])
    assert {"title", "version"} <= document["info"].keys()
    assert set(document) <= {"openapi", "info", "paths", "components"}
    assert {method for _, method, _ in operations(document)} <= METHODS
    names = document["components"]["schemas"]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in names)


def test_every_reference_leads_somewhere(document):
    refs = [each["$ref"] for each in walk(document) if "$ref" in each]
    assert len(refs) > 20
    for ref in refs:
        assert isinstance(resolved(document, ref), dict)


def test_every_operation_is_whole(document):
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids)) == len(OPERATIONS) + 1
    for path, _, operation in operations(document):
        parameters = operation["parameters"]
        variables = re.findall(r"\{(\w+)\}", path)
        assert [each["name"] for each in parameters if each["in"] == "path"] == variables
        assert all("schema" in each for each in parameters)
        keys = [(each["in"], each["name"]) for each in parameters]
        assert len(keys) == len(set(keys))
        assert operation["responses"].keys() >= {"200", "default"}
        for status, response in operation["responses"].items():
            assert re.fullmatch(r"[1-5]\d\d|default", status)
            assert response["description"]
            assert all("schema" in each for each in response["content"].values())


def test_schemas_use_the_words_of_json_schema(document):
    types = {"null", "boolean", "object", "array", "number", "string", "integer"}
    for schema in walk(document["components"]["schemas"]):
        if isinstance(schema.get("type"), str):
            assert schema["type"] in types
        if "pattern" in schema and isinstance(schema["pattern"], str):
            re.compile(schema["pattern"])


@pytest.mark.parametrize("id", ["createRun", "createBatch"])
def test_each_job_has_a_form_of_its_own_params(document, id):
    body = next(each for _, _, each in operations(document) if each["operationId"] == id)
    schema = body["requestBody"]["content"]["application/json"]["schema"]
    assert schema["discriminator"]["propertyName"] == "job"
    mapping = schema["discriminator"]["mapping"]
    assert {each["$ref"] for each in schema["oneOf"]} == set(mapping.values())
    jobs = {job.name: job for job in all_jobs()}
    assert mapping.keys() == jobs.keys()
    for name, ref in mapping.items():
        _, own = resolved(document, ref)["allOf"]
        assert own["properties"]["job"] == {"const": name}
        params = own["properties"]["params"]
        params = params["items"] if id == "createBatch" else params
        model = jobs[name].params
        if model is None:
            assert params["maxProperties"] == 0
        else:
            found = resolved(document, params["$ref"])
            assert found["properties"].keys() == model.model_fields.keys()


def test_what_is_answered_is_as_it_is_described(document, served):
    run = served.submit("video-generation", params={"prompt": "x"}, then={"job": "noop"})
    served.fail(run["id"])
    told = served.http.get(f"/v1/runs/{run['id']}").json()
    schemas = document["components"]["schemas"]
    assert schemas["Whole"]["properties"].keys() == told.keys()
    assert set(schemas["Whole"]["required"]) == told.keys()
    (attempt,) = told["attempts"]
    assert schemas["AttemptData"]["properties"].keys() == attempt.keys()
    assert schemas["ErrorData"]["properties"].keys() == attempt["error"].keys()
    (brief,) = served.http.get("/v1/runs").json()["runs"]
    assert schemas["Brief"]["properties"].keys() == brief.keys()
    stats = served.http.get("/stats").json()
    assert schemas["Stats"]["properties"].keys() == stats.keys()
    assert schemas["QueueData"]["properties"].keys() == stats["queues"][0].keys()
    bad = served.http.get("/nowhere").json()
    assert schemas["ProblemData"]["properties"].keys() == bad.keys()


def test_only_health_asks_for_no_token(document):
    open_ones = {path for path, _, operation in operations(document) if not operation["security"]}
    assert open_ones == {"/healthz", "/health"}


def test_a_querys_parameters_say_what_is_taken(document):
    listed = document["paths"]["/v1/runs"]["get"]["parameters"]
    found = {each["name"]: each for each in listed}
    assert found.keys() == {"job", "state", "tenant", "batch", "limit", "page"}
    assert found["limit"]["schema"]["maximum"] == 100
    assert "failed" in found["state"]["schema"]["enum"]
    assert not [each for each in walk(listed) if each.get("type") == "null"]


def test_every_operation_stands_in_the_docs(document):
    from pathlib import Path

    page = (Path(__file__).parents[2] / "docs" / "http.md").read_text()
    for path, method, _ in operations(document):
        assert f"{method.upper()} {path}" in page
