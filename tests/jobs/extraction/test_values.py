"""Values as their kinds are written, whoever found them."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.extraction.found import Found
from jobs.extraction.schema import Field, Kind, Schema
from jobs.extraction.sifting import sifted
from jobs.extraction.values import BadValue, checked


def field(kind: Kind, **more) -> Field:
    return Field(name="x", kind=kind, **more)


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        (Kind.TEXT, " a\nb ", "a\nb"),
        (Kind.TEXT, "a\x00b\x1b[31m", "ab[31m"),
        (Kind.TEXT, "\ud800", "?"),
        (Kind.ID, " DE 12  34\n", "DE 12 34"),
        (Kind.INTEGER, 3.0, 3),
        (Kind.INTEGER, -2, -2),
        (Kind.NUMBER, 1.5, 1.5),
        (Kind.PERCENT, 19, 19),
        (Kind.MONEY, {"amount": 1, "currency": "eur"}, {"amount": 1, "currency": "EUR"}),
        (Kind.MONEY, {"amount": 1.5}, {"amount": 1.5, "currency": None}),
        (
            Kind.MONEY,
            {"amount": 1, "currency": None, "to": "me"},
            {"amount": 1, "currency": None},
        ),
        (Kind.DATE, "2024-02-29", "2024-02-29"),
        (Kind.BOOLEAN, False, False),
        (Kind.EMAIL, "a.b@c.example", "a.b@c.example"),
        (Kind.URL, "www.example.com/x", "www.example.com/x"),
        (Kind.URL, "https://example.com", "https://example.com"),
        (Kind.PHONE, "+49 30 123", "+49 30 123"),
        (Kind.ADDRESS, "Street 1\nTown", "Street 1\nTown"),
    ],
)
def test_a_value_of_its_kind_is_taken(kind, given, value):
    found = checked(field(kind), given)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Kind.TEXT, ""),
        (Kind.TEXT, " \n"),
        (Kind.TEXT, 5),
        (Kind.TEXT, ["a"]),
        (Kind.TEXT, "x" * 20_001),
        (Kind.INTEGER, 1.5),
        (Kind.INTEGER, "3"),
        (Kind.INTEGER, True),
        (Kind.NUMBER, math.nan),
        (Kind.NUMBER, math.inf),
        (Kind.NUMBER, 10**400),
        (Kind.NUMBER, "1,5"),
        (Kind.MONEY, 5),
        (Kind.MONEY, {"amount": "5", "currency": "EUR"}),
        (Kind.MONEY, {"amount": 5, "currency": "Euro"}),
        (Kind.MONEY, {"amount": None, "currency": "EUR"}),
        (Kind.DATE, "01.03.2026"),
        (Kind.DATE, "2026-02-30"),
        (Kind.DATE, "20260301"),
        (Kind.DATE, 20260301),
        (Kind.BOOLEAN, "true"),
        (Kind.BOOLEAN, 1),
        (Kind.EMAIL, "no address"),
        (Kind.EMAIL, "<script>@x.example"),
        (Kind.URL, "javascript:alert(1)"),
        (Kind.URL, "file:///etc/passwd"),
        (Kind.PHONE, "none"),
        (Kind.ID, {"id": 5}),
    ],
)
def test_a_value_of_another_kind_is_refused(kind, given):
    with pytest.raises(BadValue):
        checked(field(kind), given)


def test_a_choice_is_written_as_the_schema_has_it_and_no_other_is_taken():
    choice = field(Kind.TEXT, choices=("Credit note", "Invoice"))
    assert checked(choice, "INVOICE") == "Invoice"
    with pytest.raises(BadValue, match="one of Credit note, Invoice"):
        checked(choice, "Receipt")


ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
FIELDS = tuple(
    Field(name=kind.value, kind=kind)
    if kind is not Kind.ROWS
    else Field(name="rows", kind=kind, fields=(Field(name="a", kind=Kind.NUMBER),))
    for kind in Kind
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FIELDS), ANYTHING, st.floats(), st.text())
def test_whatever_a_provider_gives_is_of_its_kind_and_json_or_left_out(asked, value, sure, text):
    warn: list[str] = []
    found = {
        asked.name: Found(value=value, confidence=sure, text=text),
        "unasked": Found(value="x", confidence=1.0),
    }
    kept = sifted(Schema(name="", fields=(asked,)), found, warn)
    assert set(kept) <= {asked.name}
    assert kept or warn or asked.kind is Kind.ROWS
    for each in kept.values():
        assert 0 <= each.confidence <= 1
        json.dumps(each.value, allow_nan=False).encode()
        each.text.encode()


def test_a_row_loses_the_cells_that_are_wrong_and_keeps_the_others():
    rows = Field(
        name="items",
        kind=Kind.ROWS,
        fields=(Field(name="what", kind=Kind.TEXT), Field(name="n", kind=Kind.INTEGER)),
    )
    found = Found(
        value=[{"what": "a", "n": "many", "to": "x"}, {"n": None}, "no row"], confidence=0.5
    )
    warn: list[str] = []
    kept = sifted(Schema(name="", fields=(rows,)), {"items": found}, warn)
    assert kept["items"].value == [{"what": "a"}]
    (said,) = warn
    assert said.startswith("What was found for items, row 1, n was left out: it must be a number")
