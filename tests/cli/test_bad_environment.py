"""An environment that is at fault is told by check and by whoever meets it, naming the culprit."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

GOOD = ("video-generation", "--prompt", "x")

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
def test_check_finds_what_is_wrong_with_the_environment(inside, broken, fault):
    env, culprit = broken(fault)
    said = inside("check", env=env)
    assert said.code == 1, said
    assert culprit in said.out + said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("fault", [fault for fault in BROKEN if "blobs" not in fault])
def test_submit_says_what_is_wrong_with_the_environment(inside, broken, fault):
    env, culprit = broken(fault)
    said = inside("submit", *GOOD, env=env)
    assert said.code == 1, said
    assert said.err.count("Error: ") == 1
    assert culprit in said.err
    assert "Traceback" not in said.err


def test_a_bucket_that_does_not_exist_is_named_by_check_and_by_the_run(
    runjobs, inside, home, gcs_url
):
    env = {"RUNJOBS_BLOBS": "gs://no-such-bucket", "STORAGE_EMULATOR_HOST": gcs_url}
    said = inside("check", env=env)
    assert said.code == 1
    assert "no-such-bucket" in said.out
    said = runjobs("run", *GOOD, "--duration", "1", "--resolution", "360p", "--json", env=env)
    run = inside("show", said.json["id"], "--json").json
    assert (said.code, run["state"], run["result"]) == (1, "failed", None)
    assert "no-such-bucket" in run["error"]["message"]
    assert [each["id"] for each in inside("list", "--json").json] == [run["id"]]
    assert not (home / "blobs").exists()


KEY = "q" * 43 + "="


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (KEY, None),
        (f" {KEY} , {KEY}", None),
        ("canary", "key 1 is not 32 bytes"),
        (f"{KEY},canary{KEY}", "key 2 is not 32 bytes"),
        (f"{KEY}canary", "key 1 is not 32 bytes"),
        (" , ", "ENCRYPTION_KEY is not set"),
    ],
)
def test_check_tells_of_a_key_that_is_none_without_showing_it(inside, value, problem):
    said = inside("check", "--json", env={"ENCRYPTION_KEY": value})
    (found,) = [each for each in said.json if each["check"] == "integrations"]
    assert (found["where"], found["ok"]) == ("ENCRYPTION_KEY", problem is None)
    assert (problem or "") in (found["problem"] or "")
    assert "canary" not in said.out + said.err
    assert KEY not in said.out + said.err


def test_check_asks_for_no_key_where_there_is_none(inside):
    said = inside("check", "--json", env={"ENCRYPTION_KEY": ""})
    assert "integrations" not in {each["check"] for each in said.json}


HIDING = """
import sys

class Hiding:
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] == "imageio_ffmpeg":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Hiding)
"""


@pytest.mark.parametrize("command", [["check"], ["run", *GOOD], ["submit", *GOOD, "--wait"]])
def test_a_missing_extra_is_named_and_nothing_is_written(runjobs, home, tmp_path, command):
    """It is hidden from every process, as if it were not installed."""
    (tmp_path / "hiding").mkdir()
    (tmp_path / "hiding" / "sitecustomize.py").write_text(HIDING)
    said = runjobs(*command, env={"PYTHONPATH": str(tmp_path / "hiding")})
    assert said.code == 1
    assert "pip install 'runjobs[media]'" in said.out + said.err
    assert "Traceback" not in said.err
    assert not home.exists()


PLUGIN = str(Path(__file__).parents[1] / "runtime" / "plugin")
"""An installed package with jobs that cannot be loaded."""


def test_check_tells_of_a_broken_plugin_among_all_else(runjobs):
    said = runjobs("check", "--json", env={"PYTHONPATH": PLUGIN})
    assert said.code == 1
    found = {check["check"]: check for check in said.json}
    assert "trial-missing" in found["trial-missing"]["problem"]
    assert found["video-generation"]["ok"]
    assert found["documents"]["ok"]
    assert found["executor"]["ok"]


def test_a_broken_plugin_keeps_nobody_from_the_other_jobs(runjobs):
    env = {"PYTHONPATH": PLUGIN}
    said = runjobs("jobs", env=env)
    assert said.code == 0
    assert "video-generation" in said.out
    assert "trial-missing" in said.err
    told = runjobs("submit", "--help", env=env)
    assert told.code == 0
    assert "Generate a video" in told.out
    assert runjobs("run", "noop", env=env).code == 0


@pytest.mark.parametrize("command", [["check"], ["submit", "noop"]])
def test_cloud_run_with_stores_on_this_machine_is_refused(inside, home, command):
    env = {"RUNJOBS_EXECUTOR": "cloud-run", "GOOGLE_CLOUD_PROJECT": "p"}
    said = inside(*command, env=env)
    assert said.code == 1
    assert "is on this machine" in said.out + said.err
    assert not home.exists()


def test_check_in_the_cloud_tells_whether_veo_can_be_asked(runjobs, tmp_path):
    hiding = HIDING.replace('name.partition(".")[0] == "imageio_ffmpeg"', 'name == "google.genai"')
    (tmp_path / "sitecustomize.py").write_text(hiding)
    cloud = {"RUNJOBS_EXECUTOR": "cloud-run", "PYTHONPATH": str(tmp_path)}
    assert "runjobs[veo]" in runjobs("check", env=cloud).out
    assert "runjobs[veo]" not in runjobs("check", env={**cloud, "VIDEO_PROVIDER": "local"}).out
    assert "runjobs[veo]" not in runjobs("check", env={"PYTHONPATH": str(tmp_path)}).out


def test_the_home_may_have_any_name(inside, tmp_path):
    home = "a%41b two?c#d ø ☕"
    place = {"RUNJOBS_HOME": str(tmp_path / home)}
    small = ("--duration", "1", "--resolution", "360p")
    said = inside("submit", *GOOD, *small, "--wait", "--json", env=place)
    assert said.code == 0, said.err
    path = unquote(urlsplit(said.json["result"]["video"]["uri"]).path)
    assert Path(path).is_relative_to(tmp_path / home / "blobs")
    assert Path(path).is_file()
    assert [each.name for each in tmp_path.iterdir()] == [home]


def test_a_provider_that_there_is_not_is_named_with_those_there_are(runjobs, inside):
    said = runjobs("run", *GOOD, "--json", env={"VIDEO_PROVIDER": "nobody"})
    assert said.code == 1
    message = inside("show", said.json["id"], "--json").json["attempts"][0]["error"]["message"]
    assert "VIDEO_PROVIDER='nobody'" in message
    assert "local, veo, pixverse" in message
