"""What cannot be run as asked ends in one clear sentence, with nothing written."""

from __future__ import annotations

import json

import pytest

LARGE = json.dumps({"how": "x" * 100_000})


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Which job? Say python -m jobs NAME"),
        (["no-such-job"], "There is no job 'no-such-job': there are "),
        (["__main__"], "There is no job '__main__'"),
        (["../noop"], "There is no job '../noop'"),
        (["video_generation"], "There is no job 'video_generation'"),
        (["trial-stubborn"], "trial-stubborn: how: Field required."),
        (["trial-stubborn", "--params", '{"how": "x"}'], "how: Input should be 'sleep', 'spin'"),
        (["trial-ends", "--params", '{"who": 1}'], "who: Extra inputs are not permitted"),
        (["trial-ends", "--params", "{"], "--params: this is not JSON"),
        (["trial-ends", "--params", "[1]"], "params are a JSON object, not a list"),
        (["trial-ends", "--params", '{"how": "\\u0000"}'], "a param holds a NUL character"),
        (["trial-ends", "--params", '{"how": "\\ud800"}'], "surrogates not allowed"),
        (["trial-ends", "--params", '{"how": NaN}'], "NaN is not a number that JSON knows"),
        (["trial-ends", "--params", '{"how": ' + "[" * 10_000], "the JSON is nested too deep"),
        (["trial-ends", "--params", "/no/such.json"], "/no/such.json: it cannot be read: No such"),
        (["trial-ends", "--params", "-"], "stdin: this is not JSON"),
        (["trial-ends", "--what", "x"], "No such option"),
        (["trial-counts", "--to", "many"], "to: Input should be a valid integer"),
    ],
)
def test_bad_input_is_named_with_exit_code_2(tasks, arguments, sentence):
    assert_refused(tasks, tasks.run(*arguments), 2, sentence)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("trial-needs", "trial-needs needs no_such_package.deep: pip install 'runjobs[media]'."),
        ("trial-missing", "cannot be loaded: ModuleNotFoundError: No module named 'no_such_"),
        ("trial-raises", "cannot be loaded: ZeroDivisionError: on import ("),
        ("trial-other", 'trials:ends is no function under @job("trial-other")'),
        ("trial-none", 'trials:NAN is no function under @job("trial-none")'),
    ],
)
def test_a_job_that_cannot_run_here_is_named_with_exit_code_1(tasks, name, sentence):
    task = tasks.run(name)
    task.lines = [line.replace("'trial-", '"trial-').replace("')", '")') for line in task.lines]
    assert_refused(tasks, task, 1, sentence)


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"RUNJOBS_DOCUMENTS": "mysql://x"}, "RUNJOBS_DOCUMENTS=mysql://x names no store"),
        ({"RUNJOBS_DOCUMENTS": "sqlite:////dev/null/x"}, "cannot be used"),
        ({"RUNJOBS_DOCUMENTS": "", "RUNJOBS_HOME": "/dev/null"}, "RUNJOBS_HOME elsewhere"),
        ({"RUNJOBS_EXECUTOR": "moon"}, "RUNJOBS_EXECUTOR=moon is not known"),
        ({"CLOUD_RUN_TASK_INDEX": "first"}, "CLOUD_RUN_TASK_INDEX=first is no number"),
    ],
)
def test_a_bad_environment_is_named_with_exit_code_1(tasks, env, sentence):
    assert_refused(tasks, tasks.run("trial-ends", **env), 1, sentence)


def test_a_corrupt_ledger_is_named_and_left_as_it_is(tasks):
    corrupt = tasks.folder / "corrupt.sqlite3"
    corrupt.write_bytes(b"SQLite format 4\0" * 100)
    task = tasks.run("trial-ends", RUNJOBS_DOCUMENTS=f"sqlite:///{corrupt}")
    assert_refused(tasks, task, 1, "is not a sound SQLite file")
    assert corrupt.read_bytes() == b"SQLite format 4\0" * 100


def test_params_over_the_limit_are_refused_and_a_long_prompt_is_not(tasks):
    too_large = tasks.folder / "large.json"
    too_large.write_text(json.dumps({"how": "x" * 256_001}))
    task = tasks.run("trial-ends", "--params", str(too_large))
    assert_refused(tasks, task, 2, "the params are over 256,000 characters")
    assert "xxxx" not in task.text
    tasks.run("trial-ends", "--params", LARGE)
    assert len(json.loads(tasks.only.params)["how"]) == 100_000


def test_on_cloud_run_a_refusal_is_a_log_entry(tasks):
    task = tasks.run("no-such-job", CLOUD_RUN_JOB="x", GOOGLE_CLOUD_PROJECT="p")
    assert task.process.returncode == 2
    (line,) = task.lines
    entry = json.loads(line)
    assert (entry["severity"], entry["action"]) == ("ERROR", "refused")


def test_on_cloud_run_the_job_is_known_from_the_environment_and_each_line_is_json(tasks):
    task = tasks.run(CLOUD_RUN_JOB="noop", GOOGLE_CLOUD_PROJECT="p", CLOUD_RUN_TASK_INDEX="3")
    assert task.process.returncode == 0, task.text
    entries = [json.loads(line) for line in task.lines]
    assert [entry["action"] for entry in entries] == ["attempt-began", "run-succeeded"]
    assert entries[0]["logging.googleapis.com/labels"] == {
        "job": "noop",
        "run": tasks.only.id,
        "attempt": "1",
        "execution": "x-1",
        "task": "3",
    }


def test_help_says_what_the_job_takes_and_writes_nothing(tasks):
    task = tasks.run("trial-counts", "--help")
    assert task.process.returncode == 0
    assert "Count, noticing that it is told to end" in task.text
    assert "--to INTEGER" in task.text
    assert tasks.runs.list() == []


def assert_refused(tasks, task, code, sentence):
    assert (task.process.returncode, "Traceback" in task.text) == (code, False), task.text
    assert sentence in task.text
    assert tasks.runs.list() == []
