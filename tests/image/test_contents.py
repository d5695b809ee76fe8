"""What is in the images, and what is not."""

from __future__ import annotations

import pytest

from tests.image import images
from tests.image.container import inside

TOOLS = ("pip", "pip3", "uv", "gcc", "cc", "g++", "make", "ld", "git", "curl", "wget")
LISTED = """
import json, os, pathlib, pwd, shutil, sys
print(json.dumps({
    "tools": [tool for tool in %r if shutil.which(tool)],
    "pip": [str(path) for path in pathlib.Path(sys.base_prefix).rglob("*pip*")
            if path.name in ("pip", "_bundled") or path.suffix == ".whl"],
    "user": [os.getuid(), os.getgid(), pwd.getpwuid(os.getuid()).pw_name],
    "groups": os.getgroups(),
    "writable": [name for name in ("/", "/venv", "/venv/bin", sys.base_prefix, "/etc", "/usr/bin")
                 if os.access(name, os.W_OK)],
}))
"""
ASKED = """
import importlib.util, json, shutil
names = ["google.cloud.firestore", "google.cloud.storage", "google.cloud.run_v2", "starlette",
         "google.genai", "imageio_ffmpeg", "isal", "pypdfium2", "openpyxl", "pytest", "mypy"]
found = [name for name in names if importlib.util.find_spec(name)]
print(json.dumps([*found, *(["tesseract"] if shutil.which("tesseract") else [])]))
"""


@pytest.fixture
def listed(image, tmp_path):
    return inside(image, LISTED % (TOOLS,), tmp_path)


def test_it_runs_as_a_user_who_may_write_nothing_of_it(listed):
    assert listed["user"] == [10001, 10001, "runjobs"]
    assert set(listed["groups"]) <= {10001}
    assert listed["writable"] == []


def test_nothing_that_builds_or_installs_is_left(listed):
    assert listed["tools"] == []
    assert listed["pip"] == []


def test_the_light_one_has_what_jobs_and_the_dispatcher_need_and_the_other_media_besides(
    light, media, tmp_path
):
    found = inside(light, ASKED, tmp_path)
    assert found == [
        "google.cloud.firestore",
        "google.cloud.storage",
        "google.cloud.run_v2",
        "starlette",
    ]
    assert inside(media, ASKED, tmp_path) == [
        *found,
        *("google.genai", "imageio_ffmpeg", "isal", "pypdfium2", "openpyxl", "tesseract"),
    ]


def test_they_share_their_layers_but_for_the_media_and_the_code(light, media):
    layers = [images.layers(image.name) for image in (light, media)]
    common = len(layers[0]) - 1
    assert layers[0][:common] == layers[1][:common]
    assert len(layers[1]) == common + 3  # tesseract, packages, code


def test_every_module_has_its_bytecode(image):
    sources = [*image.packages.rglob("*.py")]
    assert len(sources) > 500
    assert [path for path in sources if not _compiled(path).exists()] == []


def _compiled(path):
    return path.parent / "__pycache__" / f"{path.stem}.cpython-312.pyc"


def test_no_secret_and_nothing_of_the_repository_besides_its_code_is_copied(image):
    assert [*image.root.glob("src*")] == []
    names = {path.name for path in image.packages.iterdir()}
    assert names & {"tests", "docs", "benchmarks", ".env", ".git"} == set()
