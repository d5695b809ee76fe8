"""The JSON schemas of what is asked and answered, from their types, each said once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from common.web.problems import ProblemData

if TYPE_CHECKING:
    from pydantic import BaseModel

    from common.runtime.declare import Job
    from common.web.operations import Operation

__all__ = ["Schemas"]

Json = dict[str, Any]
_REF = "#/components/schemas/{model}"
_NOTHING: Json = {"type": "object", "maxProperties": 0}
"""The params of a job that takes none."""


class Schemas:
    """All schemas of a document. A body that names a job has a form for each job."""

    def __init__(self, operations: Iterable[Operation], jobs: Sequence[Job]) -> None:
        self._jobs = jobs
        self._types: list[Any] = []
        for operation in operations:
            types = [said.type for said in operation.answers.values()]
            self._types += [*types, *([operation.body] if operation.body else [])]
        self._types += [ProblemData, *(job.params for job in jobs if job.params)]
        adapters = [(n, "validation", TypeAdapter(type)) for n, type in enumerate(self._types)]
        found, defined = TypeAdapter.json_schemas(adapters, ref_template=_REF)  # type: ignore[arg-type]
        self._found = {key: schema for (key, _), schema in found.items()}
        self.components: Json = dict(defined.get("$defs", {}))

    def of(self, type: Any) -> Json:
        """The schema of a type."""
        return self._found[self._types.index(type)]

    def body(self, operation: Operation) -> Json:
        """What an operation's body is."""
        model = operation.body
        if model is None or not {"job", "params"} <= model.model_fields.keys():
            return self.of(model)
        names = {job.name: f"{model.__name__}.{job.name}" for job in self._jobs}
        for job in self._jobs:
            self.components.setdefault(names[job.name], self._form(model, job))
        mapping = {job: _REF.format(model=name) for job, name in names.items()}
        discriminator = {"propertyName": "job", "mapping": mapping}
        forms = [{"$ref": ref} for ref in mapping.values()]
        return {"oneOf": forms, "discriminator": discriminator}

    def parameters(self, model: type[BaseModel]) -> list[Json]:
        """The fields of a query."""
        schema = model.model_json_schema()
        needed = schema.get("required", [])
        return [
            {
                "name": name,
                "in": "query",
                "required": name in needed,
                "description": field.pop("description", name),
                "schema": _without_null(field),
            }
            for name, field in schema["properties"].items()
        ]

    def _form(self, model: type[BaseModel], job: Job) -> Json:
        """A body for one job: like all of them, with params of its own."""
        params = self.of(job.params) if job.params else _NOTHING
        many = model.model_json_schema()["properties"]["params"].get("type") == "array"
        fields = {"job": {"const": job.name}, "params": _listed(params) if many else params}
        needed = ["job", "params"] if many or _is_needed(job) else ["job"]
        own: Json = {"type": "object", "properties": fields, "required": needed}
        return {"title": job.name, "description": job.summary, "allOf": [self.of(model), own]}


def _is_needed(job: Job) -> bool:
    """Whether a run of it cannot do without params."""
    fields = job.params.model_fields.values() if job.params else ()
    return any(field.is_required() for field in fields)


def _listed(params: Json) -> Json:
    return {"type": "array", "items": params}


def _without_null(field: Json) -> Json:
    """A parameter of a query is there or not, and never null."""
    kept = {key: value for key, value in field.items() if key != "anyOf" and value is not None}
    options = [each for each in field.get("anyOf", []) if each != {"type": "null"}]
    if len(options) == 1:
        return {**options[0], **kept}
    return {**kept, "anyOf": options} if options else kept
