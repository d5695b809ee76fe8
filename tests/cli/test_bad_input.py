"""What is wrong is said in one sentence naming culprit and fix; nothing is half-written."""

from __future__ import annotations

import pytest

GOOD = ("video-generation", "--prompt", "x")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["show", "no-such-run"], 2),
        (["submit", "noop", "--delay", "soon"], 2),
        (["run", "video-generation", "--prompt", ""], 2),
        (["no-such-command"], 2),
        (["queues", "list", "--json"], 0),
    ],
)
def test_a_process_ends_as_what_is_called_inside_another(runjobs, inside, arguments, code):
    said = runjobs(*arguments)
    assert said == inside(*arguments)
    assert said.code == code


def test_a_process_ends_as_another_also_where_the_environment_is_at_fault(runjobs, inside):
    env = {"RUNJOBS_EXECUTOR": "k8s"}
    said = runjobs("submit", *GOOD, env=env)
    assert said == inside("submit", *GOOD, env=env)
    assert said.code == 1


@pytest.mark.parametrize("command", ["submit", "run"])
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no-such-job"], ["no-such-job", "video-generation"]),
        (["../../etc"], ["etc"]),
        (["video-generation"], ["prompt", "required"]),
        (["video-generation", "--prompt", ""], ["prompt", "at least 1"]),
        (["video-generation", "--prompt", "   "], ["prompt", "at least 1"]),
        (["video-generation", "--prompt", "x" * 100_000], ["prompt", "2000"]),
        (["video-generation", "--prompt", "x" * 130_000], ["prompt"]),
        ([*GOOD, "--provider", "nobody"], ["provider", "nobody", "veo"]),
        ([*GOOD, "--duration", "long"], ["duration", "long"]),
        ([*GOOD, "--duration", "nan"], ["duration"]),
        ([*GOOD, "--seed", "-1"], ["seed", "-1"]),
        ([*GOOD, "--resolution", "8k"], ["resolution", "8k"]),
        ([*GOOD, "--no-such-param", "1"], ["no-such-param"]),
        ([*GOOD, "--params", "nowhere.json"], ["nowhere.json"]),
        ([*GOOD, "--params", "{"], ["JSON"]),
        ([*GOOD, "--params", '{"prompt": NaN}'], ["NaN"]),
        ([*GOOD, "--params", '{"no_such_param": 1}'], ["no_such_param"]),
        (["video-generation", "--params", '{"prompt": "a\\u0000b"}'], ["NUL"]),
        (["video-generation", "--params", '{"prompt": "\\ud800"}'], ["prompt"]),
        (["video-generation", "--params", '{"prompt": 1}'], ["prompt"]),
        (["video-generation", "--params", "[1]"], ["object"] ),
    ],
)  # fmt: skip
def test_bad_params_are_refused_before_anything_is_written(inside, home, command, arguments, words):
    said = inside(command, *arguments)
    assert said.code == 2, said
    for word in words:
        assert word in said.err
    assert "Traceback" not in said.err
    assert said.out == ""
    assert not home.exists()


def test_params_over_the_limit_are_refused(inside, home, tmp_path):
    big = tmp_path / "big.json"
    big.write_text('{"prompt": "' + "x" * 300_000 + '"}')
    said = inside("submit", "video-generation", "--params", str(big))
    assert (said.code, home.exists()) == (2, False)
    assert "256,000" in said.err


def test_params_nested_ten_thousand_deep_are_refused(runjobs, home):
    said = runjobs("submit", "noop", "--params", "-", stdin='{"a":' * 10_000 + "1" + "}" * 10_000)
    assert (said.code, home.exists()) == (2, False)
    assert "Traceback" not in said.err


@pytest.mark.parametrize("batch", [[], ["--batch", "-"]])
@pytest.mark.parametrize(
    "option",
    [["--key", ""], ["--key", "a\nb"], ["--key", "k" * 201], ["--tenant", "t" * 201]],
    ids=["empty", "lines", "long-key", "long-tenant"],
)
def test_a_key_or_tenant_that_is_no_name_is_refused(inside, option, batch):
    """An empty key would stand for the work of all who forgot theirs."""
    said = inside("submit", "noop", *batch, *option, stdin="{}\n{}\n")
    assert (said.code, said.out) == (2, "")
    assert inside("list", "--json").json == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["submit", "noop", "--delay", "soon"],
        ["submit", "noop", "--at", "tomorrow"],
        ["submit", "noop", "--delay", "1h", "--at", "2999-01-01"],
        ["submit", "noop", "--priority", "urgent"],
        ["list", "--state", "lost"],
        ["list", "--limit", "0"],
        ["show", "no-such-run"],
        ["show", "a/b"],
        ["cancel", "no-such-run"],
        ["logs", "no-such-run"],
        ["watch", "no-such-run"],
        ["no-such-command"],
    ],
)
def test_misuse_is_exit_code_2_and_a_sentence(inside, arguments):
    said = inside(*arguments)
    assert said.code == 2, said
    assert said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("shedules", "No such command 'shedules'. Did you mean 'schedules'?"),
        ("dead-leters", "No such command 'dead-leters'. Did you mean 'dead-letters'?"),
        ("zzz", "No such command 'zzz'."),
        ("--jsn", "No such option '--jsn'."),
    ],
)
def test_of_a_command_that_is_mistyped_the_one_that_is_meant_is_told(inside, command, told):
    said = inside(command)
    assert said.code == 2
    assert said.err.splitlines()[-1] == f"Error: {told}"
