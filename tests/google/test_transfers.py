"""Downloads and uploads that break at random."""

from __future__ import annotations

import random

import pytest

from common.google.upload import STEP
from tests.chaos.counts import trials
from tests.google.transfers import DATA, PUT, SIZE, begin, download, read
from tests.services.google import Fault

TRIALS = trials(15, 500)
MANNERS = ("reset", "lost", "garbage", "empty", "unauthorized", "cut")


@pytest.mark.parametrize("seed", range(TRIALS))
def test_whatever_breaks_an_upload_and_how_often_one_whole_file_comes_of_it(
    seed, open_one, google, shelf
):
    rng = random.Random(seed)  # noqa: S311 - a trial can be had again
    size = rng.choice([0, 1, STEP, SIZE - rng.randrange(STEP), SIZE])
    for _ in range(rng.randrange(12)):
        fault = rng.choice([*(Fault(manner=each) for each in MANNERS), 500, 503, 429])
        google.fail(PUT, rng.choice([Fault(), fault]))
    google.uploads.keep = rng.choice([None, 0, 1, STEP])
    upload = begin(open_one(), size)
    if rng.random() < 0.5:  # another process goes on with it
        upload = open_one().continue_upload(upload.uri, size=size)
    assert upload.send(read, chunk=STEP * rng.randrange(1, 4))["id"] == "made-0"
    assert shelf.files == {"made-0": DATA[:size]}


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("seed", range(TRIALS))
def test_whatever_breaks_a_download_and_how_often_it_comes_whole(seed, account, google):
    rng = random.Random(seed)  # noqa: S311
    for _ in range(rng.randrange(12)):
        cut = Fault(manner="cut", keep=rng.randrange(2 * STEP))
        google.fail("drive.files.get", rng.choice([cut, cut, Fault(manner="reset"), 503, 429]))
    assert download(account) == DATA
