"""JSON in lines."""

from __future__ import annotations

import pytest

from common.cli.pairs import pairs

FILE = {"uri": "file:///a.mp4", "size": 0, "why": "", "page": None}


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        (
            {"a": 1, "b": {"c": False, "d": {"e": 0}}},
            [("a", "1"), ("b.c", "False"), ("b.d.e", "0")],
        ),
        ({"none": None, "empty": "", "no": [], "nor": {}}, []),
        ({"would": ["Remove a.", "Remove b."]}, [("would", "Remove a."), ("would", "Remove b.")]),
        ({"files": [FILE]}, [("files", "file:///a.mp4, size 0")]),
        ({"files": [{}]}, [("files", "")]),
        ({"rows": [{"n": 1, "cells": [2]}]}, [("rows.0.n", "1"), ("rows.0.cells", "2")]),
        ({"mixed": ["a", {"b": ["c"]}]}, [("mixed.0", "a"), ("mixed.1.b", "c")]),
        ([1, 2], [("result", "1"), ("result", "2")]),
        ("done", [("result", "done")]),
    ],
)
def test_each_value_has_a_line(value, lines):
    assert pairs(value) == lines
