"""gmail-import: which parts of messages are files, and what they are called."""

from __future__ import annotations

import random
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from common.google.gmail import BadMessage, decoded, files_of, opened, parts_of, read_mail
from jobs.gmail_import import gmail_import
from tests.chaos.counts import CHAOS
from tests.jobs.gmail.messages import PDF, PNG, forwarding, message, picture, raw
from tests.jobs.gmail.world import World


@pytest.fixture
def ann(world) -> World:
    world.connect()
    return world


def imported(world: World, **params):
    return world.manifest(world.do(gmail_import, user="ann", query="in:anywhere", **params))


def attached(*headers: str, body: bytes = PDF) -> bytes:
    """A message with one file that is described by these headers."""
    return raw(
        "From: a@b.example",
        "Subject: s",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="B"',
        "",
        "--B",
        "Content-Type: text/plain",
        "",
        "hello",
        "--B",
        *headers,
        "",
        body.decode("latin-1").encode("ascii", "replace").decode(),
        "--B--",
        "",
    )


NAMES = {
    'attachment; filename="plain.pdf"': "plain.pdf",
    "attachment; filename*=UTF-8''Rechnung%20%C3%BC.pdf": "Rechnung ü.pdf",
    "attachment; filename*0*=UTF-8''Rech; filename*1*=nung%20%C3%BC.pdf": "Rechnung ü.pdf",
    'attachment; filename*0="long "; filename*1="name.pdf"': "long name.pdf",
    'attachment; filename="=?utf-8?B?UmVjaG51bmcgw7wucGRm?="': "Rechnung ü.pdf",
    'attachment; filename="=?iso-8859-1?Q?a=FC?= =?iso-8859-1?Q?b.pdf?="': "aüb.pdf",
    'attachment; filename="../../etc/passwd"': "_.._etc_passwd",
    'attachment; filename="C:\\\\dir\\\\a.pdf"': "C_dir_a.pdf",
    'attachment; filename="/abs.pdf"': "_abs.pdf",
    'attachment; filename=".."': "attachment.pdf",
    'attachment; filename="  "': "attachment.pdf",
    'attachment; filename=""': "attachment.pdf",
    "attachment": "attachment.pdf",
    'attachment; filename="a\x01b.pdf"': "a_b.pdf",
    'attachment; filename="=?utf-8?Q?e=E2=80=AEfdp.exe?="': "e_fdp.exe",
    'attachment; filename="=?utf-8?Q?a=00=0Ab.pdf?="': "a_ b.pdf",
    "attachment; filename=" + "x" * 500 + ".pdf": "x" * 196 + ".pdf",
    'attachment; filename="a:b*c?.pdf"': "a_b_c_.pdf",
    "inline; filename=shown.pdf": "shown.pdf",
}


@pytest.mark.parametrize("disposition", NAMES)
def test_names_are_read_and_made_fit(ann, disposition):
    type = "Content-Type: application/pdf"
    ann.mailbox.add(attached(type, f"Content-Disposition: {disposition}"))
    (file,) = imported(ann)
    assert file.name == NAMES[disposition]
    assert file.uri.startswith(ann.blobs.uri("tenants/t1/imports/gmail"))


@pytest.mark.parametrize(
    ("type", "name", "kept"),
    [
        ('application/pdf; name="of type.pdf"', "of type.pdf", "application/pdf"),
        ("application/octet-stream; name=a.xlsx", "a.xlsx", None),
        ("application/octet-stream", "attachment.bin", "application/octet-stream"),
        ("image/png", "attachment.png", "image/png"),
        ("nonsense", None, None),
        ("text/calendar; name=invite.ics", "invite.ics", "text/calendar"),
    ],
)
def test_a_file_without_a_disposition(ann, type, name, kept):
    ann.mailbox.add(attached(f"Content-Type: {type}"))
    files = imported(ann)
    assert [file.name for file in files] == ([name] if name else [])
    if kept:
        assert files[0].content_type == kept
    elif name:
        assert "spreadsheet" in files[0].content_type


def test_two_files_of_the_same_name_are_two_files(ann):
    ann.mailbox.add(message(("a.pdf", PDF), ("a.pdf", PDF[::-1])))
    assert [ann.content(file) for file in imported(ann)] == [PDF, PDF[::-1]]


def related(html: str, *pictures) -> MIMEMultipart:
    made, inner = MIMEMultipart("mixed"), MIMEMultipart("related")
    made["From"], made["Subject"] = "a@b.example", "s"
    inner.attach(MIMEText(html, "html"))
    for each in pictures:
        inner.attach(each)
    made.attach(inner)
    return made


def test_pictures_that_a_text_shows_are_left_out_unless_asked_for(ann):
    shown = [picture(PNG, cid="logo@x", disposition="attachment"), picture(PNG, cid="other")]
    made = related('<img src="cid:logo@x">', *shown)
    made.attach(picture(PNG, cid="receipt", disposition="attachment"))
    ann.mailbox.add(made.as_bytes())
    assert [file.origin["part"] for file in imported(ann)] == ["1"]
    assert len(imported(ann, inline=True)) == 3


def test_a_photo_that_a_phone_sends_inline_is_a_file(ann):
    made = MIMEMultipart("mixed")
    made["From"], made["Subject"] = "a@b.example", "s"
    made.attach(MIMEText("see"))
    made.attach(picture(PNG, cid="x"))
    ann.mailbox.add(made.as_bytes())
    assert [file.name for file in imported(ann)] == ["logo.png"]


def test_what_programs_add_for_one_another_is_no_file(ann):
    ann.mailbox.add(
        message(
            ("a.pdf", PDF),
            ("smime.p7s", b"s", "application/pkcs7-signature"),
            ("signature.asc", b"s", "application/pgp-signature"),
        )
    )
    assert [file.name for file in imported(ann)] == ["a.pdf"]


def test_a_message_that_is_a_single_file(ann):
    ann.mailbox.add(
        raw(
            "From: a@b.example",
            "Content-Type: application/pdf; name=scan.pdf",
            "Content-Transfer-Encoding: base64",
            "",
            "JVBERi0=",
        )
    )
    (file,) = imported(ann)
    assert (file.name, ann.content(file), file.origin["part"]) == ("scan.pdf", b"%PDF-", "0")


def test_the_message_itself_as_it_came(ann):
    whole = message(("a.pdf", PDF), subject="Rechnung / März").as_bytes()
    ann.mailbox.add(whole)
    eml, pdf = imported(ann, body="eml")
    assert (eml.name, eml.content_type, ann.content(eml)) == (
        "Rechnung _ März.eml",
        "message/rfc822",
        whole,
    )
    assert pdf.name == "a.pdf"
    assert [file.name for file in imported(ann, body="eml", types=["image/*"])] == [eml.name]


@pytest.mark.parametrize(
    ("body", "html", "ending", "content"),
    [
        ("text", "<p>Grüße</p>", ".txt", "Summe: 12 €\n"),
        ("html", "<p>Grüße</p>", ".html", "\ufeff<p>Grüße</p>\n"),
        ("html", "", ".txt", "Summe: 12 €\n"),
    ],
)
def test_the_text_of_a_message(ann, body, html, ending, content):
    ann.mailbox.add(message(text="Summe: 12 €", html=html, subject="S"))
    (file,) = imported(ann, body=body)
    assert (file.name, ann.content(file).decode()) == (f"S{ending}", content)


def test_a_text_that_is_not_in_utf_8(ann):
    made = MIMEText("Grüße", "plain", "iso-8859-1")
    made["Subject"] = "S"
    ann.mailbox.add(made.as_bytes())
    (file,) = imported(ann, body="text")
    assert ann.content(file).decode() == "Grüße"


def test_an_encoded_word_in_a_sender_becomes_no_address():
    """Decoded before it is taken apart, this one would be of boss@corp.example."""
    spoof = "=?utf-8?Q?boss=40corp=2Eexample?= <x@evil.example>"
    headers = [{"name": "From", "value": spoof}]
    mail = read_mail({"id": "1", "internalDate": "0", "payload": {"headers": headers}})
    assert mail.sender == spoof
    assert mail.origin["sender"] == "boss@corp.example <x@evil.example>"


def test_text_that_no_store_could_keep_is_made_fit(ann):
    """As Gmail never gives it, and no message shall have an import fail by it."""
    answer = ann.gmail.methods()["gmail.users.messages.get"]

    def spoilt(asked):
        found = answer(asked)
        header = {"name": "Subject", "value": "a\x00b \ud800 c"}
        found["payload"]["headers"] = [
            header,
            {"name": "From", "value": "\udfff\x00 <a@b.example>"},
        ]
        found["payload"]["parts"][1] |= {"mimeType": "a\r\nb: c/d", "filename": "\ud800\x00.pdf"}
        return found

    ann.google._handlers["gmail.users.messages.get"] = spoilt
    ann.mailbox.add(message(("a.pdf", PDF)))
    (file,) = imported(ann, body="text", names=["*.pdf"])[1:]
    assert (file.name, file.content_type) == ("_.pdf", "application/pdf")
    assert file.origin["subject"].startswith("a")
    assert "\x00" not in str(file)


@pytest.mark.parametrize("text", ["YQ==", "YQ", "Y Q\n==", "-_-_", "+/+/", ""])
def test_base64_with_and_without_padding(text):
    assert decoded(text) == {"Y": b"a", "-": b"\xfb\xff\xbf", "+": b"\xfb\xff\xbf"}.get(
        text[:1], b""
    )


@pytest.mark.parametrize("text", ["Y", "Y*==", None, 1, "YQ=Y", "ü"])
def test_what_is_no_base64_is_a_bad_message(text):
    with pytest.raises(BadMessage):
        decoded(text)


def test_trees_out_of_all_proportion_are_bad_messages():
    node = {"mimeType": "text/plain", "filename": "a"}
    with pytest.raises(BadMessage):
        parts_of({"mimeType": "multipart/mixed", "parts": [node] * 1_001})
    for _ in range(60):
        node = {"mimeType": "multipart/mixed", "parts": [node]}
    with pytest.raises(BadMessage):
        parts_of(node)
    made = message(("a.pdf", PDF))
    for _ in range(60):
        made = forwarding(made)
    with pytest.raises(BadMessage):
        opened(made.as_bytes())


def test_whatever_the_json_is_only_a_bad_message_comes_of_it():
    rng = random.Random(5)  # noqa: S311 - the same each time
    values = [None, 1, -1, 0.5, True, "", "x", "=?utf-8?Q?=?=", [], {}, [None], ["x"], "\x00\ud800"]
    names = ["id", "threadId", "labelIds", "internalDate", "payload", "snippet"]
    inner = ["mimeType", "filename", "headers", "body", "parts", "size", "data", "attachmentId"]

    def any_value(depth: int):
        if depth and rng.random() < 0.6:
            found = {name: any_value(depth - 1) for name in rng.sample(inner, 4)}
            return rng.choice([found, [found, found]])
        header = {"name": rng.choice(["Content-Disposition", "From", 1]), "value": any_text()}
        return rng.choice([*values, [header], "multipart/mixed", "message/rfc822"])

    def any_text():
        pieces = [
            "attachment",
            ";",
            "filename",
            "*0*",
            "=",
            '"',
            "utf-8''",
            "%",
            "=?",
            "?=",
            "(",
            "é",
        ]
        return "".join(rng.choices(pieces, k=rng.randrange(12)))

    good = {"id": "1", "internalDate": "0"}
    for _ in range(10_000 if CHAOS else 500):
        said = {**good, **{name: any_value(4) for name in rng.sample(names, 3)}}
        try:
            for part in files_of(parts_of(read_mail(said).payload)):
                assert part.position
        except BadMessage:
            continue
