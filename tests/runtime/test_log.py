"""Log entries, as Cloud Logging and as people read them."""

from __future__ import annotations

import io
import json
import logging
import warnings

import pytest

from common.runtime.log import Log, configure

LABELS = {"job": "noop", "run": "0123456789abcdef", "attempt": "1", "execution": "x", "task": "0"}


class Unprintable:
    def __str__(self):
        raise ValueError


pytestmark = pytest.mark.usefixtures("logging_restored")


def configured(**options):
    """A new stream that all logs go to from now on, and no longer to pytest's."""
    stream = io.StringIO()
    configure(**{"as_json": True, "labels": LABELS, "project": "p", "stream": stream, **options})
    return stream


def only(stream):
    (line,) = stream.getvalue().splitlines()
    assert line.encode()  # no lone surrogate is left
    return json.loads(line, parse_constant=pytest.fail)


def test_an_entry_has_just_these_fields():
    stream = configured()
    Log().info("Rendered it.", action="rendered", frames=150)
    entry = only(stream)
    assert entry.pop("time").endswith("+00:00")
    assert entry == {
        "severity": "INFO",
        "message": "Rendered it.",
        "logger": "runjobs",
        "action": "rendered",
        "frames": 150,
        "logging.googleapis.com/labels": LABELS,
        "logging.googleapis.com/trace": "projects/p/traces/30313233343536373839616263646566",
    }


@pytest.mark.parametrize("severity", ["warning", "error"])
def test_an_entry_has_its_severity(severity):
    stream = configured()
    getattr(Log(), severity)("100 % of it")
    entry = only(stream)
    assert (entry["severity"], entry["message"]) == (severity.upper(), "100 % of it")


def test_what_is_for_finding_faults_is_not_logged():
    stream = configured()
    Log().debug("x = 1")
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("value", "logged"),
    [
        (float("nan"), "nan"),
        ({1}, "{1}"),
        ({(1, 2): 3}, "{(1, 2): 3}"),
        (b"x", "b'x'"),
        (Unprintable(), "<Unprintable that cannot be printed>"),
        ("\ud800", "\ud800"),
        ("line\nbreak", "line\nbreak"),
    ],
)
def test_whatever_a_field_holds_the_entry_is_one_line_of_json(value, logged):
    stream = configured()
    Log().info("Said.", field=value, other=1)
    entry = only(stream)
    assert (entry["field"], entry["other"]) == (logged, 1)


def test_a_field_that_holds_itself_is_logged_too():
    stream = configured()
    circle = []
    circle.append(circle)
    Log().info("Said.", field=circle)
    assert only(stream)["field"] == "[[...]]"


def test_a_field_with_an_entrys_own_name_does_not_replace_it():
    stream = configured()
    Log().info("Said.", message="mine", severity="mine")
    entry = only(stream)
    assert (entry["message"], entry["severity"]) == ("Said.", "INFO")
    assert (entry["message_"], entry["severity_"]) == ("mine", "mine")


@pytest.mark.parametrize("character", ["x", "é", "𝄞", "\x00", "\ud800"], ids=ascii)
def test_an_entry_is_never_over_the_limit_of_256_kb(character):
    stream = configured()
    Log().info(character * 300_000, field=character * 300_000)
    assert 50_000 < len(stream.getvalue().encode()) < 256_000
    assert only(stream)["message"].startswith(character)


def test_an_exception_of_a_library_is_logged_with_its_traceback():
    stream = configured()
    try:
        int("no good")
    except ValueError:
        logging.getLogger("library").exception("It failed.")
    entry = only(stream)
    assert (entry["severity"], entry["logger"]) == ("ERROR", "library")
    assert entry["message"].startswith("It failed.\nTraceback")
    assert entry["message"].endswith("'no good'")


def test_a_librarys_chatter_is_not_logged():
    stream = configured()
    logging.getLogger("library").info("Connected.")
    assert stream.getvalue() == ""


def test_warnings_are_entries():
    stream = configured()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("careful", stacklevel=1)
    assert only(stream)["severity"] == "WARNING"


def test_without_a_run_and_a_project_there_is_no_trace():
    stream = configured(labels={}, project="")
    Log().info("Said.")
    assert not [name for name in only(stream) if name.startswith("logging.googleapis.com")]


def test_for_people_an_event_is_a_line_with_its_fields():
    stream = configured(as_json=False)
    Log().info("Rendered it.", action="rendered", frames=150, odd=Unprintable())
    time, _, rest = stream.getvalue().partition(" ")
    assert len(time) == len("12:00:00")
    assert rest == ("INFO    Rendered it. (frames=150, odd=<Unprintable that cannot be printed>)\n")
