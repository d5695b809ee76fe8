from __future__ import annotations

import re

import pytest

from common.errors import InvalidInput
from common.files import File, Place, write_manifest
from common.runs import State
from common.runtime.discover import find_job
from tests.jobs.extraction.ledger import Ledger


def test_a_tenant_joins_its_own_clips_and_nobody_elses(ledger, clips):
    for path in ("tenants/t/1.mp4", "tenants/t/2.mp4", "tenants/other/1.mp4"):
        ledger.blobs.write(path, (clips / "a.mp4").read_bytes())
    asked = {"folder": "tenants/t"}
    ours = ledger.perform("reel-stitching", asked, tenant="t")
    result = Ledger.result(ours)
    assert (result["joined_by"], len(result["clips"])) == ("copy", 2)

    made = {"clips": [f"run:{ours.id}"] * 2}
    again = Ledger.result(ledger.perform("reel-stitching", made, tenant="t"))
    assert again["duration"] == pytest.approx(4, abs=0.001)

    for name in ("tenants/other/1.mp4", str(clips / "a.mp4")):
        theirs = ledger.perform("reel-stitching", {"clips": [name]}, tenant="t")
        assert theirs.state is State.FAILED
        assert theirs.attempts[-1].error.type == "OutOfReach"
    theirs = ledger.perform("reel-stitching", made, tenant="other")
    assert theirs.attempts[-1].error.type == "OutOfReach"


def test_a_manifest_names_the_clips_in_its_order(ledger, clips):
    files = [
        File(name=name, uri=(clips / name).as_uri(), size=1, sha256="", content_type=kind)
        for name, kind in (("b.mp4", "video/mp4"), ("x.txt", "text/plain"), ("a.mp4", "video/mp4"))
    ]
    write_manifest(Place(ledger.blobs, "list.jsonl"), files)
    result = Ledger.result(ledger.perform("reel-stitching", {"manifest": "list.jsonl"}))

    assert [clip["source"][-5:] for clip in result["clips"]] == ["b.mp4", "a.mp4"]


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "say which clips"),
        ({"clips": ["a"], "folder": "b"}, "say which clips"),
        ({"clips": ["a"], "width": 640}, "width and height are given together"),
        ({"clips": ["a"], "width": 641, "height": 360}, "even numbers"),
        ({"clips": ["a"], "captions": ["x", "y"]}, "more captions than clips"),
        ({"clips": ["a"] * 201}, "at most 200"),
        ({"clips": ["a"], "fps": 1000}, "less than or equal to 120"),
        ({"clips": ["a"], "on_bad": "hope"}, "'fail' or 'skip'"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_done(params, said):
    with pytest.raises(InvalidInput, match=said):
        find_job("reel-stitching").validate(params)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"clips": ["none.mp4"]}, "There is no file at none.mp4"),
        ({"folder": "nothing"}, "There is no video in nothing"),
        ({"clips": ["run:r1"]}, "The run r1 has made no video"),
        ({"clips": ["a.mp4"], "poster_at": 9}, "poster_at is 9, and the reel lasts 1.000 s"),
        ({"clips": ["a.mp4"], "music": "a.mp4x"}, "There is no file at a.mp4x"),
        ({"clips": ["a.mp4"], "music": "silent.mp4"}, "it has no sound. Name another file"),
        ({"clips": ["a.mp4"], "music": "words.srt"}, r"sound cannot be decoded \(Error [^\n]*\)"),
        ({"clips": ["a.mp4"], "subtitles": "a.mp4"}, "is no text in UTF-8"),
        ({"clips": ["a.mp4"], "subtitles": "words.srt"}, "words.srt has no subtitles"),
        ({"clips": ["words.srt"], "on_bad": "skip"}, "Replace what is broken.$"),
    ],
)
def test_what_is_not_there_is_named(ledger, clips, params, said):
    ledger.blobs.write("a.mp4", (clips / "a.mp4").read_bytes())
    ledger.blobs.write("silent.mp4", (clips / "a-silent.mp4").read_bytes())
    ledger.blobs.write("words.srt", b"Just words.\n")
    run = ledger.perform("reel-stitching", params)

    assert run.state is State.FAILED
    assert re.search(said, run.attempts[-1].error.message)
