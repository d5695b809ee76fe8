"""What is a difference, what is none, and what is sent to mend one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.deploy.compare import differences, merged

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
OBJECTS = st.dictionaries(st.text(max_size=3), JSON, max_size=4)


def told(wanted, found):
    return [(it.field, it.old, it.new) for it in differences(wanted, found)]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"a": 1}, {"a": 1, "uid": "x"}),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}),
        ({"retries": 0, "on": False, "text": "", "env": []}, {}),
        ({"timeout": "600s"}, {"timeout": "600.000s"}),
        ({"backoff": "0.1s"}, {"backoff": "0.100s"}),
        ({"count": 5}, {"count": "5"}),
        ({"rate": 50}, {"rate": 50.0}),
        ({"limits": {"cpu": "1"}}, {"limits": {"cpu": "1000m"}}),
        ({"containers": [{"image": "i"}]}, {"containers": [{"image": "i", "ports": [1]}]}),
        (
            {"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]},
            {"env": [{"name": "B", "value": "2"}, {"name": "A", "value": "1"}]},
        ),
        ({"env": [{"name": "A", "value": ""}]}, {"env": [{"name": "A"}]}),
    ],
)
def test_what_a_service_fills_in_or_writes_otherwise_is_no_difference(wanted, found):
    assert told(wanted, found) == []


@pytest.mark.parametrize(
    ("wanted", "found", "changes"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 2}}, [("a.b", 2, 1)]),
        ({"a": {"b": 1}}, {}, [("a", None, {"b": 1})]),
        ({"retries": 0}, {"retries": 3}, [("retries", 3, 0)]),
        ({"on": True}, {"on": 1}, [("on", 1, True)]),
        ({"timeout": "60s"}, {"timeout": "600s"}, [("timeout", "600s", "60s")]),
        ({"c": [{"image": "new"}]}, {"c": [{"image": "old"}]}, [("c[0].image", "old", "new")]),
        ({"c": [{"i": 1}]}, {"c": [{"i": 1}, {}]}, [("c", [{"i": 1}, {}], [{"i": 1}])]),
        ({"args": ["serve"]}, {"args": ["other"]}, [("args", ["other"], ["serve"])]),
        (
            {"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "1"}]},
            {"env": [{"name": "A", "value": "2"}, {"name": "C", "value": "3"}]},
            [("env[A].value", "2", "1"), ("env[B]", None, "1"), ("env[C]", "3", None)],
        ),
        (
            {"env": [{"name": "A", "value": "60"}, {"name": "B", "value": "1s"}]},
            {"env": [{"name": "A", "value": "060"}, {"name": "B", "value": "1.0s"}]},
            [("env[A].value", "060", "60"), ("env[B].value", "1.0s", "1s")],
        ),
        ({"a": "60s"}, {"a": "60"}, [("a", "60", "60s")]),
    ],
)
def test_a_difference_is_told_by_its_field(wanted, found, changes):
    assert told(wanted, found) == changes


def test_a_variable_that_becomes_a_secret_keeps_no_value():
    wanted = {"env": [{"name": "A", "valueSource": {"secretKeyRef": {"secret": "A"}}}]}
    found = {"env": [{"name": "A", "value": "plain"}]}
    assert ("env[A].value", "plain", None) in told(wanted, found)
    assert merged(wanted, found) == wanted


def test_what_others_put_there_stays():
    found = {"a": {"x": 1, "y": 2}, "b": 3, "c": [{"image": "old", "ports": [80]}]}
    assert merged({"a": {"x": 5}, "c": [{"image": "new"}]}, found) == {
        "a": {"x": 5, "y": 2},
        "b": 3,
        "c": [{"image": "new", "ports": [80]}],
    }


def test_of_fields_that_exclude_one_another_only_what_is_wanted_is_sent():
    found = {"uri": "u", "oidcToken": {"audience": "a"}, "headers": {"h": "1"}}
    assert merged({"oauthToken": {"scope": "s"}}, found) == {
        "uri": "u",
        "headers": {"h": "1"},
        "oauthToken": {"scope": "s"},
    }


@settings(max_examples=50, deadline=None)
@given(wanted=OBJECTS, found=OBJECTS)
def test_what_was_mended_has_no_differences(wanted, found):
    assert differences(wanted, merged(wanted, found)) == []
