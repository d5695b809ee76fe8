"""What a made-up invoice is about."""

# ruff: noqa: E501 - lists of names read best in one line
from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.extraction.made.identifiers import iban, vat_id
from benchmarks.extraction.made.wordings import Wording

__all__ = ["Facts", "Item", "Party", "facts_of"]

COUNTRIES = {"en": "GB", "de": "DE", "fr": "FR", "es": "ES", "it": "IT", "nl": "NL", "pt": "PT"}
RATES = {"GB": 20, "DE": 19, "FR": 20, "ES": 21, "IT": 22, "NL": 21, "PT": 23, "US": 8}
PLACES = {
    "GB": ("Ltd,Limited,PLC", "12 High Street,4 Station Road,7 Mill Lane,220 King's Avenue", "London SW1A 1AA,Leeds LS1 4AP,Bristol BS1 5TR"),
    "US": ("Inc,LLC,Corp", "120 Main Street,77 Oak Avenue,9 Elm Drive", "Springfield, IL 62701;Austin, TX 78701;Portland, OR 97201"),
    "DE": ("GmbH,AG,GmbH & Co. KG,e.K.", "Hauptstraße 12,Lindenweg 4,Am Markt 7,Goethestr. 22a", "10115 Berlin,80331 München,20095 Hamburg,50667 Köln"),
    "FR": ("SARL,SAS,S.A.", "12 rue de la Paix,4 avenue Foch,7 place du Marché", "75001 Paris,69002 Lyon,33000 Bordeaux"),
    "ES": ("S.L.,S.A.,SLU", "Calle Mayor 12,Avda. de América 4,Plaza Nueva 7", "28013 Madrid,08002 Barcelona,41001 Sevilla"),
    "IT": ("S.r.l.,S.p.A.,snc", "Via Roma 12,Corso Italia 4,Piazza Dante 7", "20121 Milano,00184 Roma,10121 Torino"),
    "NL": ("B.V.,N.V.,VOF", "Hoofdstraat 12,Kerklaan 4,Marktplein 7", "1012 AB Amsterdam,3011 CD Rotterdam,3511 EF Utrecht"),
    "PT": ("Lda,S.A.,Unipessoal Lda", "Rua Augusta 12,Avenida da Liberdade 4,Travessa Nova 7", "1100-053 Lisboa,4000-322 Porto,3000-150 Coimbra"),
}  # fmt: skip
NAMES = {
    "dev": ("Alpha,Bergmann,Castor,Delta,Norden,Rivoli,Solaris,Tramont", "Logistik,Studio,Trading,Technik,Services,Media,Print,Bau"),
    "test": ("Quadra,Velasco,Ostermann,Pinewood,Lumière,Zentric,Farrell,Monteiro", "Partners,Systems,Foods,Design,Energie,Export,Labs,Atelier"),
}  # fmt: skip
PEOPLE = [
    "Anna Keller",
    "John Harper",
    "Marie Dubois",
    "Luis Romero",
    "Paolo Conti",
    "Eva de Vries",
    "Rui Santos",
]


@dataclass(frozen=True)
class Party:
    """One side."""

    name: str
    street: str
    town: str
    tax_id: str


@dataclass(frozen=True)
class Item:
    """One line."""

    description: str
    quantity: Decimal
    price: Decimal

    @property
    def amount(self) -> Decimal:
        return (self.quantity * self.price).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Facts:
    """All of it."""

    language: str
    country: str
    currency: str
    number: str
    order: str | None
    date: date
    due: date | None
    seller: Party
    buyer: Party
    items: tuple[Item, ...]
    rate: int
    iban: str | None

    @property
    def net(self) -> Decimal:
        return sum((item.amount for item in self.items), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return (self.net * self.rate / 100).quantize(Decimal("0.01"))

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax


def facts_of(language: str, part: str, words: Wording, rng: random.Random) -> Facts:
    """Anything that may be."""
    country = COUNTRIES[language]
    if language == "en" and rng.random() < 0.4:
        country = "US"
    currency = {"GB": "GBP", "US": "USD"}.get(country, "EUR")
    issued = date(2019, 1, 1) + timedelta(days=rng.randrange(2600))
    return Facts(
        language=language,
        country=country,
        currency=currency,
        number=_number(issued, rng),
        order=f"{rng.choice(['PO-', 'B', '45'])}{rng.randrange(10000, 99999)}"
        if rng.random() < 0.5
        else None,
        date=issued,
        due=issued + timedelta(days=rng.choice([7, 14, 30, 45])) if rng.random() < 0.8 else None,
        seller=_party(country, part, rng, company=True),
        buyer=_party(country, part, rng, company=rng.random() < 0.7),
        items=tuple(_items(words, rng)),
        rate=RATES[country],
        iban=iban(country, rng) if country != "US" and rng.random() < 0.8 else None,
    )


def _number(issued: date, rng: random.Random) -> str:
    serial = rng.randrange(1, 9999)
    forms = (
        "{s:05d}",
        "{y}-{s:04d}",
        "RE-{y}/{s:03d}",
        "INV{s:06d}",
        "{y}{m:02d}{s:03d}",
        "A-{s}",
        "F{y}.{s}",
    )
    return rng.choice(forms).format(s=serial, y=issued.year, m=issued.month)


def _party(country: str, part: str, rng: random.Random, *, company: bool) -> Party:
    forms, streets, towns = PLACES[country]
    first, second = (rng.choice(side.split(",")) for side in NAMES[part])
    name = f"{first} {second} {rng.choice(forms.split(','))}" if company else rng.choice(PEOPLE)
    town = rng.choice(towns.split(";" if ";" in towns else ","))
    return Party(name, rng.choice(streets.split(",")), town, vat_id(country, rng))


def _items(words: Wording, rng: random.Random) -> list[Item]:
    names = words.choices("items")
    count = rng.choice([1, 2, 3, 3, 4, 5])
    return [
        Item(
            name,
            Decimal(rng.choice([1, 1, 2, 3, 5, 10, 12])),
            Decimal(rng.randrange(150, 95000)) / 100,
        )
        for name in rng.sample(names, count)
    ]
