"""A job's params as options: --help, each kind of field, and --params beside them."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum, IntEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Optional

import pytest
from pydantic import BaseModel, ConfigDict, Field

from common.errors import InvalidInput
from common.runtime import Params
from common.runtime.command import parse
from common.runtime.declare import job
from common.runtime.options import params_options


class Size(IntEnum):
    SMALL = 1
    LARGE = 2


class Colour(Enum):
    RED = "red"
    GREEN = "green"


class Part(BaseModel):
    name: str


class Other(BaseModel):
    size: int


@dataclasses.dataclass
class Pair:
    left: int


class Kinds(Params):
    text: str = Field("none", description="What to say.")
    whole: int = 1
    real: float = 0.5
    yes: bool = False
    choice: Literal["a", "b"] = "a"
    number: Literal[1, 2] = 1
    colour: Colour = Colour.RED
    size: Size = Size.SMALL
    many: list[int] = Field(default_factory=list)
    unique: set[str] = Field(default_factory=set)
    pair: tuple[int, int] = (0, 0)
    parts: list[Part] = Field(default_factory=list)
    named: dict[str, int] = Field(default_factory=dict)
    mapped: Mapping[str, int] = Field(default_factory=dict)
    part: Part | None = None
    either: Part | Other | None = None
    record: Pair | None = None
    maybe: Optional[bool] = None  # noqa: UP045 - people write it so
    bounded: Annotated[int, Field(ge=1)] | None = None
    path: Path | None = None
    span: timedelta | None = None
    two_words: str = ""
    hues: list[Colour] = [Colour.RED, Colour.GREEN]  # noqa: RUF012 - pydantic copies it
    own: int = Field(0, json_schema_extra={"x-internal": True})
    params: str = ""
    help: str = ""


@job("kinds")
def kinds(params: Kinds, run: Any) -> None:
    """Take every kind of param.

    And this is not in the summary.
    """


@pytest.mark.parametrize(
    ("options", "name", "value"),
    [
        (["--text", "x y"], "text", "x y"),
        (["--text", ""], "text", ""),
        (["--text", '{"a": 1}'], "text", '{"a": 1}'),
        (["--whole", "-3"], "whole", -3),
        (["--real", "1e3"], "real", 1000.0),
        (["--yes"], "yes", True),
        (["--no-yes"], "yes", False),
        (["--choice", "b"], "choice", "b"),
        (["--number", "2"], "number", 2),
        (["--colour", "green"], "colour", Colour.GREEN),
        (["--size", "2"], "size", Size.LARGE),
        (["--many", "1", "--many", "2"], "many", [1, 2]),
        (["--unique", "a", "--unique", "a"], "unique", {"a"}),
        (["--pair", "1", "--pair", "2"], "pair", (1, 2)),
        (["--parts", '{"name": "x"}'], "parts", [Part(name="x")]),
        (["--named", '{"a": 1}'], "named", {"a": 1}),
        (["--mapped", '{"a": 1}'], "mapped", {"a": 1}),
        (["--part", '{"name": "x"}'], "part", Part(name="x")),
        (["--either", '{"size": 1}'], "either", Other(size=1)),
        (["--record", '{"left": 1}'], "record", Pair(1)),
        (["--maybe"], "maybe", True),
        (["--no-maybe"], "maybe", False),
        (["--bounded", "1"], "bounded", 1),
        (["--path", "a/b"], "path", Path("a/b")),
        (["--span", "PT5M"], "span", timedelta(minutes=5)),
        (["--two-words", "x"], "two_words", "x"),
        (["--params", '{"params": "x", "help": "y"}'], "params", "x"),
    ],
)
def test_each_kind_of_field_has_its_option(options, name, value):
    assert getattr(parse(kinds, options), name) == value


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--whole", "x"], "whole: Input should be a valid integer"),
        (["--bounded", "0"], "bounded: Input should be greater than or equal to 1"),
        (["--part", "x"], "part: Input should be a valid dictionary"),
        (["--part", '{"name": 1}'], "part.name: Input should be a valid string"),
        (["--part", "{"], "--part: this is not JSON"),
        (["--named", '{"a": NaN}'], "--named: this is not JSON"),
        (["--params", ""], "it cannot be read"),
        (["--params", "\0"], "it cannot be read"),
        (["--params", "."], r"--params \.: it cannot be read: Is a directory"),
        (["--params", "x" * 5_000], "x: it cannot be read: File name too long"),
        (["--params", '"text"'], "a JSON object, not a str"),
    ],
)
def test_a_wrong_option_is_named(options, sentence):
    with pytest.raises(InvalidInput, match=sentence) as refused:
        parse(kinds, options)
    assert len(str(refused.value)) < 500


def test_a_choice_that_there_is_not_ends_with_usage_and_exit_code_2(capsys):
    with pytest.raises(SystemExit) as ended:
        parse(kinds, ["--choice", "c"])
    assert ended.value.code == 2
    assert "'c' is not one of 'a', 'b'" in capsys.readouterr().err


def test_help_says_what_each_param_is(capsys):
    with pytest.raises(SystemExit) as ended:
        parse(kinds, ["--help"])
    assert ended.value.code == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Usage: python -m jobs kinds [OPTIONS] Take every kind of param." in told
    assert "not in the summary" not in told
    for part in (
        "--text TEXT What to say. [default: none]",
        "--whole INTEGER [default: 1]",
        "--yes / --no-yes [default: False]",
        "--choice [a|b] [default: a]",
        "--colour [red|green] [default: red]",
        "--hues VALUE [default: red, green]",
        "--many VALUE --",
        "--two-words TEXT --",
        "--part JSON",
        "--params FILE|-|JSON All params at once",
    ):
        assert part in told
    assert "--own" not in told
    assert parse(kinds, ["--own", "3"]).own == 3


def test_a_required_param_is_marked_and_missed():
    class Needs(Params):
        prompt: str

    needs = taking(Needs)
    assert next(iter(params_options(needs))).help == "[required]"
    with pytest.raises(InvalidInput, match=r"it: prompt: Field required\."):
        parse(needs, [])


def taking(model):
    """A job with these params."""

    def function(params, run): ...

    function.__annotations__ = {"params": model}
    return job("it")(function)


def test_params_whose_names_are_taken_have_no_option_of_their_own():
    names = {option.name for option in params_options(kinds, taken=frozenset({"text"}))}
    assert {"param__text", "param__params", "param__help"} & names == set()
    assert "param__whole" in names


def test_an_option_is_known_by_the_fields_name_also_where_json_has_another():
    class Named(Params):
        plain: int = Field(0, alias="json_name")

    class Both(Params):
        model_config = ConfigDict(populate_by_name=True)
        plain: int = Field(0, alias="json_name")

    assert parse(taking(Named), ["--plain", "3"]).plain == 3
    assert parse(taking(Both), ["--plain", "3"]).plain == 3


def test_a_yes_or_no_beside_a_field_called_no_is_no_conflict():
    class Clash(Params):
        cache: bool = True
        no_cache: str = ""

    assert parse(taking(Clash), ["--no-cache", "x"]).no_cache == "x"


def test_options_win_over_params(tmp_path):
    file = tmp_path / "params.json"
    file.write_text('\ufeff{"text": "file", "whole": 7}', encoding="utf-8")
    params = parse(kinds, ["--params", str(file), "--text", "option"])
    assert (params.text, params.whole) == ("option", 7)


def test_params_come_from_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO('{"whole": 7}'))
    assert parse(kinds, ["--params", "-"]).whole == 7


@pytest.mark.parametrize(
    ("stdin", "sentence"),
    [
        (None, "there is no standard input"),
        (io.TextIOWrapper(io.BytesIO(b"\xff"), encoding="utf-8"), "cannot be read"),
        (io.StringIO(json.dumps({"text": "x" * 256_000})), "over 256,000 characters"),
        (io.StringIO(""), "stdin: this is not JSON"),
    ],
)
def test_a_standard_input_that_cannot_be_used_is_named(monkeypatch, stdin, sentence):
    monkeypatch.setattr("sys.stdin", stdin)
    with pytest.raises(InvalidInput, match=sentence):
        parse(kinds, ["--params", "-"])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe", "it cannot be read: 'utf-8' codec"),
        (b"not json", "this is not JSON"),
        (b"{" + b" " * 256_000 + b"}", "over 256,000 characters"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, content, sentence):
    file = tmp_path / "params.json"
    file.write_bytes(content)
    with pytest.raises(InvalidInput, match=sentence) as refused:
        parse(kinds, ["--params", str(file)])
    assert "params.json" in str(refused.value)
