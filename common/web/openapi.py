"""/openapi.json: what the table of operations and the jobs' params say, as OpenAPI 3.1.

https://spec.openapis.org/oas/v3.1.1
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from common.runtime.discover import all_jobs
from common.web.asked import Answer, Asked
from common.web.bodies import JSON, LINES
from common.web.given import KEY
from common.web.openapi_schemas import Schemas
from common.web.operations import Operation, Said
from common.web.problems import MEDIA_TYPE, ProblemData

if TYPE_CHECKING:
    from common.runtime.declare import Job

__all__ = ["document", "with_openapi"]

Json = dict[str, Any]
_PATH = "/openapi.json"


def with_openapi(operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """The table, and an operation that tells of it."""
    made: list[Json] = []

    def tell(asked: Asked) -> Answer:  # noqa: ARG001 - it is the same for all
        if not made:
            made.append(document(whole, all_jobs(lambda _name, _error: None)))
        return Answer(content=made[0])

    own = Operation(
        method="GET",
        path=_PATH,
        id="getOpenApi",
        summary="Describe all this",
        handler=tell,
        answers={200: Said("This document.", dict[str, Any])},
    )
    whole = (*operations, own)
    return whole


def document(operations: Iterable[Operation], jobs: Sequence[Job]) -> Json:
    """The OpenAPI document of these operations and jobs."""
    operations = tuple(operations)
    schemas = Schemas(operations, jobs)
    paths: Json = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _said(operation, schemas)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "runjobs",
            "summary": "Long tasks as Cloud Run Job executions.",
            "version": version("runjobs"),
        },
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {
                "identity": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def _said(operation: Operation, schemas: Schemas) -> Json:
    said: Json = {
        "operationId": operation.id,
        "summary": operation.summary,
        "security": [] if operation.access == "anyone" else [{"identity": []}],
        "parameters": _parameters(operation, schemas),
        "responses": _responses(operation, schemas),
    }
    if operation.body is not None:
        said["requestBody"] = {"required": True, "content": _content(operation, schemas)}
    return said


def _content(operation: Operation, schemas: Schemas) -> Json:
    content: Json = {JSON: {"schema": schemas.body(operation)}}
    if operation.lines is not None:
        content[LINES[0]] = {"schema": {"type": "string"}}
    return content


def _parameters(operation: Operation, schemas: Schemas) -> list[Json]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in operation.variables
    ]
    for model in (operation.query, operation.lines):
        if model is not None:
            found += schemas.parameters(model)
    if operation.keyed:
        what = "The same key gives the same run or batch, not another."
        schema = {"type": "string", "maxLength": 200}
        found.append({"name": KEY, "in": "header", "description": what, "schema": schema})
    return found


def _responses(operation: Operation, schemas: Schemas) -> Json:
    found: Json = {
        str(status): _response(said.what, JSON, schemas.of(said.type))
        for status, said in operation.answers.items()
    }
    return {**found, "default": _response("A problem.", MEDIA_TYPE, schemas.of(ProblemData))}


def _response(what: str, media_type: str, schema: Json) -> Json:
    return {"description": what, "content": {media_type: {"schema": schema}}}
