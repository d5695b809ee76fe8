"""Params, results and checkpoints within their limits, whatever is given."""

from __future__ import annotations

import json
from datetime import datetime
from enum import Enum
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, model_validator

from common.errors import InvalidInput
from common.runtime import Params
from common.runtime.jsontext import PARAMS_BYTES, TooLarge, from_json, parse_json, to_json
from common.runtime.params import validate


class Colour(Enum):
    RED = "red"
    ONE = 1


class Part(BaseModel):
    name: str
    parts: list[Part] = Field(default_factory=list)


class Holder(BaseModel):
    x: Any


NAN = float("nan")


class Everything(Params):
    text: str = ""
    whole: int = 0
    real: float = 0.0
    yes: bool = False
    choice: Literal["a", 1] = "a"
    colour: Colour = Colour.RED
    many: list[int] = Field(default_factory=list)
    named: dict[str, float] = Field(default_factory=dict)
    part: Part | None = None
    when: datetime | None = None
    raw: bytes = b""
    anything: Any = None


NAMES = st.sampled_from([*Everything.model_fields, "name", "parts", "\ud800", ""]) | st.text()
TEXT = st.text(st.characters(), max_size=20) | st.sampled_from(["\x00", "\ud800", "NaN", "1e999"])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXT
    | st.just(10**400)
    | st.just(-0.0)
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4)
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(NAMES, VALUES, max_size=5) | VALUES)
def test_any_json_is_taken_and_comes_back_or_is_refused_in_a_sentence(value):
    params = taken(json.dumps(value))
    if isinstance(params, Everything):
        text = to_json(params, what="Params", limit=PARAMS_BYTES)
        assert validate(Everything, from_json(text), job="j") == params
    else:
        assert params.encode()
        assert len(params) < 3_000


def taken(text):
    """The params that a JSON text makes, or the sentence that refuses it."""
    try:
        return validate(Everything, parse_json(text, source="it"), job="j")
    except InvalidInput as error:
        return str(error)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=50) | st.binary(max_size=50).map(lambda raw: raw.decode(errors="replace")))
def test_any_text_is_an_object_or_is_refused_in_a_sentence(text):
    params = taken(text)
    assert isinstance(params, Everything) or params.startswith(("it: ", "j: "))


@pytest.mark.parametrize("depth", [100, 900, 990, 10_000, 100_000])
@pytest.mark.parametrize("name", ["anything", "many", "part", "unknown"])
def test_json_of_any_depth_is_taken_or_refused(name, depth):
    text = f'{{"{name}": {"[" * depth}{"]" * depth}}}'
    params = taken(text)
    assert len(params) < 3_000 if isinstance(params, str) else name == "anything"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("name", ["real", "anything"])
def test_a_number_that_json_does_not_know_is_refused(name, number):
    with pytest.raises(InvalidInput, match="JSON"):
        validate(Everything, parse_json(f'{{"{name}": {number}}}', source="it"), job="j")


@pytest.mark.parametrize("value", [NAN, [NAN], {"a": (NAN,)}, Holder(x=[NAN]), [Holder(x=NAN)]])
def test_a_result_that_holds_no_number_is_refused_also_within_a_model(value):
    with pytest.raises(
        InvalidInput,
        match="It cannot be written as JSON",
    ):
        to_json(value, what="It", limit=100)


@pytest.mark.parametrize("text", ["\x00", "a\\\x00", {"\x00": 1}, ["\\\\\x00"]])
def test_a_nul_is_refused_wherever_it_is(text):
    with pytest.raises(InvalidInput, match="NUL"):
        validate(Everything, {"anything": text}, job="j")


@pytest.mark.parametrize("text", ["\\u0000", "\\\\u0000", "u0000"])
def test_what_only_looks_like_a_nul_is_taken(text):
    assert validate(Everything, {"text": text}, job="j").text == text


@pytest.mark.parametrize("value", ["\ud800", {"\ud800": 1}])
def test_a_lone_surrogate_is_refused(value):
    with pytest.raises(InvalidInput):
        validate(Everything, {"anything": value}, job="j")


def test_params_may_be_as_long_as_the_limit_and_no_longer():
    spare = len(to_json(Everything(), what="", limit=PARAMS_BYTES))
    fits = "x" * (PARAMS_BYTES - spare)
    assert validate(Everything, {"text": fits}, job="j").text == fits
    for text in (fits + "x", fits[:-1] + "é"):
        with pytest.raises(TooLarge, match="is over 256,000: put it in a blob"):
            validate(Everything, {"text": text}, job="j")


def test_each_wrong_value_is_named_with_what_was_given():
    with pytest.raises(InvalidInput) as refused:
        validate(Everything, {"whole": "many", "named": {"x": []}, "other": "secret"}, job="j")
    assert str(refused.value) == (
        "j: whole: Input should be a valid integer, unable to parse string as an integer (given: "
        "'many'); named.x: Input should be a valid number (given: []); other: Extra inputs are not "
        "permitted."
    )


class Either(Params):
    one: str = ""
    other: str = ""

    @model_validator(mode="after")
    def _check(self):
        if not (self.one or self.other):
            raise ValueError("say one, or the other.")
        return self


def test_what_a_jobs_own_check_says_is_told_in_its_words():
    with pytest.raises(InvalidInput) as refused:
        validate(Either, {"one": ""}, job="j")
    assert str(refused.value) == "j: say one, or the other."


def test_of_many_wrong_values_the_first_five_are_named():
    with pytest.raises(InvalidInput, match=r"; and 95 more\.$"):
        validate(Everything, {"many": ["x"] * 100}, job="j")


def test_a_long_wrong_value_is_shown_in_part():
    with pytest.raises(InvalidInput) as refused:
        validate(Everything, {"whole": "x" * 100_000}, job="j")
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    "value", [{"a": 1.5}, [1, None], "text", None, Part(name="x"), {1}, (1, 2)]
)
def test_results_are_json(value):
    assert json.loads(to_json(value, what="It", limit=100)) is not Ellipsis
