"""Lines of postal addresses: streets, and towns with their codes."""

from __future__ import annotations

import re

from jobs.extraction.local.text import plain

__all__ = ["FORMS", "is_country", "is_street", "is_town", "legal_form"]

POSTCODE = re.compile(
    r"^(?:[A-Z]{1,3}(?:\s?-\s?|\s))?(?:\d{4,5}|\d{4}\s?[A-Z]{2}|\d{4}-\d{3}|\d{3}\s\d{2}|\d{2}-\d{3})[,\s]\s?[^\W\d_]"
    r"|(?:^|[\s,])(?:[A-Z]{2},?\s\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})(?:$|[\s,])"
    r"|[^\W\d_][,.]?\s(?:\d{5}|\d{6})(?:$|[\s,.(])"
    r"|(?:^|[\s,])\d{4,5}\s[A-Z][^\W\d_]{2,}"
    r"|^\d{4}\s?[A-Z]{2}\s[^\W\d_]"
)
STREET_WORDS = re.compile(
    r"(?:str|strasse|weg|platz|allee|gasse|ring|damm|ufer|chaussee|straat|laan|plein|gracht|kade|hof|"
    r"steig|markt|dijk|singel)(?:\b|\.)"
    r"|\b(?:street|st|road|rd|"
    r"avenue|ave|av|lane|ln|drive|dr|boulevard|blvd|bd|way|court|place|square|close|parkway|suite|"
    r"floor|rue|chemin|impasse|quai|route|cours|allee|calle|c/|avda|avenida|plaza|paseo|ronda|carrer|"
    r"camino|carretera|via|viale|piazza|corso|vicolo|largo|strada|"
    r"rua|travessa|praca|estrada|jalan|jln|taman|p\.?\s?o\.?\s?box|postfach|unit|"
    r"ul|ulica|aleja)(?:\b|\.)"
    r"|^(?:no|lot)\.?\s?\d"
)
FORMS = re.compile(
    r"(?<![\w.])(?:GmbH|gGmbH|AG|KG|OHG|GbR|UG|e\.\s?K\.?|e\.\s?V\.?|SE|mbH|Ltd|Limited|LLC|LLP|PLC|plc|Inc|"
    r"Corp|Corporation|Incorporated|Company|Co|Pty|SARL|S\.?\s?A\.?\s?R\.?\s?L\.?|SAS|SASU|EURL|S\.?A\.?S\.?|S\.?A\.?|"
    r"S\.?L\.?U?\.?|S\.?r\.?l\.?s?|S\.?R\.?L\.?|S\.?p\.?A\.?|S\.?P\.?A\.?|S\.?n\.?c\.?|B\.?V\.?|N\.?V\.?|V\.?O\.?F\.?|Lda\.?|"
    r"LDA|Unipessoal|ApS|A/S|AB|AS|Oy|Oyj|Sp\.\s?z\s?o\.?\s?o\.?|s\.r\.o\.|Kft|SDN|BHD|Bhd|Sdn|GROUP|ENTERPRISE|"
    r"TRADING|RESTAURANT|HOLDINGS|STORE|Verein|Stiftung)(?![\w])"
)


def is_street(line: str) -> bool:
    """A number and a word that streets are called by, or a box."""
    if not any(character.isdigit() for character in line) or len(line) > 80:
        return False
    return bool(STREET_WORDS.search(plain(line)))


def is_town(line: str) -> bool:
    """A postcode with a name beside it."""
    return len(line) <= 80 and bool(POSTCODE.search(line))


def is_country(line: str) -> bool:
    """The name of a country, alone on its line."""
    bare = plain(line).strip(" .,")
    return 3 < len(bare) < 30 and not any(mark.isdigit() for mark in bare) and bare in _countries()


def legal_form(line: str) -> bool:
    """Whether it names a company, as GmbH and Ltd do."""
    return len(line) <= 100 and bool(FORMS.search(line))


def _countries() -> frozenset[str]:
    return COUNTRIES


# In the languages of the lexicon; those that send most of Europe's and America's invoices.
COUNTRIES = frozenset(
    plain(name)
    for name in [
        "Deutschland",
        "Germany",
        "Allemagne",
        "Alemania",
        "Germania",
        "Duitsland",
        "Alemanha",
        "Österreich",
        "Austria",
        "Autriche",
        "Oostenrijk",
        "Áustria",
        "Schweiz",
        "Switzerland",
        "Suisse",
        "Suiza",
        "Svizzera",
        "Zwitserland",
        "Suíça",
        "France",
        "Frankreich",
        "Francia",
        "Frankrijk",
        "França",
        "España",
        "Spain",
        "Spanien",
        "Espagne",
        "Spagna",
        "Spanje",
        "Espanha",
        "Italia",
        "Italy",
        "Italien",
        "Italie",
        "Itália",
        "Nederland",
        "Netherlands",
        "The Netherlands",
        "Niederlande",
        "Pays-Bas",
        "Países Bajos",
        "Paesi Bassi",
        "Países Baixos",
        "Portugal",
        "Portogallo",
        "Belgium",
        "België",
        "Belgique",
        "Belgien",
        "Luxembourg",
        "Luxemburg",
        "United Kingdom",
        "England",
        "Scotland",
        "Great Britain",
        "UK",
        "GB",
        "Ireland",
        "Irland",
        "USA",
        "United States",
        "United States of America",
        "Canada",
        "Australia",
        "Malaysia",
        "Singapore",
        "India",
        "Brasil",
        "Brazil",
        "México",
        "Mexico",
        "Polska",
        "Poland",
        "Polen",
        "Danmark",
        "Denmark",
        "Sverige",
        "Sweden",
        "Norge",
        "Norway",
        "Suomi",
        "Finland",
    ]
)
