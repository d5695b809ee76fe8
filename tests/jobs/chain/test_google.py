"""The chain with every job of it real, from a message that comes in to tables in a Drive."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet

from common.automations import Automation, Automations, Template, Trigger
from common.integrations import Integrations
from tests.jobs.chain.conftest import invoice, zipped
from tests.jobs.gmail.messages import message
from tests.services.google import Google
from tests.services.google.drive import Drive
from tests.services.google.gmail import Gmail

ANN = "ann@example.com"
SCOPES = (
    "https://www.googleapis.com/auth/gmail.readonly",
    "https://www.googleapis.com/auth/drive",
)


@pytest.fixture
def drive() -> Drive:
    return Drive()


@pytest.fixture
def gmail() -> Gmail:
    return Gmail()


@pytest.fixture
def google(drive, gmail, monkeypatch) -> Iterator[Google]:
    with Google(drive, gmail) as found:
        monkeypatch.setenv("ENCRYPTION_KEY", Fernet.generate_key().decode())
        for name, value in found.environment.items():
            monkeypatch.setenv(name, value)
        yield found


@pytest.fixture
def ann(google, gmail, here):
    """One who has connected her account, in a ledger."""
    integrations = Integrations(here.documents)
    secret = google.oauth.grant(ANN, *SCOPES)
    made = integrations.save(
        tenant="t1", user="ann", secret=secret, account=ANN, scopes=list(SCOPES)
    )
    integrations.note(made, watch={"history": str(gmail.mailbox(ANN).history_id)})
    return here


def in_the_drive(drive, folder) -> dict[str, list[bytes]]:
    """By name, what the files of a folder hold."""
    found: dict[str, list[bytes]] = {}
    for item in drive.items.values():
        if item.parents == [folder.id]:
            found.setdefault(item.name, []).append(item.content)
    return found


def test_messages_with_a_zip_become_tables_in_a_drive_each_once(ann, drive, gmail):
    tables = drive.folder("Tables")
    Automations(ann.documents).save(
        Automation(
            tenant="t1",
            user="ann",
            name="Bills",
            template=Template(
                sources=("gmail:",),
                schema="invoice",
                formats=("csv", "json"),
                export=f"drive:folder/{tables.id}",
            ),
            trigger=Trigger(senders=("@shop.example",), filenames=("*.zip",)),
        )
    )
    now = ann.documents.now()
    gmail.mailbox(ANN).clock = lambda: int(now.timestamp() * 1000) + 1_000
    ann_gets = gmail.mailbox(ANN).add
    bills, more = (
        zipped({f"{number}.txt": invoice(number) for number in numbers})
        for numbers in (("A-1", "A-2"), ("A-3",))
    )
    ann_gets(message(("bills.zip", bills, "application/zip"), ("ad.pdf", b"%PDF-1")))
    ann_gets(message(("more.zip", more, "application/zip")))
    ann_gets(message(("other.zip", bills, "application/zip"), sender="x@evil.example"))
    for _ in range(2):  # notified twice
        ann.perform("automation-trigger", {"user": ANN})
        ann.work()
    starts = [run for run in ann.runs.list({"job": "run-initializer"}) if run.batch is None]
    reports = [ann.result(ann.stages(ann.result(start)["batch"])[-1]) for start in starts]
    assert sorted(each["extracted"] for each in reports) == [1, 2]
    assert {(each["imported"], each["archives"]) for each in reports} == {(1, 1)}
    found = in_the_drive(drive, tables)
    assert sorted(found) == ["documents.csv", "documents.json", "items.csv"]
    told = [sorted(set(re.findall(rb"A-\d", table))) for table in found["documents.csv"]]
    assert sorted(told) == [[b"A-1", b"A-2"], [b"A-3"]]
    assert all({each["name"] for each in report["exported"]} == set(found) for report in reports)


def test_a_folder_of_a_drive_becomes_tables_in_the_store(ann, drive):
    folder = drive.folder("In")
    drive.file("bills.zip", zipped({"1.txt": invoice("A-1")}), parent=folder.id)
    drive.file("2.txt", invoice("A-2"), parent=folder.id, mime="text/plain")
    batch = ann.begin(
        source=[f"https://drive.google.com/drive/folders/{folder.id}"],
        schema="invoice",
        user="ann",
        tenant="t1",
        export="tenants/t1/tables",
    )
    report = ann.result(ann.end(batch))
    assert (report["imported"], report["archives"], report["extracted"]) == (2, 1, 2)
    assert all(
        each["uri"].startswith(ann.blobs.uri("tenants/t1/tables/x")[:-1])
        for each in report["tables"]
    )


def test_consent_that_was_revoked_ends_the_chain_and_says_so(ann, google, drive):
    folder = drive.folder("In")
    google.oauth.revoke(ANN)
    batch = ann.begin(
        source=[f"drive:folder/{folder.id}"], schema="invoice", user="ann", tenant="t1"
    )
    last = ann.end(batch)
    assert last.error.type == "StageFailed"
    assert "drive-import" in last.error.message
    (whose,) = Integrations(ann.documents).list(tenant="t1")
    assert whose.status == "needs_reauth"
