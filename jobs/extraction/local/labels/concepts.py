"""The kinds of the concepts, and names of fields that mean one."""

from __future__ import annotations

from jobs.extraction.schema import Kind

__all__ = ["ALIASES", "KINDS"]

KINDS: dict[str, Kind] = {
    "invoice_number": Kind.ID, "order_number": Kind.ID, "customer_number": Kind.ID,
    "delivery_note_number": Kind.ID, "contract_number": Kind.ID, "registration_number": Kind.ID,
    "tax_number": Kind.ID, "vat_id": Kind.ID, "seller_vat_id": Kind.ID, "buyer_vat_id": Kind.ID,
    "iban": Kind.ID, "bic": Kind.ID,
    "invoice_date": Kind.DATE, "due_date": Kind.DATE, "delivery_date": Kind.DATE,
    "order_date": Kind.DATE, "print_date": Kind.DATE, "service_period": Kind.TEXT,
    "net": Kind.MONEY, "tax": Kind.MONEY, "gross": Kind.MONEY, "due": Kind.MONEY,
    "paid": Kind.MONEY, "shipping": Kind.MONEY, "discount": Kind.MONEY, "tip": Kind.MONEY,
    "tax_rate": Kind.PERCENT, "currency": Kind.TEXT, "payment_terms": Kind.TEXT,
    "payment_method": Kind.TEXT, "seller": Kind.TEXT, "buyer": Kind.TEXT, "contact": Kind.TEXT,
    "bank": Kind.TEXT, "time": Kind.TEXT, "address": Kind.ADDRESS, "ship_to": Kind.ADDRESS,
    "phone": Kind.PHONE, "fax": Kind.PHONE, "email": Kind.EMAIL, "website": Kind.URL,
}  # fmt: skip

# Names that say more than one of the phrases: the words of a field's name, without order's help.
ALIASES: dict[str, str] = {
    "number": "invoice_number", "invoice": "invoice_number", "document_number": "invoice_number",
    "receipt_number": "invoice_number", "id": "invoice_number",
    "date": "invoice_date", "receipt_date": "invoice_date", "transaction_date": "invoice_date",
    "service_date": "delivery_date", "purchase_date": "invoice_date",
    "service_period_start": "service_start", "period_start": "service_start",
    "service_start": "service_start", "service_from": "service_start",
    "billing_period_start": "service_start", "start_of_service": "service_start",
    "service_period_end": "service_end", "period_end": "service_end",
    "service_end": "service_end", "service_to": "service_end", "billing_period_end": "service_end",
    "seller": "seller", "seller_name": "seller", "vendor_name": "seller", "supplier_name": "seller",
    "merchant": "seller", "merchant_name": "seller", "company": "seller", "store": "seller",
    "store_name": "seller", "issuer": "seller", "vendor": "seller", "supplier": "seller",
    "buyer": "buyer", "buyer_name": "buyer", "customer_name": "buyer", "customer": "buyer",
    "client": "buyer", "client_name": "buyer", "recipient": "buyer",
    "seller_address": "seller_address", "vendor_address": "seller_address",
    "supplier_address": "seller_address", "merchant_address": "seller_address",
    "store_address": "seller_address", "company_address": "seller_address",
    "address": "seller_address", "issuer_address": "seller_address",
    "buyer_address": "buyer_address", "customer_address": "buyer_address",
    "billing_address": "buyer_address", "client_address": "buyer_address",
    "delivery_address": "ship_to", "shipping_address": "ship_to",
    "vat_id": "seller_vat_id", "vat_number": "seller_vat_id", "seller_vat_number": "seller_vat_id",
    "seller_vat_id": "seller_vat_id", "supplier_vat_id": "seller_vat_id",
    "vendor_vat_id": "seller_vat_id", "supplier_vat_number": "seller_vat_id",
    "seller_vat": "seller_vat_id", "vendor_vat": "seller_vat_id", "vendor_vat_number": "seller_vat_id",
    "merchant_vat_id": "seller_vat_id", "tax_id": "seller_tax_id",
    "buyer_vat_id": "buyer_vat_id", "customer_vat_id": "buyer_vat_id",
    "buyer_vat_number": "buyer_vat_id", "customer_vat_number": "buyer_vat_id",
    "buyer_vat": "buyer_vat_id", "seller_tax_number": "tax_number", "tax_number": "tax_number",
    "net": "net", "net_total": "net", "subtotal": "net", "total_net": "net", "net_amount": "net",
    "amount_net": "net", "tax": "tax", "vat": "tax", "total_tax": "tax", "tax_total": "tax",
    "tax_amount": "tax", "vat_amount": "tax", "vat_total": "tax",
    "gross": "gross", "total": "gross", "total_gross": "gross", "gross_total": "gross",
    "total_amount": "gross", "amount": "gross", "grand_total": "gross", "gross_amount": "gross",
    "amount_gross": "gross", "amount_due": "due", "total_due": "due", "balance_due": "due",
    "amount_paid": "paid", "tax_rates": "tax_rate", "vat_rate": "tax_rate",
    "tax_rate": "tax_rate", "payment_due": "due_date",
    "email": "email", "seller_email": "email", "phone": "phone", "seller_phone": "phone",
    "website": "website", "url": "website", "seller_website": "website",
    "seller_tax_id": "seller_tax_id", "merchant_tax_id": "seller_tax_id",
    "supplier_tax_id": "seller_tax_id", "vendor_tax_id": "seller_tax_id",
    "buyer_tax_id": "buyer_vat_id", "customer_tax_id": "buyer_vat_id",
    "merchant_phone": "phone", "vendor_phone": "phone", "supplier_phone": "phone",
    "merchant_email": "email", "vendor_email": "email", "supplier_email": "email",
    "po_number": "order_number", "purchase_order": "order_number",
    "purchase_order_number": "order_number", "seller_iban": "iban", "seller_bic": "bic",
    "swift": "bic", "period": "service_period", "billing_period": "service_period",
}  # fmt: skip
