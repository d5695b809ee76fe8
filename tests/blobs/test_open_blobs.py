"""How a setting becomes a store, and what importing the seam costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from common.blobs import open_blobs
from common.errors import Misconfigured

HEAVY = {"google", "mimetypes", "shutil", "tempfile", "concurrent", "requests", "urllib.request"}


def test_importing_the_seam_imports_no_backend_and_nothing_heavy():
    script = "import sys; a = set(sys.modules); import common.blobs; print(*set(sys.modules) - a)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    )
    imported = set(done.stdout.split())
    assert "common.blobs.base" in imported
    assert not imported & {*HEAVY, "common.blobs.files", "common.blobs.gcs"}


def test_a_file_url_opens_its_folder_percent_decoded(tmp_path):
    blobs = open_blobs(f"file://{tmp_path}/a%20b")
    blobs.write("x", b"1")
    assert (tmp_path / "a b" / "x").read_bytes() == b"1"


@pytest.mark.parametrize("url", ["gs://bucket", "gs://bucket/", "gs://bucket/pre/fix"])
def test_a_gs_url_opens_bucket_and_prefix_without_reaching_for_them(url):
    assert open_blobs(url).uri("a") == url.rstrip("/") + "/a"


@pytest.mark.parametrize(
    "url",
    ["", "s3://bucket", "/folder", "file://relative/x", "file:", "gs://", "gs:///x", "bucket"],
)
def test_any_other_url_is_refused_naming_the_setting(url):
    with pytest.raises(Misconfigured, match=r"RUNJOBS_BLOBS is .*: set it to file:///") as caught:
        open_blobs(url)
    assert repr(url) in str(caught.value)


def test_without_the_client_library_the_extra_to_install_is_named(monkeypatch):
    monkeypatch.delitem(sys.modules, "common.blobs.gcs", raising=False)
    monkeypatch.setitem(sys.modules, "google.cloud.storage.retry", None)
    with pytest.raises(Misconfigured, match=r"pip install 'runjobs\[gcp\]'"):
        open_blobs("gs://bucket")
