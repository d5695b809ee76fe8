"""What invoices say, by language: for each thing the words of `dev`, a bar, and those of `test`."""

# ruff: noqa: E501 - a thing and its words read best in one line
from __future__ import annotations

import random

__all__ = ["LANGUAGES", "Wording", "wording"]

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "INVOICE,Tax Invoice|Invoice,INVOICE", "number": "Invoice No.,Invoice Number|Invoice #,Inv. No.",
        "date": "Invoice Date,Date|Date of issue,Issued on", "due": "Due Date,Payment due|Pay by,Please pay by",
        "order": "Order No.,PO Number|Purchase Order,Your order no.", "seller": "From,Seller|Supplier,Issued by",
        "buyer": "Bill To,Invoice to|Billed to,Customer", "vat": "VAT No.,VAT ID|VAT Reg. No.,VAT number",
        "your_vat": "Customer VAT No.|Your VAT number", "description": "Description,Item|Product,Details",
        "quantity": "Qty,Quantity|Units,Qty.", "price": "Unit Price,Price|Rate,Unit cost",
        "amount": "Amount,Total|Line Total,Sum", "rate": "VAT %|VAT", "net": "Subtotal,Net total|Total excl. VAT,Net amount",
        "tax": "VAT,Tax|Total VAT,VAT amount", "gross": "Total,Grand Total|Total incl. VAT,Invoice total",
        "terms": "Payment within 30 days.|Terms: 14 days net.", "bank": "IBAN|IBAN", "thanks": "Thank you for your business!|We appreciate your order.",
        "receipt": "RECEIPT|SALES RECEIPT", "cash": "Cash,Card|VISA,Paid by card", "items": "Office chair,Consulting,Steel bolts M8,Paper A4 80 g,Web hosting|Garden hose 25 m,Translation work,Coffee beans,Desk lamp LED,Support contract",
    },
    "de": {
        "title": "RECHNUNG,Rechnung|Rechnung,RECHNUNG", "number": "Rechnungsnummer,Rechnung Nr.|Rechnungs-Nr.,Belegnummer",
        "date": "Rechnungsdatum,Datum|Ausstellungsdatum,Belegdatum", "due": "Fällig am,Zahlbar bis|Fälligkeitsdatum,Zahlungsziel",
        "order": "Bestellnummer,Bestell-Nr.|Auftragsnummer,Ihre Bestellung", "seller": "Verkäufer,Lieferant|Rechnungssteller,Leistungserbringer",
        "buyer": "Rechnungsempfänger,Kunde|Käufer,Rechnung an", "vat": "USt-IdNr.,USt-ID|Umsatzsteuer-ID,USt.-Id.Nr.",
        "your_vat": "Ihre USt-IdNr.|USt-IdNr. Kunde", "description": "Bezeichnung,Beschreibung|Artikel,Leistung",
        "quantity": "Menge,Anzahl|Stück,Anz.", "price": "Einzelpreis,E-Preis|Preis,Preis/Einheit",
        "amount": "Gesamtpreis,Betrag|Gesamt,Summe", "rate": "MwSt %|USt", "net": "Nettobetrag,Zwischensumme|Summe netto,Warenwert",
        "tax": "MwSt,Umsatzsteuer|zzgl. USt,Mehrwertsteuer", "gross": "Gesamtbetrag,Rechnungsbetrag|Bruttobetrag,Endbetrag",
        "terms": "Zahlbar ohne Abzug.|Bitte überweisen Sie den Betrag auf unser Konto.", "bank": "IBAN|IBAN", "thanks": "Vielen Dank für Ihren Auftrag!|Wir danken für Ihr Vertrauen.",
        "receipt": "Kassenbon|QUITTUNG", "cash": "Bar,EC-Karte|Girocard,Kartenzahlung", "items": "Bürostuhl,Beratung,Schrauben M8,Papier A4 80 g,Webhosting|Gartenschlauch 25 m,Übersetzung,Kaffeebohnen,Schreibtischlampe,Wartungsvertrag",
    },
    "fr": {
        "title": "FACTURE,Facture|Facture,FACTURE", "number": "Facture N°,Numéro de facture|N° de facture,Facture n°",
        "date": "Date de facture,Date|Date d'émission,Date de facturation", "due": "Date d'échéance,Échéance|À payer avant le,Date limite de paiement",
        "order": "N° de commande,Commande n°|Bon de commande,Référence commande", "seller": "Vendeur,Émetteur|Fournisseur,Prestataire",
        "buyer": "Facturé à,Client|Adresse de facturation,Destinataire", "vat": "N° TVA,TVA intracommunautaire|N° de TVA,Numéro de TVA",
        "your_vat": "N° TVA client|Votre n° TVA", "description": "Désignation,Description|Libellé,Article",
        "quantity": "Quantité,Qté|Nombre,Qté", "price": "Prix unitaire,P.U. HT|PU HT,Prix unitaire HT",
        "amount": "Montant,Total HT|Montant HT,Prix total", "rate": "TVA %|TVA", "net": "Total HT,Sous-total|Montant HT,Total hors taxes",
        "tax": "TVA,Montant TVA|Total TVA,T.V.A.", "gross": "Total TTC,Montant total|Montant TTC,Total toutes taxes comprises",
        "terms": "Paiement à 30 jours.|Paiement à réception de facture.", "bank": "IBAN|IBAN", "thanks": "Merci de votre confiance !|Merci pour votre achat.",
        "receipt": "TICKET|REÇU", "cash": "Espèces,CB|Carte bancaire,Espèces", "items": "Chaise de bureau,Conseil,Boulons M8,Papier A4 80 g,Hébergement web|Tuyau d'arrosage 25 m,Traduction,Café en grains,Lampe de bureau,Contrat de maintenance",
    },
    "es": {
        "title": "FACTURA,Factura|Factura,FACTURA", "number": "Factura Nº,Número de factura|N.º de factura,Factura n.º",
        "date": "Fecha de factura,Fecha|Fecha de emisión,Fecha de expedición", "due": "Vencimiento,Fecha de vencimiento|Fecha límite de pago,Vence el",
        "order": "Nº pedido,Número de pedido|Su pedido,Orden de compra", "seller": "Emisor,Vendedor|Proveedor,Datos del emisor",
        "buyer": "Cliente,Facturar a|Datos del cliente,Destinatario", "vat": "NIF,CIF|NIF/CIF,NIF",
        "your_vat": "NIF cliente|CIF cliente", "description": "Descripción,Concepto|Artículo,Producto",
        "quantity": "Cantidad,Cant.|Uds.,Unidades", "price": "Precio unitario,Precio|Precio unidad,P. unitario",
        "amount": "Importe,Total|Importe total,Subtotal", "rate": "IVA %|IVA", "net": "Base imponible,Subtotal|Total neto,Importe neto",
        "tax": "IVA,Cuota IVA|Importe IVA,Total IVA", "gross": "Total,Total factura|Importe total,Total a pagar",
        "terms": "Pago a 30 días.|Pago mediante transferencia.", "bank": "IBAN|IBAN", "thanks": "Gracias por su confianza|Gracias por su compra",
        "receipt": "TICKET|RECIBO", "cash": "Efectivo,Tarjeta|Tarjeta,Entregado", "items": "Silla de oficina,Consultoría,Tornillos M8,Papel A4 80 g,Alojamiento web|Manguera 25 m,Traducción,Café en grano,Lámpara de mesa,Contrato de soporte",
    },
    "it": {
        "title": "FATTURA,Fattura|Fattura,FATTURA", "number": "Fattura n.,Numero fattura|N. fattura,Fattura numero",
        "date": "Data fattura,Data|Data di emissione,Data documento", "due": "Scadenza,Data scadenza|Da pagare entro,Scadenza pagamento",
        "order": "Numero ordine,Ordine n.|Vostro ordine,N. ordine", "seller": "Fornitore,Cedente|Venditore,Emittente",
        "buyer": "Cliente,Destinatario|Fatturare a,Spett.le", "vat": "P. IVA,Partita IVA|Partita IVA,P.IVA",
        "your_vat": "P. IVA cliente|Partita IVA cliente", "description": "Descrizione,Articolo|Prodotto,Servizio",
        "quantity": "Quantità,Q.tà|Qta,Pezzi", "price": "Prezzo unitario,Prezzo|Prezzo unit.,Costo unitario",
        "amount": "Importo,Totale|Prezzo totale,Totale riga", "rate": "IVA %|Aliquota", "net": "Imponibile,Totale imponibile|Totale netto,Subtotale",
        "tax": "IVA,Imposta|Importo IVA,Totale IVA", "gross": "Totale,Totale fattura|Totale documento,Importo totale",
        "terms": "Pagamento a 30 giorni.|Bonifico bancario.", "bank": "IBAN|IBAN", "thanks": "Grazie per la fiducia|Grazie e arrivederci",
        "receipt": "SCONTRINO|RICEVUTA", "cash": "Contanti,Bancomat|Carta,Contante", "items": "Sedia ufficio,Consulenza,Bulloni M8,Carta A4 80 g,Hosting web|Tubo da giardino 25 m,Traduzione,Caffè in grani,Lampada da tavolo,Contratto assistenza",
    },
    "nl": {
        "title": "FACTUUR,Factuur|Factuur,FACTUUR", "number": "Factuurnummer,Factuurnr.|Factuur nr.,Nummer",
        "date": "Factuurdatum,Datum|Datum factuur,Datum", "due": "Vervaldatum,Te betalen voor|Uiterste betaaldatum,Betalen voor",
        "order": "Ordernummer,Bestelnummer|Uw referentie,Ordernr.", "seller": "Verkoper,Leverancier|Afzender,Bedrijf",
        "buyer": "Klant,Factuur aan|Factuuradres,Afnemer", "vat": "BTW-nummer,BTW nr.|Btw-id,BTW nummer",
        "your_vat": "Uw BTW-nummer|BTW-nummer klant", "description": "Omschrijving,Artikel|Product,Dienst",
        "quantity": "Aantal,Hoeveelheid|Stuks,Aant.", "price": "Prijs,Stukprijs|Eenheidsprijs,Prijs per stuk",
        "amount": "Bedrag,Totaal|Totaalprijs,Regeltotaal", "rate": "BTW %|BTW", "net": "Subtotaal,Totaal excl. btw|Netto bedrag,Totaal exclusief btw",
        "tax": "BTW,Btw-bedrag|Totaal btw,BTW bedrag", "gross": "Totaal,Totaal incl. btw|Te betalen,Totaalbedrag",
        "terms": "Betaling binnen 30 dagen.|Graag overmaken op onze rekening.", "bank": "IBAN|IBAN", "thanks": "Bedankt voor uw bestelling|Dank voor uw vertrouwen",
        "receipt": "KASSABON|BON", "cash": "Contant,PIN|Pin,Betaald", "items": "Bureaustoel,Advies,Bouten M8,Papier A4 80 g,Webhosting|Tuinslang 25 m,Vertaling,Koffiebonen,Bureaulamp,Onderhoudscontract",
    },
    "pt": {
        "title": "FATURA,Fatura|Fatura,FATURA", "number": "Fatura n.º,Número da fatura|N.º da fatura,Fatura nº",
        "date": "Data da fatura,Data|Data de emissão,Data de emissão", "due": "Data de vencimento,Vencimento|Pagar até,Data limite de pagamento",
        "order": "N.º encomenda,Encomenda nº|Número da encomenda,Nota de encomenda", "seller": "Vendedor,Emitente|Fornecedor,Prestador",
        "buyer": "Cliente,Faturar a|Exmo.(s) Sr.(s),Destinatário", "vat": "NIF,Contribuinte|NIF,N.º contribuinte",
        "your_vat": "NIF do cliente|Contribuinte do cliente", "description": "Descrição,Artigo|Designação,Produto",
        "quantity": "Quantidade,Qtd.|Qtd,Unidades", "price": "Preço unitário,Preço|Preço unit.,Valor unitário",
        "amount": "Total,Valor|Montante,Preço total", "rate": "IVA %|Taxa", "net": "Subtotal,Total sem IVA|Total líquido,Incidência",
        "tax": "IVA,Valor do IVA|Total IVA,Montante IVA", "gross": "Total,Total com IVA|Total a pagar,Valor total",
        "terms": "Pagamento a 30 dias.|Pagamento por transferência.", "bank": "IBAN|IBAN", "thanks": "Obrigado pela preferência|Obrigado pela sua visita",
        "receipt": "RECIBO|TALÃO", "cash": "Numerário,Multibanco|Cartão,Dinheiro", "items": "Cadeira de escritório,Consultoria,Parafusos M8,Papel A4 80 g,Alojamento web|Mangueira 25 m,Tradução,Café em grão,Candeeiro de mesa,Contrato de apoio",
    },
}  # fmt: skip


class Wording:
    """The words of one document."""

    def __init__(self, language: str, part: str, rng: random.Random) -> None:
        self._chosen: dict[str, str] = {}
        self._all = WORDS[language]
        self._side = 0 if part == "dev" else 1
        self._rng = rng

    def __getitem__(self, name: str) -> str:
        """The same each time it is asked."""
        if name not in self._chosen:
            self._chosen[name] = self._rng.choice(self.choices(name))
        return self._chosen[name]

    def choices(self, name: str) -> list[str]:
        return self._all[name].split("|")[self._side].split(",")


def wording(language: str, part: str, rng: random.Random) -> Wording:
    return Wording(language, part, rng)
