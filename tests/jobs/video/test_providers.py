"""Who makes a video: whom the params name, else VIDEO_PROVIDER, else who fits the place."""

from __future__ import annotations

import pytest

from common.errors import Misconfigured
from jobs.video_generation.choice import order
from jobs.video_generation.params import VideoParams


def chosen(*, asked=None, variable=None, in_cloud=False) -> str:
    env = {"GOOGLE_CLOUD_PROJECT": "p"} | ({} if variable is None else {"VIDEO_PROVIDER": variable})
    (name,) = order(VideoParams(prompt="x", provider=asked), env, in_cloud=in_cloud)
    return name


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
        ({"asked": "heygen", "variable": "veo", "in_cloud": True}, "heygen"),
        ({"asked": "auto", "variable": "local"}, "veo"),
    ],
)
def test_the_provider_is_chosen_by_the_nearest_word(given, name):
    assert chosen(**given) == name


@pytest.mark.parametrize("variable", ["nobody", "Veo", " "])
def test_a_provider_that_there_is_not_is_named_with_those_there_are(variable):
    said = f"VIDEO_PROVIDER='{variable}'.*local, veo, pixverse, ltx-studio, heygen"
    with pytest.raises(Misconfigured, match=said):
        chosen(variable=variable)
