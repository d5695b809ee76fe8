from __future__ import annotations

import datetime as dt

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as some

from jobs.extraction.local.values.dates import Order, dates
from jobs.extraction.local.values.months import month_of
from jobs.extraction.schema import Kind
from tests.jobs.extraction.local.paper import find, one, value


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-13", "2026/03/13", "20260313", "13.03.2026", "13. 3. 2026", "13.3.26",
        "13/03/2026", "03/13/2026", "13-03-2026", "13 March 2026", "13th of March, 2026",
        "March 13, 2026",
        "Mar 13 2026", "Mar. 13th, 2026", "13-Mar-2026", "13-MAR-26", "13 Mar '26", "2026 March 13",
        "13. März 2026", "13. Mrz 2026",
        "13 mars 2026", "13 de marzo de 2026", "13 marzo 2026",
        "13 maart 2026",
        "13 de março de 2026", "13 mar. 2026", "13 marca 2026", "13. marts 2026",
        "2026年3月13日", "2026년 3월 13일",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_notation(text):
    (found,) = dates(text)
    assert found.value.date == dt.date(2026, 3, 13)
    assert found.text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.2.3",
        "31.02.2026",
        "13.13.2026",
        "1.234,56",
        "12345678",
        "192.168.1.1",
        "May be 20",
        "v1.2.2026.7",
    ],
)
def test_what_is_no_day_is_none(text):
    assert list(dates(text)) == []


@pytest.mark.parametrize(("order", "month"), [(Order.DAY, 4), (Order.MONTH, 3)])
def test_what_may_be_read_both_ways_knows_of_the_other(order, month):
    (found,) = dates("03/04/2026", order)
    assert found.value.date.month == month
    assert {found.value.date, found.value.other} == {dt.date(2026, 3, 4), dt.date(2026, 4, 3)}


def test_two_days_of_a_period_are_two():
    assert [found.text for found in dates("01.05.2026 - 31.05.2026")] == [
        "01.05.2026",
        "31.05.2026",
    ]


DAYS = some.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31))
LOCALES = ["en_GB", "en_US", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "cs", "fi"]


@given(DAYS, some.sampled_from(LOCALES), some.sampled_from(["long", "medium"]))
def test_what_each_language_writes_out_is_read_back(day, locale, form):
    text = format_date(day, form, locale)
    order = Order.MONTH if locale == "en_US" else Order.DAY
    assert [found.value.date for found in dates(text, order)] == [day]


@given(DAYS)
def test_the_iso_form_is_never_ambiguous(day):
    (found,) = dates(day.isoformat())
    assert (found.value.date, found.value.other) == (day, None)


@pytest.mark.parametrize(
    ("word", "month"),
    [("Dezember", 12), ("AOÛT", 8), ("Sept", 9), ("Novem", 11), ("Maybe", 0), ("xyz", 0)],
)
def test_months_are_known_whole_and_shortened(word, month):
    assert month_of(word) == month


def test_another_date_of_the_document_says_what_comes_first():
    american = find(
        one("invoice_date", Kind.DATE), "Invoice date: 03/04/2026", "Shipped: 03/28/2026"
    )
    european = find(
        one("invoice_date", Kind.DATE), "Invoice date: 03/04/2026", "Shipped: 28/03/2026"
    )
    assert value(american, "invoice_date") == "2026-03-04"
    assert value(european, "invoice_date") == "2026-04-03"
    assert american["invoice_date"].confidence > 0.9


def test_the_country_says_what_comes_first():
    american = find(
        "invoice", "Acme Inc", "Springfield, IL 62701", "Invoice date: 03/04/2026", "Total: $5.00"
    )
    german = find(
        "invoice", "Acme GmbH", "10115 Berlin", "Rechnungsdatum: 03/04/2026", "Summe: 5,00 €"
    )
    assert value(american, "invoice_date") == "2026-03-04"
    assert value(german, "invoice_date") == "2026-04-03"


def test_the_time_to_pay_says_what_comes_first():
    found = find("invoice", "Invoice date: 04/02/2026", "Due date: 04/09/2026")
    assert (value(found, "invoice_date"), value(found, "due_date")) == ("2026-04-02", "2026-04-09")


def test_nothing_says_what_comes_first_and_so_it_is_unsure():
    alone = find(one("invoice_date", Kind.DATE), "Invoice date: 03/04/2026")
    clear = find(one("invoice_date", Kind.DATE), "Invoice date: 2026-04-03")
    assert alone["invoice_date"].confidence < clear["invoice_date"].confidence - 0.05
