"""Who makes a video: whom the params name, else VIDEO_PROVIDER, else who fits the place."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from common.errors import Misconfigured
from jobs.video_generation.params import VideoParams
from jobs.video_generation.providers import choose


def chosen(monkeypatch, *, asked=None, variable=None, in_cloud=False) -> str:
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "p")
    monkeypatch.delenv("VIDEO_PROVIDER", raising=False)
    if variable is not None:
        monkeypatch.setenv("VIDEO_PROVIDER", variable)
    return choose(VideoParams(prompt="x", provider=asked), SimpleNamespace(in_cloud=in_cloud)).name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "local"),
        ({"in_cloud": True}, "veo"),
        ({"variable": "veo"}, "veo"),
        ({"variable": "local", "in_cloud": True}, "local"),
        ({"variable": "", "in_cloud": True}, "veo"),
        ({"asked": "local", "variable": "veo"}, "local"),
        ({"asked": "veo", "variable": "local"}, "veo"),
        ({"asked": "local", "variable": "nobody"}, "local"),
    ],
)
def test_the_provider_is_chosen_by_the_nearest_word(monkeypatch, given, name):
    assert chosen(monkeypatch, **given) == name


@pytest.mark.parametrize("variable", ["nobody", "Veo", " "])
def test_a_provider_that_there_is_not_is_named_with_those_there_are(monkeypatch, variable):
    with pytest.raises(Misconfigured, match=f"VIDEO_PROVIDER='{variable}'.*local or veo"):
        chosen(monkeypatch, variable=variable)
