"""Schemas as people write them: understood, or refused by the name of what is wrong."""

from __future__ import annotations

import json
import re
import tomllib
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic import Field as Said

from common.errors import InvalidInput
from common.runtime.discover import find_job
from jobs.extraction.found import Found
from jobs.extraction.schema import Field, Kind
from jobs.extraction.schemas import BadSchema, builtin, builtins, is_place, parse, parse_text
from jobs.extraction.shaping import shaped
from jobs.extraction.sifting import sifted

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
    (prop(type="number", multipleOf=2), "'multipleOf'"),
    (prop(type="number", minLength=2), "'minLength'"),
    (prop(type="number", minimum="0"), "a: minimum must be a number"),
    (prop(type="string", format="ipv4"), "format 'ipv4'"),
    (prop(type=["string", "number"]), "is not supported"),
    (prop(type="null"), "'null'"),
    (prop(anyOf=[{"type": "string"}, {"type": "boolean"}]), "anyOf"),
    (prop(allOf=[{"type": "string"}, {"minLength": 1}]), "allOf"),
    (prop(type="object"), "a: an object needs properties"),
    (prop(type="object", properties={"x": {"type": "string", "not": {}}}), "a.x: 'not'"),
    (prop(type="array"), "a: it must be an object with a type"),
    (prop(type="array", items={"type": "array", "items": {"type": "string"}}), "arrays within"),
    (prop(type="array", items={"type": "string", "format": "ipv4"}), "a.a: format 'ipv4'"),
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


class Party(BaseModel):
    """A company."""

    name: str
    vat_id: str | None = None


class Line(BaseModel):
    what: str
    price: Decimal | None = None
    of: Party | None = None


class Order(BaseModel):
    number: str = Said(description="Of the order", min_length=2, max_length=10)
    day: date
    kind: Literal["order", "offer"] = "order"
    state: Literal["open"] = "open"
    total: Decimal = Said(gt=0)
    weight: int | float | None = None
    seller: Party
    buyer: Party | None = Said(default=None, description="Who pays.")
    lines: list[Line]
    tags: list[str] = []
    days: list[date] = []


def test_a_model_of_pydantics_says_a_schema_and_takes_the_values_that_are_found():
    """Its groups are fields of their own to be found, and objects again among the values."""
    schema = parse(Order.model_json_schema())
    assert [(field.name, str(field.kind), field.required) for field in schema.fields] == [
        ("number", "text", True),
        ("day", "date", True),
        ("kind", "text", False),
        ("state", "text", False),
        ("total", "number", True),
        ("weight", "number", False),
        ("seller_name", "text", True),
        ("seller_vat_id", "text", False),
        ("buyer_name", "text", False),
        ("buyer_vat_id", "text", False),
        ("lines", "rows", True),
        ("tags", "rows", False),
        ("days", "rows", False),
    ]
    found = dict.fromkeys(field.name for field in schema.fields) | {
        "number": "A-1",
        "day": "2026-03-01",
        "kind": "offer",
        "state": "open",
        "total": 12.5,
        "seller_name": "Smith & Co",
        "lines": [{"what": "chair", "of_name": "Oak Ltd"}, {"what": "table", "price": 3.0}],
        "tags": [{"tags": "urgent"}, {}],
        "days": [],
    }
    values = shaped(schema.fields, found)
    assert (values["seller"], values["buyer"]) == ({"name": "Smith & Co", "vat_id": None}, None)
    order = Order.model_validate(values)
    assert (order.seller.name, order.total) == ("Smith & Co", Decimal("12.5"))
    assert [line.of and line.of.name for line in order.lines] == ["Oak Ltd", None]
    assert (order.tags, order.days) == (["urgent"], [])


@pytest.mark.parametrize(
    ("number", "total", "fault"),
    [
        ("A-1", 5, None),
        ("A", 5, "number.*2 characters or more"),
        ("A" * 11, 5, "number.*10 characters at most"),
        ("A-1", 0, "total.*more than 0"),
    ],
)
def test_values_keep_to_the_bounds_of_a_json_schema(number, total, fault):
    warn: list[str] = []
    values = {"number": number, "total": total}
    findings = {name: Found(value=value, confidence=1.0) for name, value in values.items()}
    kept = sifted(parse(Order.model_json_schema()), findings, warn)
    if fault is None:
        assert ({*kept}, warn) == ({*values}, [])
        return
    assert len(kept) == 1
    assert re.search(fault, *warn)


@pytest.mark.parametrize(
    ("leads", "why"),
    [(["W", "W"], "not supported beyond 3 deep"), (["B", "C"], "over 1,000 parts")],
)
def test_references_that_make_much_of_little_are_refused_before_they_do(leads, why):
    names = [f"p{number}" for number in range(100)]

    def wide(leads: str) -> dict:
        part = {"$ref": f"#/$defs/{leads}"} if leads else {"type": "string"}
        return {"type": "object", "properties": dict.fromkeys(names, part)}

    parts = {"W": wide(leads[0]), "B": wide(leads[1]), "C": wide("")}
    with pytest.raises(BadSchema, match=why):
        parse({"$ref": "#/$defs/W", "$defs": parts})


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
