"""PDFs of the kind ZUGFeRD and Factur-X: the XML in them says what stands in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from benchmarks.extraction.sample import Sample

__all__ = ["samples"]


def samples(folder: Path, part: str = "", looked_at: Path | None = None) -> Iterator[Sample]:
    """All PDFs below a folder that carry an invoice in XML. `part` where all are of one part; else
    they are shared out by their names, so that an invoice that several makers drew is of one.
    Whatever has the number and the total of one of `dev`, here or in `looked_at`, is none of
    `test`."""
    found = list(_samples(folder, part))
    known = [*found, *(_samples(looked_at, "") if looked_at else ())]
    dev = {_key(one) for one in known if one.part == "dev"}
    yield from (one for one in found if one.part == "dev" or _key(one) not in dev)


def _key(sample: Sample) -> tuple[str, str]:
    return str(sample.truth["invoice_number"]), str(sample.truth.get("total"))


def _samples(folder: Path, part: str) -> Iterator[Sample]:
    for file in sorted(folder.rglob("*.pdf")):
        try:
            root = _xml(file)
        except Exception as error:  # noqa: BLE001
            print(f"  left out: {file.name}: {type(error).__name__}")
            continue
        truth = _truth(root) if root is not None else {}
        if truth.get("invoice_number"):
            yield Sample(
                name=str(file.relative_to(folder)),
                file=file,
                schema="invoice",
                truth=truth,
                part=part or _part(file),
                group=folder.name,
            )


def _part(file: Path) -> str:
    family = re.sub(r"[^a-z]", "", file.stem.lower().split("_")[-1]) or file.stem
    return "dev" if hashlib.sha256(family.encode()).digest()[0] % 2 else "test"


def _xml(file: Path) -> Element | None:
    import pypdfium2
    from defusedxml.ElementTree import fromstring

    document = pypdfium2.PdfDocument(file)
    try:
        for index in range(document.count_attachments()):
            attachment = document.get_attachment(index)
            data = bytes(attachment.get_data())
            if b"CrossIndustry" in data:
                return fromstring(data)
    finally:
        document.close()
    return None


def _all(element: Element | None, *path: str) -> list[Element]:
    found = [element] if element is not None else []
    for step in path:
        found = [
            child
            for one in found
            for child in (one.iter() if step == "" else one)
            if step == "" or _name(child) == step
        ]
    return found


def _deep(element: Element | None, name: str) -> Iterator[Element]:
    if element is not None:
        yield from (one for one in element.iter() if _name(one) == name)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: Element | None, *path: str) -> str | None:
    found = _all(element, *path)
    return (found[0].text or "").strip() or None if found else None


def _truth(root: Element) -> dict[str, Any]:
    header = next(
        iter([*_deep(root, "ExchangedDocument"), *_deep(root, "HeaderExchangedDocument")]), None
    )
    agreement = _one(root, "ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement")
    settlement = _one(
        root, "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement"
    )
    sums = _one(
        settlement,
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        "SpecifiedTradeSettlementMonetarySummation",
    )
    seller, buyer = _one(agreement, "SellerTradeParty"), _one(agreement, "BuyerTradeParty")
    truth: dict[str, Any] = {
        "invoice_number": _text(header, "ID"),
        "invoice_date": _date(_text(header, "IssueDateTime", "DateTimeString")),
        "due_date": _date(
            _text(settlement, "SpecifiedTradePaymentTerms", "DueDateDateTime", "DateTimeString")
        ),
        "purchase_order": _text(agreement, "BuyerOrderReferencedDocument", "IssuerAssignedID")
        or _text(agreement, "BuyerOrderReferencedDocument", "ID"),
        "seller_name": _text(seller, "Name"),
        "seller_address": _address(seller),
        "seller_tax_id": _tax(seller),
        "buyer_name": _text(buyer, "Name"),
        "buyer_address": _address(buyer),
        "buyer_tax_id": _tax(buyer),
        "currency": _text(settlement, "InvoiceCurrencyCode"),
        "subtotal": _amount(_text(sums, "TaxBasisTotalAmount")),
        "tax": _amount(_text(sums, "TaxTotalAmount")),
        "total": _amount(_text(sums, "GrandTotalAmount")),
        "tax_rate": _rates(settlement),
        "iban": next((one.text for one in _deep(settlement, "IBANID") if one.text), None),
    }
    items = _items(root)
    if items:
        truth["items"] = items
    return {name: value for name, value in truth.items() if value is not None}


def _one(element: Element | None, *names: str) -> Element | None:
    return next((one for name in names for one in _deep(element, name)), None)


def _date(text: str | None) -> str | None:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if text and len(text) == 8 else None


def _amount(text: str | None) -> float | None:
    return float(text) if text else None


def _address(party: Element | None) -> str | None:
    address = _one(party, "PostalTradeAddress")
    street = [_text(address, line) for line in ("LineOne", "LineTwo", "LineThree")]
    town = " ".join(filter(None, (_text(address, "PostcodeCode"), _text(address, "CityName"))))
    lines = [line for line in (*street, town) if line]
    return "\n".join(lines) if len(lines) > 1 else None


def _tax(party: Element | None) -> list[str] | None:
    """Either number will do: papers often show one of them only."""
    found = [
        one.text for part in _all(party, "SpecifiedTaxRegistration") for one in _all(part, "ID")
    ]
    return [text for text in found if text] or None


def _rates(settlement: Element | None) -> list[float] | None:
    """Any of them: the schema asks for one."""
    found = []
    for tax in _all(settlement, "ApplicableTradeTax"):
        text = _text(tax, "RateApplicablePercent") or _text(tax, "ApplicablePercent")
        if text:
            found.append(float(text))
    return found or None


def _items(root: Element) -> list[dict[str, Any]]:
    items = []
    for line in _deep(root, "IncludedSupplyChainTradeLineItem"):
        quantity = next((one.text for one in _deep(line, "BilledQuantity")), None)
        amount = next((one.text for one in _deep(line, "LineTotalAmount")), None)
        name = _text(line, "SpecifiedTradeProduct", "Name")
        if amount is None:
            continue
        price = _one(line, "NetPriceProductTradePrice")
        items.append(
            {
                "description": name,
                "quantity": _amount(quantity),
                "unit_price": _amount(_text(price, "ChargeAmount")),
                "amount": _amount(amount),
            }
        )
    return [{key: value for key, value in item.items() if value is not None} for item in items]
