from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from common.errors import Misconfigured
from common.reading import (
    DamagedDocument,
    Limits,
    ReaderTimedOut,
    TooLargeDocument,
    parent,
    read,
)
from tests.jobs.extraction.papers import pdf
from tests.reading.raw import pdf as raw_pdf

PATIENT = Limits(seconds=60)
"""What is tried here is not how busy the machine is."""


@pytest.fixture
def paper(tmp_path) -> Path:
    path = tmp_path / "paper"
    path.write_bytes(pdf("Invoice 42", "\f", "Total 12.00"))
    return path


@pytest.fixture
def worker(tmp_path, monkeypatch):
    """Has a program of the test's own stand in for the one that reads."""

    def put(program: str) -> None:
        path = tmp_path / "worker.py"
        path.write_text(f"import json, os, sys, time\nasked = json.load(sys.stdin)\n{program}")
        monkeypatch.setattr(parent, "_WORKER", str(path))

    return put


def test_a_document_comes_back_whole(paper):
    document = read(paper, name="a.pdf", limits=PATIENT)
    assert (document.name, document.content_type) == ("a.pdf", "application/pdf")
    assert document.text == "Invoice 42\n\nTotal 12.00"
    assert [page.number for page in document.pages] == [1, 2]
    assert document.warnings == ()


def test_a_pdf_without_a_page_is_not_said_to_have_failed_by_success(tmp_path):
    path = tmp_path / "paper"
    path.write_bytes(raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]))
    with pytest.raises(DamagedDocument) as caught:
        read(path, name="a.pdf", limits=PATIENT)
    assert str(caught.value) == "a.pdf is damaged, and cannot be opened. Write it anew."


def test_the_one_who_reads_knows_no_secrets_and_can_write_nothing(paper, worker, monkeypatch):
    monkeypatch.setenv("CANARY", "s3cret")
    worker("print(json.dumps(['warning', ' '.join([*os.environ, *os.environ.values()])]))\n"
           "print(json.dumps(['end']))")  # fmt: skip
    (seen,) = read(paper, name="a", limits=PATIENT).warnings
    assert "PATH" in seen
    assert "CANARY" not in seen
    assert "s3cret" not in seen


def test_it_is_told_neither_more_time_nor_room_than_there_is(paper, worker):
    worker("while True: print(json.dumps(['recognise']), flush=True); time.sleep(0.01)")
    with pytest.raises(ReaderTimedOut, match=r"^a\.pdf keeps its reader busy"):
        read(
            paper,
            name="a.pdf",
            limits=Limits(seconds=0.3, recognised=1, seconds_per_recognition=0.3),
        )
    worker("while True: print(json.dumps(['warning', 'x' * 100_000]))")
    with pytest.raises(TooLargeDocument, match="split it"):
        read(paper, name="a.pdf", limits=Limits(seconds=60, words=1))


@pytest.mark.parametrize(
    "program",
    [
        "print('nonsense')",
        "print('[]')",
        "print(json.dumps(['page', [1, 2]]))",
        "print(json.dumps(['page', [1, 2, 3, 'x', [[['a']]], []]]))",
        "print('[' * 100_000)",
        "print(json.dumps(['error', '__builtins__', 'x']))",
        "os.kill(os.getpid(), 11)",
        "sys.exit(3)",
        "",
    ],
)
def test_whatever_it_says_and_however_it_ends_the_document_is_to_blame(paper, worker, program):
    worker(program)
    with pytest.raises(DamagedDocument, match=r"^a\.pdf "):
        read(paper, name="a.pdf", limits=PATIENT)


def test_a_library_that_is_missing_is_not_the_documents_fault(paper, worker):
    why = "cannot be read without pypdfium2: pip install 'runjobs[extract]'."
    worker(f"print(json.dumps(['error', 'NoReader', {why!r}]))")
    with pytest.raises(Misconfigured, match=r"^a\.pdf cannot be read without pypdfium2: pip inst"):
        read(paper, name="a.pdf", limits=PATIENT)


def test_a_stop_ends_the_reader_at_once(paper, worker, tmp_path):
    pid = tmp_path / "pid"
    worker(f"open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(600)")

    class Stopped(BaseException):
        pass

    def check() -> None:
        if pid.exists() and pid.read_text():
            raise Stopped

    with pytest.raises(Stopped):
        read(paper, name="a.pdf", limits=PATIENT, check=check)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_a_file_that_is_too_large_is_not_even_opened(paper):
    with pytest.raises(TooLargeDocument, match=r"^a\.pdf has [\d,]+ bytes; .* up to 10 "):
        read(paper, name="a.pdf", limits=Limits(bytes=10))


def test_names_may_be_anything(paper):
    for name in ("ä \U0001d7d9 \udcff", "x" * 10_000, "a\nb", ""):
        assert len(read(paper, name=name, limits=PATIENT).pages) == 2


def test_the_program_reads_without_the_job_around_it(paper):
    """Else each document would cost a tenth of a second more."""
    program = (
        "import runpy, sys; runpy.run_path(sys.argv[1], run_name='__main__');"
        "print({'pydantic', 'common.runtime'} & {*sys.modules}, file=sys.stderr)"
    )
    asked = {"file": str(paper), "name": "a", "limits": {}, "languages": [], "selector": ""}
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, parent._WORKER],
        input=json.dumps(asked).encode(),
        capture_output=True,
        check=True,
    )
    assert done.stderr.decode().strip() == "set()"
    assert done.stdout.endswith(b'["end"]\n')
