"""The Logging query language, as much of it as is known here, on one entry."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from common.localcloud.errors import ApiError
from common.localcloud.logging.parsing import parsed

ENTRY = {
    "logName": "projects/p/logs/run.googleapis.com%2Fstdout",
    "resource": {"type": "cloud_run_job", "labels": {"job_name": "j", "location": "r"}},
    "timestamp": "2026-11-22T10:00:00.500000Z",
    "severity": "WARNING",
    "labels": {"run.googleapis.com/execution_name": "j-1", "run": "abc"},
    "jsonPayload": {"message": "Slow: 12 s", "seconds": 12.5, "tags": ["a", "b"], "ok": True},
}


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        " \n -- all of it\n",
        "resource.type=cloud_run_job",
        'resource.type = "cloud_run_job" AND resource.labels.job_name = j',
        "resource.type=cloud_run_job resource.labels.job_name=j",
        'labels."run.googleapis.com/execution_name"="j-1"',
        "labels.run=ABC",
        "severity>=DEFAULT",
        "severity>=warning",
        "severity = (ERROR OR WARNING)",
        "severity != ERROR",
        'timestamp>="2026-11-22T10:00:00Z"',
        'timestamp<"2026-11-22T10:00:01+00:00"',
        'timestamp>="2026-11-22T09:59:59"',
        "jsonPayload.seconds>12",
        "jsonPayload.seconds=12.5",
        "jsonPayload.tags=b",
        "jsonPayload.ok=true",
        'jsonPayload.message:"slow"',
        "jsonPayload:slow",
        "jsonPayload.message:*",
        'jsonPayload.message=~"^Slow: [0-9]+ s$"',
        'jsonPayload.message!~"^slow"',
        '"slow: 12"',
        "NOT severity=ERROR",
        "-severity=ERROR",
        "NOT textPayload=x",
        "severity=ERROR OR labels.run=abc",
        # OR binds closer than AND.
        "severity=WARNING OR severity=INFO AND labels.run=abc",
        "(severity=ERROR AND labels.run=no) OR resource.type=cloud_run_job",
    ],
)
def test_an_entry_is_wanted(wanted):
    assert parsed(wanted).matches(ENTRY)


@pytest.mark.parametrize(
    "unwanted",
    [
        "resource.type=gce_instance",
        "severity>=ERROR",
        'timestamp>="2026-11-22T10:00:01Z"',
        "jsonPayload.seconds>13",
        "jsonPayload.seconds>soon",
        "jsonPayload.tags=c",
        # What an entry does not have is compared in vain.
        "textPayload!=x",
        "labels.none=abc",
        "jsonPayload.message.more=x",
        'jsonPayload.message=~"^slow"',
        '"fast"',
        "NOT (severity=WARNING AND labels.run=abc)",
        "severity=WARNING OR severity=INFO AND labels.run=no",
        "severity=(WARNING AND ERROR)",
    ],
)
def test_an_entry_is_not_wanted(unwanted):
    assert not parsed(unwanted).matches(ENTRY)


def test_an_entry_that_says_no_severity_has_the_default():
    assert parsed("severity=DEFAULT").matches({})
    assert not parsed("severity>DEFAULT").matches({})


@pytest.mark.parametrize(
    ("odd", "culprit"),
    [
        ('log_id("stdout")', "log_id"),
        ("severity>=LOUD", "'LOUD' is not a severity"),
        ("payload.x=1", "no field 'payload'"),
        ("labels..x=1", "'labels..x'"),
        ("severity=", "ends too soon"),
        ("(severity=INFO", "ends too soon"),
        ("severity=INFO)", r"'\)'"),
        ("NOT", "ends too soon"),
        ("severity=INFO OR", "ends too soon"),
        ("severity=INFO AND AND labels.run=x", "'AND'"),
        ('textPayload=~"("', "not a regular expression"),
        ("timestamp>yesterday", "'yesterday' is not a time"),
        ("severity=(ERROR OR INFO AND DEBUG)", "both AND and OR"),
        ("a, b", "','"),
        ('"unfinished', "unfinished"),
        ("(" * 60 + "a", "nested too deep"),
        ("-" * 20_001, "20,000 characters"),
    ],
)
def test_what_is_not_understood_is_named(odd, culprit):
    with pytest.raises(ApiError, match=culprit) as refused:
        parsed(odd)
    assert refused.value.status == "INVALID_ARGUMENT"


def test_what_follows_from_a_query_is_known():
    query = parsed(
        'resource.labels.job_name=j AND labels."run.googleapis.com/execution_name"="j-1" '
        'timestamp>="2026-11-22T10:00:00Z" AND (timestamp > "2026-11-22T11:00:00Z")'
    )
    assert query.equal == {
        ("resource", "labels", "job_name"): "j",
        ("labels", "run.googleapis.com/execution_name"): "j-1",
    }
    assert query.since == datetime(2026, 11, 22, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    "query",
    [
        'resource.labels.job_name=j OR timestamp>="2026-11-22T10:00:00Z"',
        'NOT (resource.labels.job_name=j timestamp>="2026-11-22T10:00:00Z")',
        'resource.labels.job_name:j timestamp<"2026-11-22T10:00:00Z"',
    ],
)
def test_nothing_follows_from_what_need_not_be_so(query):
    assert (parsed(query).equal, parsed(query).since) == ({}, None)
