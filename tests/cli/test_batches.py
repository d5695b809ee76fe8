"""Batches from the command line: many at once, by their counts, one after the other."""

from __future__ import annotations

import json

import pytest

VIDEO = ("submit", "video-generation", "--batch")


@pytest.fixture
def lines(tmp_path):
    """Writes a file of these lines; returns its path."""

    def write(*texts: str) -> str:
        path = tmp_path / "batch.jsonl"
        path.write_text("\n".join(texts))
        return str(path)

    return write


def test_a_batch_is_accepted_followed_by_counts_and_continued(runjobs, inside, lines):
    said = runjobs("submit", "noop", "--batch", lines(*["{}"] * 5), "--wait", "--then", "noop")
    assert said.code == 0, said.err
    assert "of 5 runs is accepted" in said.err
    assert "succeeded        5" in said.out
    (batch,) = {run["batch"] for run in inside("list", "--json").json} - {None}
    shown = inside("show", batch, "--json").json
    assert (shown["batch"], shown["runs"], shown["counts"]["succeeded"]) == (batch, 5, 5)
    follower = inside("show", shown["next"], "--json").json
    assert (follower["parent"], follower["batch"]) == (batch, None)
    assert inside("watch", shown["next"]).code == 0
    assert len(inside("list", "--json").json) == 6


def test_a_program_gets_the_batchs_id_and_its_end(runjobs, inside, lines):
    said = inside("submit", "noop", "--batch", lines("{}", "{}"), "--json")
    assert (said.code, said.json["runs"], said.json["job"]) == (0, 2, "noop")
    ended = runjobs("watch", "--batch", said.json["batch"], "--json")
    assert (ended.code, ended.json["counts"]["succeeded"]) == (0, 2)
    assert len(inside("list", "--batch", said.json["batch"], "--json").json) == 2


def test_that_its_queue_is_paused_is_told_to_people(inside, lines):
    inside("queues", "pause", "maintenance-tasks")
    submit = ("submit", "noop", "--batch", lines("{}", "{}"))
    hint = "Its queue is paused: `runjobs queues resume maintenance-tasks`.\n"
    assert inside(*submit).err == hint
    assert inside(*submit, "--json").err == ""
    inside("queues", "resume", "maintenance-tasks")
    assert inside(*submit).err == ""


def test_a_batch_is_read_from_standard_input(inside):
    said = inside("submit", "noop", "--batch", "-", "--json", stdin="{}\n\n{}\n")
    assert said.json["runs"] == 2


def test_each_line_that_is_wrong_is_named_by_its_number_in_the_file_and_nothing_is_written(
    inside, home, lines
):
    good = '{"prompt": "a fox"}'
    text = "x" * 2_001
    bad = lines(good, "", "{nope", "  ", '{"prompt": 1}', good, text, '{"prompt": NaN}', "{}")
    said = inside(*VIDEO, bad)
    assert (said.code, said.out, home.exists()) == (2, "", False)
    head, *told = said.err.splitlines()
    assert "5 of 7 lines are wrong" in head
    assert [line.partition(":")[0] for line in told] == [
        *("line 3", "line 5", "line 7", "line 8", "line 9")
    ]
    assert "prompt" in told[1]
    assert "Traceback" not in said.err


def test_plain_lines_are_prompts_and_options_are_those_of_every_line(inside, tmp_path):
    content = (
        "\ufeff# topics\r\nAI Innovation\r\n\r\n#1 trend 🚀\r\n" + '{"prompt":"x","duration":9}'
    )
    (tmp_path / "topics.txt").write_bytes(content.encode())
    said = inside(*VIDEO, "topics.txt", "--duration", "5", "--delay", "1h", "--json")
    assert (said.code, said.json["runs"]) == (0, 3)
    ids = [run["id"] for run in inside("list", "--json").json]
    params = [inside("show", id, "--json").json["params"] for id in reversed(ids)]
    assert {(each["prompt"], each["duration"]) for each in params} == {
        *(("AI Innovation", 5), ("#1 trend 🚀", 5), ("x", 9))
    }


def test_of_very_many_wrong_lines_some_are_told_and_the_others_counted(inside, lines):
    said = inside(*VIDEO, lines(*["{}"] * 10_000))
    assert said.code == 2
    assert len(said.err.splitlines()) == 22
    assert said.err.endswith("… and 9,980 more\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'\xff\xfe{"prompt": "x"}', "line 1: it is not UTF-8"),
        (b'{"prompt": "' + b"x" * 1_500_000 + b'"}\n{}', "line 2: video-generation: prompt"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "line 1: the JSON is nested too deep"),
        (b'{"prompt": "a\\u0000b"}', "NUL"),
        (b"\n \r\n\n", "The batch is empty"),
        (b"", "The batch is empty"),
    ],
)
def test_whatever_is_in_the_file_is_a_sentence_and_exit_code_2(
    inside, home, tmp_path, content, words
):
    (tmp_path / "batch.jsonl").write_bytes(content)
    said = inside(*VIDEO, "batch.jsonl")
    assert (said.code, home.exists()) == (2, False)
    assert words in said.err
    assert "Traceback" not in said.err


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(inside, tmp_path):
    (tmp_path / "batch.jsonl").write_bytes(b"\xef\xbb\xbf{}\r\n{}\r\n")
    assert inside("submit", "noop", "--batch", "batch.jsonl", "--json").json["runs"] == 2


@pytest.mark.parametrize(
    "arguments",
    [
        [*VIDEO, "nowhere.jsonl"],
        [*VIDEO, "."],
        [*VIDEO, "-", "--prompt", "x"],
        [*VIDEO, "-", "--params", "{}"],
        ["submit", "noop", "--batch", "-", "--then", "no-such-job"],
        ["submit", "noop", "--batch", "-", "--then-params", "{}"],
        ["submit", "noop", "--then", "noop", "--then-params", "{"],
        ["submit", "noop", "--then", "video-generation", "--then-params", '{"prompt": 1}'],
        ["watch", "--batch", "no-such-batch"],
        ["watch", "x", "--batch", "y"],
        ["cancel", "--batch", "no-such-batch"],
        ["cancel", "x", "--batch", "y"],
        ["cancel"],
    ],
)
def test_misuse_is_exit_code_2_and_a_sentence(inside, arguments):
    said = inside(*arguments, stdin="{}\n")
    assert (said.code, said.out) == (2, "")
    assert said.err
    assert "Traceback" not in said.err
    assert inside("list", "--json").json == []


def test_a_batch_is_cancelled_whole_and_continued_all_the_same(inside, lines):
    batch = inside(
        *("submit", "noop", "--batch", lines(*["{}"] * 3), "--delay", "1h"),
        *("--then", "noop", "--json"),
    ).json["batch"]
    assert inside("cancel", "--batch", batch).out == "3 runs are cancelled.\n"
    found = inside("show", batch, "--json").json
    assert found["counts"]["cancelled"] == 3
    assert inside("watch", found["next"]).code == 0
    said = inside("watch", "--batch", batch, "--json")
    assert (said.code, said.json["counts"]["cancelled"]) == (1, 3)
    assert inside("cancel", "--batch", batch, "--json").json["asked"] == 0


def test_the_same_key_gives_the_same_batch(inside, lines):
    command = ("submit", "noop", "--batch", lines("{}", "{}"), "--key", "k", "--json")
    assert inside(*command).json["batch"] == inside(*command).json["batch"]
    assert len(inside("list", "--json").json) == 2
    said = inside("submit", "noop", "--batch", lines("{}"), "--key", "k")
    assert (said.code, "another key" in said.err) == (2, True)


def test_a_run_is_continued_by_another_that_gets_its_id(inside):
    then = {"prompt": "{run}", "resolution": "360p", "duration": 1}
    first = inside(
        *("submit", "noop", "--wait", "--json"),
        *("--then", "video-generation", "--then-params", json.dumps(then)),
    ).json
    shown = inside("show", first["id"], "--json").json
    assert shown["then"] == "video-generation"
    follower = inside("show", shown["next"], "--json").json
    assert (follower["parent"], follower["params"]["prompt"]) == (first["id"], first["id"])
    assert f"video-generation {shown['next']}" in inside("show", first["id"]).out


def test_show_tells_what_each_attempt_waited_for_took_and_costs(inside):
    id = inside("submit", "noop", "--wait", "--json").json["id"]
    (attempt,) = inside("show", id, "--json").json["attempts"]
    assert 0 <= attempt["queue_delay"] < 60
    assert 0 < attempt["start_delay"] < 60
    assert attempt["seconds"] > 0
    assert attempt["vcpu_seconds"] == pytest.approx(60, abs=0.1)  # alone: the whole minute
    assert attempt["gib_seconds"] == pytest.approx(30, abs=0.1)
    narrow = inside("show", id, env={"COLUMNS": "100"}).out
    assert all(len(line) <= 100 for line in narrow.splitlines())
    (line,) = [line for line in narrow.splitlines() if line.startswith("1  succeeded")]
    assert line.split()[-2:] == ["60.0", "30.0"]


@pytest.fixture
def place(firestore_url, firestore_host) -> dict[str, str]:
    return {"RUNJOBS_DOCUMENTS": firestore_url, "FIRESTORE_EMULATOR_HOST": firestore_host}


def test_a_batch_on_firestore_goes_the_same_way(runjobs, inside, lines, place):
    command = ("submit", "noop", "--batch", lines("{}", "{}"), "--wait", "--then", "noop", "--json")
    said = runjobs(*command, env=place)
    assert said.code == 0, said.err
    assert said.json["counts"]["succeeded"] == 2
    assert inside("watch", said.json["next"], env=place).code == 0
    queues = {each["name"]: each for each in inside("queues", "list", "--json", env=place).json}
    assert queues["maintenance-tasks"]["active"] == 0
    assert inside("sweep", "--json", env=place).json["troubles"] == []
