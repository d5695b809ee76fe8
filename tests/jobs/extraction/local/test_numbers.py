from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from jobs.extraction.local.values.money import currencies, money
from jobs.extraction.local.values.numbers import as_json, numbers


def read_number(text, *, decimal=""):
    """The number that a text is, if it is nothing else."""
    text = text.strip()
    for value in numbers(text, decimal=decimal):
        return Decimal(value.value) if (value.start, value.end) == (0, len(text)) else None
    return None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1\u202f234\u202f567,89", "1234567.89"),
        ("1'234.56", "1234.56"),
        ("1\u2019234.50", "1234.50"),
        ("1,23,456.00", "123456.00"),
        ("12,5", "12.5"),
        ("0.75", "0.75"),
        (".50", "0.50"),
        ("1234", "1234"),
        ("1.234.567", "1234567"),
        ("-12,00", "-12.00"),
        ("\u221212.00", "-12.00"),
        ("12.00-", "-12.00"),
        ("(12.50)", "-12.50"),
        ("100,-", "100"),
    ],
)
def test_a_number_means_the_same_in_every_notation(text, meant):
    assert read_number(text) == Decimal(meant)


@pytest.mark.parametrize(
    ("text", "decimal", "meant"),
    [
        ("1,234", ",", "1.234"),
        ("1,234", ".", "1234"),
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
    ],
)
def test_a_single_mark_before_three_digits_is_what_the_document_says(text, decimal, meant):
    assert read_number(text, decimal=decimal) == Decimal(meant)


def test_a_single_mark_before_three_digits_is_unsure_where_the_document_says_nothing():
    assert [found.quality for found in numbers("1,234")] == [0.7]


@pytest.mark.parametrize(
    "text", ["", "abc", "A4", "RE2020", "12.03.2026", "10:30", "1.2.3.4", "v2"]
)
def test_what_is_part_of_something_else_is_no_number(text):
    assert read_number(text) is None


def test_a_dash_between_two_numbers_is_no_sign():
    assert [found.value for found in numbers("3 - 5")] == [3, 5]


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1.234,56 €", "1234.56", "EUR"),
        ("€ 1,234.56", "1234.56", "EUR"),
        ("€-5.00", "-5.00", "EUR"),
        ("EUR 12,00", "12.00", "EUR"),
        ("12,00 EUR", "12.00", "EUR"),
        ("$1,234", "1234", "USD"),
        ("US$ 10", "10", "USD"),
        ("CHF 1'234.50", "1234.50", "CHF"),
        ("RM12.00", "12.00", "MYR"),
        ("£9.99", "9.99", "GBP"),
        ("100 zł", "100", "PLN"),
        ("99 kr", "99", ""),
        ("7.50", "7.50", ""),
    ],
)
def test_money_has_its_currency_before_or_behind(text, amount, currency):
    (found,) = money(text)
    assert (found.value.amount, found.value.currency) == (Decimal(amount), currency)
    assert found.text == text


def test_a_share_is_no_money():
    assert [str(found.value.amount) for found in money("19 % of 100.00")] == ["100.00"]


def test_cents_and_a_currency_make_money_surer():
    bare, cents, said = (next(iter(money(text))).quality for text in ("12", "12.00", "12.00 €"))
    assert bare < cents < said


def test_currencies_are_named_by_code_and_by_symbol():
    assert list(currencies("Total EUR 5, 3 €, about $2, EUROPE, kr")) == ["EUR", "EUR", "USD"]


STYLES = [(",", "."), (".", ","), (" ", ","), ("'", "."), ("\u00a0", ","), ("", "."), ("", ",")]


@given(some.integers(0, 10**9), some.integers(0, 99), some.sampled_from(STYLES))
def test_what_is_written_with_cents_is_read_back(whole, cents, style):
    group, decimal = style
    text = f"{whole:,}".replace(",", group) + f"{decimal}{cents:02d}"
    assert read_number(text) == Decimal(f"{whole}.{cents:02d}")


@given(some.text(alphabet="0123456789.,' -+()€$aEUR\u00a0", max_size=60))
def test_any_text_is_read_without_an_error_and_values_stand_where_they_say(text):
    for found in [*numbers(text), *money(text)]:
        assert 0 <= found.start < found.end <= len(text)
        assert found.text == text[found.start : found.end].strip()
        assert 0 < found.quality <= 1


@pytest.mark.parametrize(("number", "json"), [("5.00", 5), ("5.5", 5.5), ("-3", -3)])
def test_whole_numbers_have_no_point_in_json(number, json):
    shown = as_json(Decimal(number))
    assert shown == json
    assert type(shown) is type(json)
