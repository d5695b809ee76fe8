"""Which texts are paths, and that none leads out of its root."""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from common.blobs import BadPath
from common.blobs.files import FileBlobs
from common.blobs.paths import fault

BAD = [
    ("", "it is empty"),
    ("/", "starts with a slash"),
    ("/etc/passwd", "starts with a slash"),
    ("//host/a", "starts with a slash"),
    ("..", "'.' or '..'"),
    ("../a", "'.' or '..'"),
    ("a/../b", "'.' or '..'"),
    ("a/..", "'.' or '..'"),
    (".", "'.' or '..'"),
    ("./a", "'.' or '..'"),
    ("a/./b", "'.' or '..'"),
    ("a//b", "a part of it is empty"),
    ("a/", "a part of it is empty"),
    ("a\\b", "backslash"),
    ("..\\a", "backslash"),
    ("a\0b", "control character"),
    ("a\nb", "control character"),
    ("a\x7f", "control character"),
    ("a\x85", "control character"),
    ("a\ud800", "not valid Unicode"),
    ("x/" * 512 + "xx", "longer than 1024 bytes"),
    ("é" * 600, "longer than 1024 bytes"),
    ("x" * 256, "longer than 255 bytes"),
    ("a/" + "é" * 128, "longer than 255 bytes"),
    (".partial", "half-written"),
    (".partial/a", "half-written"),
]

texts = st.one_of(
    st.text(alphabet=st.sampled_from([*"./\\~a", "\0", " ", "é", "\n", "\ud800"]), max_size=12),
    st.lists(
        st.sampled_from(
            ["..", ".", "", "a", "b.txt", ".partial", "~", "C:", "%2e%2e", "\u2024\u2024"]
        ),
        max_size=6,
    ).map("/".join),
    st.text(st.characters(exclude_categories=[]), max_size=20),
)


@pytest.mark.parametrize(("path", "why"), BAD)
def test_a_bad_path_is_refused_by_every_method_with_the_rule_it_breaks(blobs, path, why):
    for call in (
        lambda: blobs.write(path, b"x"),
        lambda: blobs.write(path, b"x", replace=True),
        lambda: blobs.open(path),
        lambda: blobs.read(path),
        lambda: blobs.stat(path),
        lambda: blobs.delete([path]),
        lambda: blobs.sign(path, timedelta(hours=1)),
        lambda: blobs.uri(path),
    ):
        with pytest.raises(BadPath, match=why) as caught:
            call()
        assert caught.value.path == path
        assert caught.value.exit_code == 2


@settings(max_examples=300, deadline=None)
@given(texts)
@example("a/../../outside")
def test_whatever_the_text_nothing_is_written_or_read_outside_of_the_root(path):
    with tempfile.TemporaryDirectory() as folder:
        outer = Path(folder).resolve()
        for name in ("outside", "a", "b.txt"):
            (outer / name).write_bytes(b"secret")
        blobs = FileBlobs(outer / "root")
        try:
            blobs.write(path, b"x")
        except BadPath:
            assert fault(path) is not None
        else:
            assert fault(path) is None
            assert blobs.read(path) == b"x"
            assert [blob.path for blob in blobs.list()] == [path]
            assert blobs.path(blobs.uri(path)) == path
            (file,) = [file for file in (outer / "root").rglob("*") if file.is_file()]
            assert file == Path(os.path.normpath(outer / "root" / path))
            assert blobs.delete([path]) == 1
        assert sorted(file.name for file in outer.iterdir() if file.is_file()) == [
            "a",
            "b.txt",
            "outside",
        ]
        assert (outer / "outside").read_bytes() == b"secret"


@settings(max_examples=200, deadline=None)
@given(texts)
def test_whatever_the_text_a_uri_leads_to_a_good_path_or_nowhere(text):
    blobs = FileBlobs("/somewhere/a root")
    for uri in (text, f"file://{text}", f"file:///somewhere/a%20root/{text}"):
        try:
            path = blobs.path(uri)
        except BadPath:
            continue
        assert fault(path) is None
        assert blobs.path(blobs.uri(path)) == path
