"""The whole way of a run, by the commands that the README shows."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

from common.documents import open_documents
from common.media.probe import probe
from common.runs import Runs, State
from common.settings import Settings
from tests.cli.conftest import COMMAND

SMALL = ("--resolution", "360p", "--duration", "1")
FOX = ("video-generation", "--prompt", "a red fox at dawn", *SMALL)


def file_of(uri):
    return Path(unquote(urlparse(uri).path))


def test_a_submitted_video_is_one_json_object_a_playable_file_and_shown_whole(runjobs):
    said = runjobs("submit", *FOX, "--wait", "--json")
    assert said.code == 0, said.err
    run = said.json
    assert {"id", "job", "state", "attempts", "result"} <= set(run)
    assert (run["job"], run["state"], run["attempts"]) == ("video-generation", "succeeded", 1)
    playable(run)
    shown(runjobs, run["id"])


def playable(run):
    video = run["result"]["video"]
    content = file_of(video["uri"]).read_bytes()
    assert (len(content), hashlib.sha256(content).hexdigest()) == (video["size"], video["sha256"])
    clip = probe(file_of(video["uri"]))
    assert (clip.width, clip.height) == (640, 360)
    assert abs(clip.duration - 1) <= 1 / 30
    assert file_of(run["result"]["poster"]["uri"]).read_bytes().startswith(b"\xff\xd8\xff")


def shown(runjobs, id):
    """Show tells the whole run, and logs what it printed."""
    run = runjobs("show", id, "--json").json
    assert run["params"]["prompt"] == "a red fox at dawn"
    (attempt,) = run["attempts"]
    assert (attempt["number"], attempt["outcome"], attempt["task"]) == (1, "succeeded", 0)
    assert attempt["execution"].startswith("video-generation-")
    assert attempt["seconds"] > 0
    told = runjobs("show", id).out
    for part in (id, "succeeded", "a red fox at dawn", attempt["execution"], "video.mp4"):
        assert part in told
    assert "The run succeeded." in runjobs("logs", id).out
    assert id in runjobs("list").out


def test_a_run_on_firestore_goes_the_same_way_and_is_readable_there(
    inside, firestore_url, firestore_host
):
    place = {"RUNJOBS_DOCUMENTS": firestore_url, "FIRESTORE_EMULATOR_HOST": firestore_host}
    said = inside("submit", *FOX, "--creation-id", "c1", "--wait", "--json", env=place)
    assert said.code == 0, said.err
    documents = open_documents(firestore_url)
    assert documents.get("runs", said.json["id"]).data["state"] == "succeeded"
    creation = documents.get("creations", "c1").data
    assert creation["status"] == "completed"
    assert creation["media_url"] == said.json["result"]["video"]["uri"]
    documents.close()


def test_a_run_killed_in_mid_render_is_tried_again_and_succeeds(inside, environment, tmp_path):
    """The task is killed by SIGKILL while it renders; whoever waits sees it through."""
    film = (*FOX[:3], "--resolution", "360p", "--duration", "3")
    waiting = subprocess.Popen(
        [COMMAND, "submit", *film, "--wait", "--json"],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    ledger = Runs(open_documents(Settings.load(environment).documents))
    rendering = until(ledger, lambda run: run.progress and 0.2 < run.progress.fraction < 0.8)
    os.kill(task_of(rendering), signal.SIGKILL)
    out, _ = waiting.communicate(timeout=120)
    ledger.documents.close()
    assert waiting.returncode == 0
    whole = inside("show", json.loads(out)["id"], "--json").json
    assert [attempt["outcome"] for attempt in whole["attempts"]] == ["lost", "succeeded"]
    assert "signal 9" in whole["attempts"][0]["error"]["message"]


def until(ledger, holds):
    """The only run, as soon as it is so; the ledger is the event that is waited for."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for run in ledger.list():
            assert not run.state.ended, run
            if run.state is State.RUNNING and holds(run):
                return run
    raise AssertionError("it never came to that")


def task_of(run):
    """The process that works on a run, found by what its environment says it is.

    Its supervisor has the same environment, and the task's command among its own words.
    """
    name = f"CLOUD_RUN_EXECUTION={run.attempts[-1].worker.name}".encode()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().split(b"\0")
            if words[1:4] != [b"-P", b"-m", b"jobs"]:
                continue
            if name in (place / "environ").read_bytes().split(b"\0"):
                return int(place.name)
        except OSError:
            continue
    raise AssertionError("no such task")


def test_the_same_key_gives_the_same_run_and_another_key_another(inside):
    first = inside("submit", "noop", "--key", "k", "--wait", "--json").json
    assert inside("submit", "noop", "--key", "k", "--json").json["id"] == first["id"]
    assert inside("submit", "noop", "--key", "l", "--json").json["id"] != first["id"]


def test_a_key_with_other_params_is_refused(inside):
    assert inside("submit", *FOX, "--key", "k", "--delay", "1h").code == 0
    said = inside("submit", *FOX[:2], "a wolf", *SMALL, "--key", "k")
    assert said.code == 2
    assert "'k'" in said.err


def test_run_makes_one_attempt_here_and_writes_the_ledger(runjobs, inside):
    said = runjobs("run", *FOX, "--json")
    assert said.code == 0, said.err
    whole = inside("show", said.json["id"], "--json").json
    assert whole["attempts"][0]["execution"].startswith("foreground-")
    assert whole["state"] == "succeeded"


def test_a_delayed_run_waits_is_listed_and_can_be_cancelled(runjobs, inside):
    said = inside("submit", "noop", "--delay", "10m", "--tenant", "ann", "--priority", "high")
    assert said.code == 0
    assert "pending, due" in said.out
    (run,) = inside("list", "--state", "pending", "--tenant", "ann", "--json").json
    assert (run["priority"], run["tenant"]) == ("high", "ann")
    assert "is cancelled" in runjobs("cancel", run["id"]).out
    assert inside("show", run["id"], "--json").json["state"] == "cancelled"
    assert inside("list", "--state", "pending", "--json").json == []


@pytest.mark.parametrize("moment", ["--delay=1h30m", "--at=2999-01-01T00:00Z"])
def test_a_moment_is_understood(inside, moment):
    assert inside("submit", "noop", moment, "--json").json["state"] == "pending"


def test_submit_without_wait_ends_at_once_and_watch_sees_it_through(runjobs):
    id = runjobs("submit", "noop", "--json").json["id"]
    said = runjobs("watch", id)
    assert said.code == 0
    assert "succeeded" in said.out


def test_jobs_tells_what_each_needs_and_takes(runjobs, inside):
    found = {job["name"]: job for job in inside("jobs", "--json").json}
    video = found["video-generation"]
    assert (video["queue"], video["cpu"], video["memory"]) == ("video-jobs-queue", 2, "2Gi")
    assert "prompt" in video["params"]["properties"]
    assert "video-jobs-queue" in runjobs("jobs").out


def test_check_finds_nothing_wrong_with_a_laptop_and_leaves_nothing_behind(runjobs, home):
    said = runjobs("check", "--json")
    assert said.code == 0, said.out
    assert {check["check"] for check in said.json} >= {"documents", "blobs", "executor"}
    assert all(check["ok"] for check in said.json)
    assert not home.exists()


def test_check_notes_what_is_nearly_a_setting(inside):
    env = {"RUNJOBS_DOCUMETS": "sqlite:///x", "RUNJOBS_EXECUTION": "e", "RUNJOBS_PLUGIN": "p"}
    noted = {it["check"]: it.get("note") for it in inside("check", "--json", env=env).json}
    assert noted["settings"] == "RUNJOBS_DOCUMETS is no setting: is it RUNJOBS_DOCUMENTS?"
    assert "note" not in inside("check", "--json").json[0]


def test_what_check_has_looked_at_stands_in_columns(inside):
    lines = inside("check").out.splitlines()
    assert len({re.match(r"ok   \S+ +", line).end() for line in lines}) == 1


def test_a_dead_letter_is_listed_with_its_reason_and_can_be_replayed(inside):
    """Without a project Veo refuses for good, on each attempt."""
    lost = {"GOOGLE_CLOUD_PROJECT": None, "GOOGLE_CLOUD_PROJECT_ID": None}
    veo = (*FOX[:3], "--provider", "veo", "--duration", "5")
    said = inside("submit", *veo, "--wait", "--json", env=lost)
    assert (said.code, said.json["state"]) == (1, "failed")
    (letter,) = inside("dead-letters", "list", "--json").json
    assert letter["id"] == said.json["id"]
    assert letter["error"]["message"] in inside("show", letter["id"]).out.replace("\n", " ")
    replayed = inside("dead-letters", "replay", letter["id"], "--json", env=lost)
    assert replayed.json[0]["state"] in {"starting", "running", "failed"}
    assert inside("watch", letter["id"], env=lost).code == 1
    assert inside("show", letter["id"], "--json").json["attempts"][1]["number"] == 2
    assert inside("dead-letters", "replay", "no-such-run").code == 2


def test_only_a_failed_run_is_replayed(inside):
    id = inside("submit", "noop", "--wait", "--json").json["id"]
    said = inside("dead-letters", "replay", id)
    assert said.code == 1
    assert "only a failed one" in said.err


def test_nothing_that_somebody_wrote_takes_effect_in_the_terminal(inside):
    """Escape sequences, and what our own output would take for markup."""
    id = inside("submit", "video-generation", "--prompt", "\x1b[31m [bold]x", "--delay", "1h").out[
        :16
    ]
    told = inside("show", id).out
    assert "\x1b" not in told
    assert r"\x1b[31m [bold]x" in told


def test_a_narrow_list_leaves_out_columns_but_never_cuts_an_id(inside):
    ids = [inside("submit", "noop", "--delay", "1h", "--json").json["id"] for _ in range(2)]
    lines = inside("list", env={"COLUMNS": "50"}).out.splitlines()
    assert [line.split()[0] for line in lines] == ["RUN", *reversed(ids)]
    assert all(len(line) <= 50 for line in lines)
    piped = inside("list", env={"COLUMNS": None}).out.splitlines()
    assert len(piped) == 3
    assert "due 2" in piped[1]
