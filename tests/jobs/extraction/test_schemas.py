"""Schemas as people write them: understood, or refused by the name of what is wrong."""

from __future__ import annotations

import json
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import InvalidInput
from common.runtime.discover import find_job
from jobs.extraction.schema import Field, Kind
from jobs.extraction.schemas import BadSchema, builtin, builtins, is_place, parse, parse_text

ROOT = Path(__file__).parents[3]
INVOICE = {
    "type": "object",
    "title": "Bill",
    "properties": {
        "number": {"type": "string", "x-type": "id", "x-labels": ["No.", "Nr."]},
        "day": {"type": ["string", "null"], "format": "date", "description": "Of issue"},
        "due": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
        "total": {"$ref": "#/$defs/Money"},
        "rate": {"type": "number", "x-type": "percent"},
        "count": {"type": "integer"},
        "paid": {"type": "boolean"},
        "mail": {"type": "string", "format": "email"},
        "site": {"type": "string", "format": "uri"},
        "kind": {"enum": ["invoice", "credit note", None]},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"what": {"type": "string"}, "price": {"$ref": "#/$defs/Money"}},
                "required": ["what"],
            },
        },
    },
    "required": ["number", "total"],
    "$defs": {
        "Money": {
            "type": "object",
            "properties": {
                "amount": {"type": "number"},
                "currency": {"type": ["string", "null"]},
            },
        }
    },
}


def test_a_json_schema_is_understood():
    found = parse(INVOICE)
    kinds = {field.name: field.kind for field in found.fields}
    assert kinds == {
        "number": Kind.ID,
        "day": Kind.DATE,
        "due": Kind.DATE,
        "total": Kind.MONEY,
        "rate": Kind.PERCENT,
        "count": Kind.INTEGER,
        "paid": Kind.BOOLEAN,
        "mail": Kind.EMAIL,
        "site": Kind.URL,
        "kind": Kind.TEXT,
        "items": Kind.ROWS,
    }
    assert found.name == "Bill"
    number, day, *_, kind, items = found.fields
    assert (number.labels, number.required, day.required) == (("No.", "Nr."), True, False)
    assert day.description == "Of issue"
    assert kind.choices == ("invoice", "credit note")
    assert [(each.name, each.kind, each.required) for each in items.fields] == [
        ("what", Kind.TEXT, True),
        ("price", Kind.MONEY, False),
    ]


def test_a_list_of_fields_is_understood():
    found = parse(
        [
            {"name": "a", "description": "A", "labels": ["x"], "required": True},
            {"name": "b", "type": "text", "choices": ["yes", "no"]},
            {"name": "c", "type": "table", "fields": [{"name": "d", "type": "decimal"}]},
        ]
    )
    assert found.fields == (
        Field(name="a", kind=Kind.TEXT, description="A", labels=("x",), required=True),
        Field(name="b", kind=Kind.TEXT, choices=("yes", "no")),
        Field(name="c", kind=Kind.ROWS, fields=(Field(name="d", kind=Kind.NUMBER),)),
    )


@pytest.mark.parametrize("name", builtins())
def test_each_built_in_schema_is_one_and_says_what_it_requires(name):
    schema = builtin(name)
    assert schema.name == name
    assert schema.description
    assert any(field.required for field in schema.fields)
    assert all(field.description for field in schema.fields)


def test_the_built_in_schemas_go_along_with_the_package():
    assert {"invoice", "receipt", "purchase-order", "bank-statement", "contact"} <= {*builtins()}
    packaged = tomllib.loads((ROOT / "pyproject.toml").read_text())
    globs = packaged["tool"]["setuptools"]["package-data"]["jobs"]
    files = {path for glob in globs for path in (ROOT / "jobs").glob(glob)}
    assert {ROOT / "jobs/extraction/schemas" / f"{name}.json" for name in builtins()} <= files


def prop(**property) -> dict:
    return {"type": "object", "properties": {"a": property}}


REFUSED = [
    ([], "nothing"),
    ({}, "properties"),
    (7, "list of fields"),
    ([7], "field 1"),
    ([{"type": "text"}], "field 1.*no name"),
    ([{"name": "a b"}], "letters, digits"),
    ([{"name": "a", "type": "colour"}], "a: there is no type 'colour'"),
    ([{"name": "a", "kind": "text"}], "'kind' is not known"),
    ([{"name": "a"}, {"name": "A"}], "twice"),
    ([{"name": "a", "required": "yes"}], "true or false"),
    ([{"name": "a", "labels": "x"}], "list"),
    ([{"name": "a", "choices": []}], "no choice"),
    ([{"name": "a", "type": "date", "choices": ["x"]}], "for a text"),
    ([{"name": "a", "fields": []}], "only rows"),
    ([{"name": "a", "type": "rows"}], "rows need fields"),
    (
        [{"name": "a", "type": "rows", "fields": [{"name": "b", "type": "rows"}]}],
        "a.b: rows within",
    ),
    ([{"name": f"f{number}"} for number in range(201)], "201 fields"),
    ({"fields": [{"name": "a"}], "destination": "gs://x"}, "'destination' is not known"),
    ({"type": "array", "items": {}}, "properties"),
    (prop(type="string", pattern="x+"), "a: 'pattern' is not supported"),
    (prop(type="number", minimum=0), "'minimum'"),
    (prop(type="string", format="ipv4"), "format 'ipv4'"),
    (prop(type=["string", "number"]), "is not supported"),
    (prop(type="null"), "'null'"),
    (prop(anyOf=[{"type": "string"}, {"type": "number"}]), "anyOf"),
    (prop(allOf=[{"type": "string"}]), "allOf"),
    (prop(type="object", properties={"x": {"type": "string"}}), "amount and currency"),
    (prop(type="array", items={"type": "string"}), "must be objects"),
    (prop(**{"$ref": "https://example.com/schema"}), r"\$ref"),
    (prop(**{"$ref": "#/$defs/None"}), "leads nowhere"),
    (prop(**{"$ref": "#/properties/a"}), r"\$ref"),
    ({**prop(**{"$ref": "#/$defs/A"}), "$defs": {"A": {"$ref": "#/$defs/A"}}}, "circle"),
    ({**prop(type="string"), "required": ["b"]}, "required"),
    ({**prop(type="string"), "required": [[]]}, "required"),
    ({**prop(type="string"), "additionalProperties": {"type": "string"}}, "additionalProperties"),
    ({**prop(type="string"), "if": {}}, "'if'"),
]


@pytest.mark.parametrize(("data", "why"), REFUSED)
def test_what_cannot_be_is_refused_by_its_name(data, why):
    with pytest.raises(BadSchema, match=why):
        parse(data)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[", "no JSON"),
        ("[" * 20_000, "nested too deep|over"),
        ('["' + "x" * 300_000 + '"]', "200,000"),
        ('[{"name": "a", "description": "\\ud800"}]', None),
    ],
)
def test_json_text_is_read_or_refused(text, why):
    if why is None:
        assert parse_text(text).fields[0].description == "?"
        return
    with pytest.raises(BadSchema, match=why):
        parse_text(text)


WORDS = st.sampled_from(
    ["type", "properties", "items", "$ref", "anyOf", "fields", "name", "enum", "format", "required"]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=5),
    st.sampled_from(["object", "string", "array", "rows", "#/$defs/a", "date"]),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(WORDS | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(TREES)
def test_whatever_is_given_is_a_schema_or_refused(tree):
    with suppress(BadSchema):
        assert parse(json.loads(json.dumps(tree))).fields


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ("invoice", False),
        ("schemas/mine.json", True),
        ("mine.json", True),
        ("gs://bucket/mine", True),
        ('{"fields": []}', False),
        ("[]", False),
        ([], False),
    ],
)
def test_a_place_is_told_from_a_name_and_from_json(form, place):
    assert is_place(form) is place


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ("invoyce", "re is no schema 'invoyce': there are .*invoice"),
        ('[{"name": "a", "type": "b"}]', "no type 'b'"),
        ([{"name": "a", "type": "b"}], "no type 'b'"),
        ({"type": "object"}, "properties"),
    ],
)
def test_a_bad_schema_is_refused_before_anything_is_accepted(schema, why):
    with pytest.raises(InvalidInput, match=rf"^extraction: schema: The.*{why}"):
        find_job("extraction").validate({"source": "a.pdf", "schema": schema})
