"""What is wrong is said in one sentence naming culprit and fix; nothing is half-written."""

from __future__ import annotations

import pytest

GOOD = ("video-generation", "--prompt", "x")


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
def test_bad_params_are_refused_before_anything_is_written(
    runjobs, home, command, arguments, words
):
    said = runjobs(command, *arguments)
    assert said.code == 2, said
    for word in words:
        assert word in said.err
    assert "Traceback" not in said.err
    assert said.out == ""
    assert not home.exists()


def test_params_over_the_limit_are_refused(runjobs, home, tmp_path):
    big = tmp_path / "big.json"
    big.write_text('{"prompt": "' + "x" * 300_000 + '"}')
    said = runjobs("submit", "video-generation", "--params", str(big))
    assert (said.code, home.exists()) == (2, False)
    assert "256,000" in said.err


def test_params_nested_ten_thousand_deep_are_refused(runjobs, home):
    said = runjobs("submit", "noop", "--params", "-", stdin='{"a":' * 10_000 + "1" + "}" * 10_000)
    assert (said.code, home.exists()) == (2, False)
    assert "Traceback" not in said.err


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
def test_misuse_is_exit_code_2_and_a_sentence(runjobs, arguments):
    said = runjobs(*arguments)
    assert said.code == 2, said
    assert said.err
    assert "Traceback" not in said.err


BROKEN = {
    "corrupt file": ({"RUNJOBS_DOCUMENTS": "sqlite:///{tmp}/corrupt.sqlite3"}, "corrupt.sqlite3"),
    "home in a file": ({"RUNJOBS_HOME": "{tmp}/file/home"}, "RUNJOBS_HOME"),
    "unwritable home": ({"RUNJOBS_HOME": "/dev/null/home"}, "RUNJOBS_HOME"),
    "unknown store": ({"RUNJOBS_DOCUMENTS": "mysql://x"}, "RUNJOBS_DOCUMENTS"),
    "unknown blobs": ({"RUNJOBS_BLOBS": "s3://x"}, "RUNJOBS_BLOBS"),
    "unknown executor": ({"RUNJOBS_EXECUTOR": "k8s"}, "RUNJOBS_EXECUTOR"),
    "unreachable Firestore": (
        {"RUNJOBS_DOCUMENTS": "firestore://p/d", "FIRESTORE_EMULATOR_HOST": "127.0.0.1:1"},
        "firestore://p/d",
    ),
    "cloud without a project": ({"RUNJOBS_EXECUTOR": "cloud-run"}, "GOOGLE_CLOUD_PROJECT"),
}


@pytest.fixture
def broken(tmp_path):
    """The variables of a fault, and the word by which it must be named."""
    (tmp_path / "corrupt.sqlite3").write_bytes(b"this is no database, however long " * 100)
    (tmp_path / "file").write_text("")

    def of(fault):
        env, culprit = BROKEN[fault]
        return {name: value.format(tmp=tmp_path) for name, value in env.items()}, culprit

    return of


@pytest.mark.parametrize("fault", BROKEN)
def test_check_finds_what_is_wrong_with_the_environment(runjobs, broken, fault):
    env, culprit = broken(fault)
    said = runjobs("check", env=env)
    assert said.code == 1, said
    assert culprit in said.out + said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("fault", [fault for fault in BROKEN if "blobs" not in fault])
def test_submit_says_what_is_wrong_with_the_environment(runjobs, broken, fault):
    env, culprit = broken(fault)
    said = runjobs("submit", *GOOD, env=env)
    assert said.code == 1, said
    assert said.err.count("Error: ") == 1
    assert culprit in said.err
    assert "Traceback" not in said.err


def test_a_bucket_that_does_not_exist_is_named_and_the_run_says_so(runjobs, gcs_url):
    env = {"RUNJOBS_BLOBS": "gs://no-such-bucket", "STORAGE_EMULATOR_HOST": gcs_url}
    said = runjobs("check", env=env)
    assert said.code == 1
    assert "no-such-bucket" in said.out


def test_a_missing_extra_is_named_by_check_and_by_the_run(runjobs, tmp_path):
    """A module of that name that cannot be imported stands for one that is not installed."""
    (tmp_path / "imageio_ffmpeg.py").write_text("raise ImportError('not installed')")
    said = runjobs("run", *GOOD, env={"PYTHONPATH": str(tmp_path)})
    assert said.code == 1
    assert "runjobs[media]" in said.err + said.out
