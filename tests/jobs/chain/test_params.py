"""What run-initializer refuses when it is submitted."""

from __future__ import annotations

import pytest

from common.errors import InvalidInput
from common.runtime.discover import find_job

GOOD = {"source": ["a.zip"], "schema": "invoice"}
FOLDER = "drive:folder/1AbC_d-EfG2hIjKl"


@pytest.mark.parametrize(
    "params",
    [
        GOOD,
        {**GOOD, "schema": '[{"name": "total", "type": "money"}]'},
        {**GOOD, "schema": [{"name": "total", "type": "money"}]},
        {**GOOD, "schema": "schemas/mine.json"},
        {**GOOD, "export": FOLDER, "user": "ann"},
        {**GOOD, "source": ["gmail:"], "user": "ann", "messages": ["18c0ffee"]},
        {"automation": "x1", "messages": ["18c0ffee"]},
        {"stage": {"name": "report", "plan": "{}"}},
    ],
)
def test_what_can_be_done_is_accepted(params):
    assert find_job("run-initializer").validate(params)


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({}, "say source and schema"),
        ({"source": ["a.zip"]}, "say source and schema"),
        ({"schema": "invoice"}, "say source and schema"),
        ({**GOOD, "schema": "invoicex"}, "There is no schema 'invoicex'"),
        ({**GOOD, "schema": '[{"name": "total", "type": "nonsense"}]'}, "nonsense"),
        ({**GOOD, "source": ["https://example.com/x"]}, "is no source"),
        ({**GOOD, "source": ["drive:folder/12345678"]}, "whose Google account"),
        ({**GOOD, "source": ["gmail:"], "user": "ann"}, "gmail: is about messages"),
        ({**GOOD, "formats": ["pdf"]}, "formats"),
        ({**GOOD, "formats": []}, "formats"),
        ({**GOOD, "provider": "someone"}, "provider"),
        ({**GOOD, "export": FOLDER}, "whose Google account"),
        ({**GOOD, "export": "gmail:x", "user": "ann"}, "Tables go to"),
        ({**GOOD, "automation": "y"}, "leave out source, schema"),
        ({"automation": "y", "export": "out"}, "leave out export"),
        ({**GOOD, "stage": {"name": "report", "plan": "{}"}}, "leave it out"),
        ({"stage": {"name": "nonsense", "plan": "{}"}}, "stage.name"),
        ({"stage": {"name": "report", "plan": "{} {}"}}, "stage.plan"),
        ({"stage": {"name": "report", "plan": '{"formats": ["pdf"]}'}}, "stage.plan"),
        ({**GOOD, "source": ["a\x00b"]}, "source"),
        ({**GOOD, "nonsense": 1}, "nonsense"),
    ],
)
def test_what_would_come_to_nothing_is_refused(params, says):
    with pytest.raises(InvalidInput, match=says):
        find_job("run-initializer").validate(params)
