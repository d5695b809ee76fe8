"""Twelve invoices of companies that do not exist, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

__all__ = ["INVOICES", "Invoice", "Item"]

_CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line."""

    text: str
    quantity: int
    price: Decimal

    @property
    def amount(self) -> Decimal:
        """What the line comes to."""
        return self.quantity * self.price


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """One invoice, and in which shape it is written."""

    file: str
    """Its name in the archive; what it ends in is its format."""
    language: str
    design: str = "classic"
    seller: Sequence[str]
    """Name, street, town."""
    buyer: Sequence[str]
    tax_id: str
    number: str
    issued: date
    due: date
    currency: str
    rate: Decimal
    """Of the tax, in per cent."""
    iban: str
    items: Sequence[Item]

    @property
    def subtotal(self) -> Decimal:
        """The sum before tax."""
        return sum((item.amount for item in self.items), Decimal(0))

    @property
    def tax(self) -> Decimal:
        """The tax on it."""
        return (self.subtotal * self.rate / 100).quantize(_CENT)

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.subtotal + self.tax

    @property
    def truth(self) -> dict[str, object]:
        """What is to be found in it, named as in the schema `invoice`."""

        def money(amount: Decimal) -> dict[str, object]:
            return {"amount": float(amount), "currency": self.currency}

        return {
            "invoice_number": self.number,
            "invoice_date": self.issued.isoformat(),
            "due_date": self.due.isoformat(),
            "seller_name": self.seller[0],
            "buyer_name": self.buyer[0],
            "seller_tax_id": self.tax_id,
            "currency": self.currency,
            "subtotal": money(self.subtotal),
            "tax": money(self.tax),
            "total": money(self.total),
            "iban": self.iban,
            "items": [
                {"description": it.text, "quantity": it.quantity, "amount": money(it.amount)}
                for it in self.items
            ],
        }


def _items(*lines: tuple[str, int, str]) -> list[Item]:
    return [Item(text=text, quantity=number, price=Decimal(price)) for text, number, price in lines]


def _iban(country: str, account: str) -> str:
    """An account's IBAN, with the two digits that prove it."""
    digits = "".join(str(int(letter, 36)) for letter in f"{account}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{account}"


INVOICES = (
    Invoice(
        file="2026-01/Rechnung RE-2026-0117.pdf",
        language="de",
        seller=("Birkenfeld Möbel GmbH", "Tischlerweg 12", "34117 Kassel"),
        buyer=("Hotel Seeblick KG", "Uferpromenade 3", "78462 Konstanz"),
        tax_id="DE318244517",
        number="RE-2026-0117",
        issued=date(2026, 1, 14),
        due=date(2026, 2, 13),
        currency="EUR",
        rate=Decimal(19),
        iban=_iban("DE", "520503530001234567"),
        items=_items(
            ("Schreibtisch Eiche massiv", 4, "489.00"),
            ("Bürostuhl Modell Linde", 4, "219.50"),
            ("Lieferung und Aufbau", 1, "180.00"),
        ),
    ),
    Invoice(
        file="2026-01/INV-20488.pdf",
        language="en-us",
        design="modern",
        seller=("Cobalt Ridge Analytics Inc.", "410 Mesa Street", "Boulder, CO 80302"),
        buyer=("Pinecrest Outfitters LLC", "77 Harbor Road", "Portland, ME 04101"),
        tax_id="84-2917356",
        number="INV-20488",
        issued=date(2026, 1, 22),
        due=date(2026, 2, 21),
        currency="USD",
        rate=Decimal("7.25"),
        iban="",
        items=_items(
            ("Sales dashboard, setup", 1, "3200.00"),
            ("Data connector, monthly", 3, "149.00"),
            ("Training session", 2, "425.00"),
        ),
    ),
    Invoice(
        file="2026-01/Facture F2026-031.pdf",
        language="fr",
        seller=("Atelier Rivoire SARL", "8 rue des Tanneurs", "69005 Lyon"),
        buyer=("Librairie du Canal", "21 quai Voltaire", "21000 Dijon"),
        tax_id="FR45812934067",
        number="F2026-031",
        issued=date(2026, 1, 30),
        due=date(2026, 3, 1),
        currency="EUR",
        rate=Decimal(20),
        iban=_iban("FR", "20041010050500013M02606"),
        items=_items(
            ("Reliure cuir, format in-octavo", 12, "84.50"),
            ("Dorure à la feuille", 12, "23.00"),
        ),
    ),
    Invoice(
        file="2026-02/factura-A-1209.pdf",
        language="es",
        design="plain",
        seller=("Olivar de Sierra Alta S.L.", "Camino Real 45", "23400 Úbeda"),
        buyer=("Bodega Los Arcos S.A.", "Plaza Mayor 9", "26001 Logroño"),
        tax_id="B23847561",
        number="A-1209",
        issued=date(2026, 2, 3),
        due=date(2026, 3, 5),
        currency="EUR",
        rate=Decimal(10),
        iban=_iban("ES", "21000418450200051332"),
        items=_items(
            ("Aceite de oliva virgen extra 5 l", 60, "42.80"),
            ("Transporte refrigerado", 1, "135.00"),
        ),
    ),
    Invoice(
        file="2026-02/hbw-003391.pdf",
        language="en",
        design="plain",
        seller=("Harbour & Webb Ltd", "2 Quayside Lane", "Bristol BS1 4XE"),
        buyer=("Meridian Theatre Trust", "118 Castle Street", "Cardiff CF10 1BS"),
        tax_id="GB294718365",
        number="HBW-003391",
        issued=date(2026, 2, 9),
        due=date(2026, 3, 11),
        currency="GBP",
        rate=Decimal(20),
        iban=_iban("GB", "NWBK60161331926819"),
        items=_items(
            ("Stage lighting survey", 1, "1450.00"),
            ("LED profile lantern", 16, "612.25"),
            ("Rigging crew, day rate", 3, "890.00"),
        ),
    ),
    Invoice(
        file="2026-02/Fattura 58-2026.pdf",
        language="it",
        design="modern",
        seller=("Studio Belforte S.r.l.", "Via dei Mulini 27", "40121 Bologna"),
        buyer=("Ceramiche Valdarno S.p.A.", "Viale Europa 101", "50127 Firenze"),
        tax_id="IT03948571206",
        number="58/2026",
        issued=date(2026, 2, 17),
        due=date(2026, 3, 19),
        currency="EUR",
        rate=Decimal(22),
        iban=_iban("IT", "X0542811101000000123456"),
        items=_items(
            ("Progettazione catalogo", 1, "2750.00"),
            ("Servizio fotografico", 2, "640.00"),
        ),
    ),
    Invoice(
        file="2026-02/factuur 2026-0084.docx",
        language="nl",
        seller=("Fietswerk Zaanstad B.V.", "Molenpad 16", "1506 JT Zaandam"),
        buyer=("Gemeente Oosterdam", "Raadhuisplein 1", "3311 AB Oosterdam"),
        tax_id="NL861394725B01",
        number="2026-0084",
        issued=date(2026, 2, 20),
        due=date(2026, 3, 22),
        currency="EUR",
        rate=Decimal(21),
        iban=_iban("NL", "ABNA0417164300"),
        items=_items(
            ("Onderhoudsbeurt bakfiets", 14, "68.75"),
            ("Vervangende accu 500 Wh", 5, "389.00"),
        ),
    ),
    Invoice(
        file="2026-02/nimbus-7719.xlsx",
        language="en-us",
        seller=("Nimbus Freight Corp.", "900 Runway Drive", "Memphis, TN 38118"),
        buyer=("Juniper Toys Inc.", "15 Maple Court", "Dayton, OH 45402"),
        tax_id="62-1830447",
        number="NF-7719",
        issued=date(2026, 2, 26),
        due=date(2026, 3, 28),
        currency="USD",
        rate=Decimal(0),
        iban="",
        items=_items(
            ("Air freight MEM-DAY, 310 kg", 1, "1178.00"),
            ("Customs handling", 2, "95.00"),
            ("Fuel surcharge", 1, "164.92"),
        ),
    ),
    Invoice(
        file="2026-03/rechnung_26-512.html",
        language="de-ch",
        seller=("Alpstein Sonnenenergie AG", "Säntisstrasse 40", "9050 Appenzell"),
        buyer=("Käserei Hundwil", "Dorfplatz 5", "9064 Hundwil"),
        tax_id="CHE-218.447.903",
        number="26-512",
        issued=date(2026, 3, 2),
        due=date(2026, 4, 1),
        currency="CHF",
        rate=Decimal("8.1"),
        iban=_iban("CH", "00762011623852957"),
        items=_items(
            ("Solarmodul 430 W", 24, "212.00"),
            ("Wechselrichter 10 kW", 1, "2380.00"),
            ("Montage pauschal", 1, "3150.00"),
        ),
    ),
    Invoice(
        file="2026-03/Your invoice LB-6602.eml",
        language="en",
        seller=("Larkspur Broadband", "31 Dame Street", "Dublin D02 XY45"),
        buyer=("Fenwick Bakery Ltd", "6 Mill Lane", "Cork T12 AB34"),
        tax_id="IE6388047V",
        number="LB-6602",
        issued=date(2026, 3, 5),
        due=date(2026, 3, 19),
        currency="EUR",
        rate=Decimal(23),
        iban=_iban("IE", "AIBK93115212345678"),
        items=_items(
            ("Fibre 500, March 2026", 1, "54.00"),
            ("Static IP address", 2, "4.50"),
        ),
    ),
    Invoice(
        file="2026-03/scan_0007.png",
        language="de",
        seller=("Gärtnerei Sommer", "Am Anger 8", "99084 Erfurt"),
        buyer=("Kita Regenbogen e.V.", "Lindenallee 22", "99423 Weimar"),
        tax_id="DE274910638",
        number="2026/77",
        issued=date(2026, 3, 9),
        due=date(2026, 3, 23),
        currency="EUR",
        rate=Decimal(7),
        iban=_iban("DE", "820510000130045678"),
        items=_items(
            ("Hochbeet Lärche", 3, "148.00"),
            ("Kräuterset, 12 Töpfe", 6, "31.90"),
        ),
    ),
    Invoice(
        file="2026-03/faktura-8821.pdf",
        language="sv",
        seller=("Norrsken Papper AB", "Fabriksgatan 14", "903 27 Umeå"),
        buyer=("Tryckeri Västan AB", "Hamngatan 60", "411 17 Göteborg"),
        tax_id="SE556891234501",
        number="8821",
        issued=date(2026, 3, 16),
        due=date(2026, 4, 15),
        currency="SEK",
        rate=Decimal(25),
        iban=_iban("SE", "50000000058398257466"),
        items=_items(
            ("Tryckpapper 90 g, pall", 3, "8640.00"),
            ("Kartong 300 g, bunt", 20, "415.50"),
        ),
    ),
)
