from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from jobs.extraction.local.values.contact import emails, phones, urls
from jobs.extraction.local.values.ids import bics, ibans, ids, vat_ids


@pytest.mark.parametrize(
    "text",
    [
        "DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819",
        "FR14 2004 1010 0505 0001 3M02 606",
        "NL91ABNA0417164300", "ES91 2100 0418 4502 0005 1332", "IT60X0542811101000000123456",
        "PT50 0002 0123 1234 5678 9015 4", "CH93 0076 2011 6238 5295 7",
    ],
)  # fmt: skip
def test_an_iban_with_right_check_digits_is_sure(text):
    (found,) = ibans(f"IBAN: {text} BIC X")
    assert found.value == text.replace(" ", "")
    assert found.quality == 1.0
    assert found.text == text


def test_an_iban_with_wrong_check_digits_is_doubted():
    (found,) = ibans("DE88 3704 0044 0532 0130 00")
    assert found.quality < 0.5


@pytest.mark.parametrize("text", ["DE89 3704", "XX89370400440532013000", "1234567890123456", ""])
def test_what_is_too_short_or_of_no_country_is_no_iban(text):
    assert list(ibans(text)) == []


@pytest.mark.parametrize(
    ("text", "bare", "sure"),
    [
        ("DE 136 695 976", "DE136695976", True), ("DE123456789", "DE123456789", False),
        ("ATU12345675", "ATU12345675", True), ("IT00743110157", "IT00743110157", True),
        ("FR40303265045", "FR40303265045", True), ("NL810433941B01", "NL810433941B01", True),
        ("PL 8567346215", "PL8567346215", True), ("PT501964843", "PT501964843", True),
        ("BE0428759497", "BE0428759497", True), ("ESB12345678", "ESB12345678", True),
        ("GB 980 7806 84", "GB980780684", True), ("CHE-123.456.789", "CHE123456789", True),
    ],
)  # fmt: skip
def test_vat_ids_are_known_by_their_country_and_judged_by_their_check_digits(text, bare, sure):
    (found,) = vat_ids(f"VAT {text}.")
    assert found.value == bare
    assert (found.quality == 1.0) is sure


@pytest.mark.parametrize(
    "text", ["INVOICE", "DELIVERY 2026", "IT", "ESTIMATE123", "DE89370400440532013000"]
)
def test_words_that_begin_like_a_country_are_no_vat_ids(text):
    assert list(vat_ids(text)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("INV-2026/017", "INV-2026/017"), ("#4711.", "4711"), ("RE 2024-17 vom", "RE 2024-17"),
        ("no digits here", None), ("A-17 and more", "A-17"), ("(2026-3)", "2026-3"),
    ],
)  # fmt: skip
def test_an_id_is_a_word_with_a_digit(text, found):
    assert next((one.value for one in ids(text)), None) == found


@pytest.mark.parametrize(
    ("finder", "text", "meant"),
    [
        (emails, "Write to jane.doe+x@mail.example.co.uk.", "jane.doe+x@mail.example.co.uk"),
        (urls, "see https://example.com/a?b=1, please", "https://example.com/a?b=1"),
        (urls, "www.example.de", "www.example.de"),
        (urls, "example.com", "example.com"),
        (phones, "Tel. +49 (0)30 1234-567", "+49 (0)30 1234-567"),
        (phones, "call 020 7946 0958", "020 7946 0958"),
        (bics, "BIC: COBADEFFXXX", "COBADEFFXXX"),
    ],
)
def test_contacts_and_banks_are_found_within_text(finder, text, meant):
    assert [one.value for one in finder(text)][:1] == [meant]


@pytest.mark.parametrize("text", ["a@b", "@example.com", "x@.com", "12.03.2026", ""])
def test_what_is_no_address_is_not_taken_for_one(text):
    assert not list(emails(text))


ALPHABET = "DEFRNLIT0123456789 .-/@+()wW:h"


@given(some.text(alphabet=ALPHABET, max_size=80))
def test_any_text_is_read_without_an_error(text):
    for finder in (ibans, bics, vat_ids, ids, emails, phones, urls):
        for found in finder(text):
            assert 0 <= found.start < found.end <= len(text)
