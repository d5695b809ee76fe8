"""Row 19: whatever a model's answer is cut down to or filled with, no garbage becomes a result."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.reading.document import Box, Document, Line, Page, Word
from jobs.extraction.gemini.answers import Faulty, faults, parsed
from jobs.extraction.gemini.findings import findings
from jobs.extraction.gemini.form import answer_form
from jobs.extraction.schema import Kind
from jobs.extraction.schemas import builtin, builtins, parse
from jobs.extraction.sifting import sifted
from jobs.extraction.values import checked
from tests.chaos.counts import trials
from tests.services.gemini import found, row

TRIALS = trials(300, 3_000)
SCHEMA = parse(
    [
        {"name": "number", "type": "id"},
        {"name": "total", "type": "money"},
        {"name": "date", "type": "date"},
        {"name": "kind", "choices": ["a", "b"]},
        {"name": "items", "type": "rows", "fields": [{"name": "n", "type": "integer"}]},
    ]
)
GOOD = {
    "number": found("N-1", "No. N-1"),
    "total": found({"amount": 1.5, "currency": "EUR"}, "1,50 EUR"),
    "date": found("2026-03-01", "1 March 2026"),
    "kind": found("a", "a"),
    "items": [row("7", n=7)],
}
TEXT = json.dumps(GOOD)
PAPER = Document("a", "text/plain", (Page(1, 9, 9, (Line((Word("N-1", Box(0, 0, 1, 1)),)),)),))


def test_an_answer_cut_anywhere_is_no_answer():
    assert faults(parsed(TEXT, SCHEMA), SCHEMA) == {}
    for end in range(len(TEXT)):
        with pytest.raises(Faulty):
            parsed(TEXT[:end], SCHEMA)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "confidence", "page", "quote", "cells", "n", "amount", "to"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=10,
)


@settings(max_examples=TRIALS, deadline=None)
@given(st.dictionaries(st.sampled_from([*GOOD, "password"]), ANYTHING, max_size=6))
def test_what_has_no_fault_is_of_its_kind_and_nothing_else_gets_through(changes):
    with suppress(Faulty):
        answer = parsed(json.dumps({**GOOD, **changes}), SCHEMA)
        wrong = faults(answer, SCHEMA)
        assert set(wrong) <= set(changes)
        warn: list[str] = []
        good = {name: each for name, each in answer.items() if name not in wrong}
        kept = sifted(SCHEMA, findings(good, SCHEMA, PAPER, warn), warn)
        assert "password" not in kept
        for field in SCHEMA.fields:
            if field.name in kept and field.kind is not Kind.ROWS:
                assert checked(field, kept[field.name].value) == kept[field.name].value
        json.dumps([each.value for each in kept.values()], allow_nan=False)


@pytest.mark.parametrize("name", builtins())
def test_the_form_uses_no_more_of_json_schema_than_gemini_knows(name):
    known = {
        "type", "format", "description", "enum", "items", "minimum", "maximum", "anyOf",
        "properties", "additionalProperties", "required",
    }  # fmt: skip

    def used(form) -> set[str]:
        inner = [*form.get("properties", {}).values(), *form.get("anyOf", [])]
        inner += [form["items"]] if "items" in form else []
        return set(form).union(*map(used, inner))

    assert used(answer_form(builtin(name))) <= known
