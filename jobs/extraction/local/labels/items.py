"""What stands above the columns of line items."""

from __future__ import annotations

__all__ = ["ITEMS"]

ITEMS: dict[str, str] = {
    "item.description": """
        description|item|items|item description|product|service|details|particulars|name|article
        |description of goods|product description|product name|item name|goods|services|designation
        |product/service|description of services|activity|task|work|charge description|charge
        |item & description|title|line item|goods/services|description of goods/services
        |item details|type
        |Bezeichnung|Beschreibung|Artikel|Leistung|Artikelbezeichnung|Text|Produkt
        |Position Bezeichnung|Ware|Leistungsbeschreibung|Produktbezeichnung|Artikelbeschreibung
        |Warenbezeichnung|Positionsbezeichnung|Bezeichnung der Leistung|Name|Artikelname|Produktname
        |Tätigkeit|Dienstleistung|Artikel/Leistung|Beschreibung der Leistung|Leistungsart|Titel
        |Artikeltext|Artikel-Bezeichnung
        |désignation|libellé|description|article|produit|prestation|désignation des produits
        |désignation des articles|service|intitulé|nom du produit|prestations|désignation produit
        |désignation de l'article|objet|détail|nature
        |descripción|concepto|artículo|producto|detalle|servicio|descripción del producto|conceptos
        |denominación|descripción del artículo|articulo
        |descrizione|articolo|prodotto|servizio|oggetto|descrizione articolo|dettaglio|prestazione
        |descrizione prodotto/servizio|descrizione dei beni|descrizione beni/servizi
        |natura e qualità|descrizione prodotti|prodotti
        |omschrijving|artikel|product|dienst|beschrijving|omschrijving artikel|artikelomschrijving
        |productomschrijving|productnaam|werkzaamheden|omschrijving werkzaamheden|specificatie
        |descrição|artigo|produto|serviço|designação|descrição do artigo|descrição do produto
        |descritivo|denominação
        |nazwa|nazwa towaru|benämning|beskrivelse|popis
        """,
    "item.quantity": """
        quantity|qty|qty.|units|amount of units|hours|hrs|pcs|no. of units|count|q'ty|quantities
        |quant|days|qnty|qty/hrs|hours/qty|nights|qty shipped|billed qty
        |Menge|Anzahl|Stück|Stk|Stk.|Stückzahl|Std|Stunden|Anz.|Anz|Einheiten|Liefermenge
        |berechnete Menge|Tage|Menge/Einheit
        |quantité|qté|qte|nombre|nb|qtés|heures|quant.|nb heures|qté facturée|jours|qtité
        |cantidad|cant|cant.|uds|unidades|ctd|horas|cdad|uds.|unid|cant
        |quantità|q.tà|qta|q.ta|qtà|pezzi|pz|ore|quant|numero pezzi|q.tà.|qt
        |aantal|hoeveelheid|stuks|uren|aant|aant.|aantal uur
        |quantidade|qtd|qtd.|qtde|quant|unidades|horas|qt.|qte
        |ilość|antal|množství
        """,
    "item.unit": """
        unit|uom|unit of measure|u/m|measure|um|unit type|Einheit|ME|Mengeneinheit|Einh.|Einh
        |Einh./ME|unité|u.|unité de mesure|unidad|ud|ud.|u.m.|unità|unità di misura|u.m|unità mis
        |eenheid|eenh|eenh.|unidade|un|un.|unid.|j.m.|enhet
        """,
    "item.unit_price": """
        unit price|price|rate|price per unit|unit cost|price each|each|cost|net price|price/unit
        |price (net)|unit net price|unit price (net)|hourly rate|rate/hr|unit price excl. vat
        |item price|rate per hour|list price|cost per unit|u. price|u.price|price per item|unit rate
        |unit value|price ea|unit price (rm)|net unit price|unit price net
        |Einzelpreis|Preis|E-Preis|Stückpreis|EP|Preis/Einheit|Einzelpreis netto|Preis pro Einheit
        |Einzel|Einzelpreis (netto)|Preis je Einheit|Stundensatz|Nettopreis|Netto-Einzelpreis|Ansatz
        |Preis/Stk|Einzelpr.|E.-Preis|EP netto|Einzelpreis in EUR|Einzelpreis EUR|Preis/Stück|Satz
        |Einh.-Preis|Einheitspreis|Preis netto|Einzelpreis €|VK-Preis|Bruttopreis|Listenpreis
        |Einzelnettopreis|Netto Einzelpreis
        |prix unitaire|P.U.|PU|prix unitaire HT|PU HT|prix|prix unit.|P.U. HT|prix unit. HT|prix HT
        |tarif|P.U. H.T.|prix unitaire H.T.|taux horaire|prix/unité|montant unitaire
        |prix unitaire (HT)|p.u. net|PUHT|prix net
        |precio unitario|precio|precio ud.|precio unidad|P. unitario|P.U.|precio/ud|precio unit.
        |importe unitario|tarifa|precio/unidad|precio unit|pvp|precio uni
        |prezzo unitario|prezzo|prezzo unit.|P. unitario|costo unitario|prezzo cad.|pr. unitario
        |prezzo un.|prezzo netto|prezzo u.|prezzo unitario netto|importo unitario|p.unit.|pr. unit
        |prijs|stukprijs|eenheidsprijs|prijs per stuk|prijs per eenheid|tarief|p/st|prijs excl. btw
        |stukprijs excl. btw|uurtarief|prijs/eenheid|netto prijs|prijs p/st|prijs excl|per stuk
        |preço unitário|preço|preço unit.|P. unit.|valor unitário|p. unitário|pr. unitário|preço un.
        |p.unit.|pr.unit|preço uni.|preço/un
        |cena|cena netto|à-pris|stykpris|enhetspris|cena jedn
        """,
    "item.amount": """
        amount|total|line total|total price|sum|net amount|line amount|total amount|extended price
        |subtotal|value|ext. price|net|total excl. vat|amount excl. vat|net total|line net total
        |total (net)|total net|price total|ext. amount|net value|amount (net)|total cost|total (rm)
        |amount (rm)|amount rm|amt|total rm|total excl. tax|nett amount|extended amount
        |net line amount
        |Gesamtpreis|Entgelt|Betrag|Gesamt|Summe|GP|G-Preis|Gesamtpreis netto|Gesamtbetrag|Netto
        |Positionsbetrag|Nettobetrag|Gesamt netto|Wert|Summe netto|Gesamtpreis (netto)
        |Gesamt (netto)|Betrag netto|Preis gesamt|Zeilensumme|Positionssumme|Warenwert|Gesamtpr.
        |G.-Preis|Gesamtpreis EUR|Betrag EUR|Betrag in EUR|Gesamtpreis in EUR|Gesamt EUR|Betrag €
        |Gesamtnetto|Netto-Betrag|Summe EUR|Netto Gesamt|Nettosumme|Positionsnetto|Total|Total EUR
        |Gesamt €|Gesamtpreis €|Umsatz|GP netto|Netto-Gesamtpreis|Endpreis|Netto Gesamtpreis
        |montant|total HT|montant HT|prix HT|total|prix total|montant total|total ligne|montant net
        |prix total HT|montant H.T.|total H.T.|montant net HT|valeur|total net|total net HT
        |montant (HT)|total ligne HT|TTC|montant TTC|total TTC
        |importe|total|total línea|importe total|importe neto|subtotal|neto|total neto|importe (€)
        |importe €|base imponible|total €|suma
        |importo|totale|totale riga|prezzo totale|imponibile|valore|importo netto|tot.|totale netto
        |importo totale|totale imponibile|prezzo tot.|tot. riga|totale €|importo €
        |bedrag|totaal|totaalprijs|regeltotaal|totaalbedrag|bedrag excl. btw|totaal excl. btw
        |netto bedrag|subtotaal|nettobedrag|totaal excl|bedrag €|totaal €|prijs totaal
        |total|valor|montante|valor total|preço total|total líquido|valor líquido|importância
        |total ilíquido|total linha|líquido|total s/ iva|subtotal
        |wartość|wartość netto|belopp|beløb|celkem
        """,
    "item.tax_rate": """
        vat|vat %|tax|tax rate|vat rate|tax %|vat%|gst|gst %|tax code|vat code|% vat|sales tax|tax %
        |gst rate|MwSt|MwSt.|USt|USt.|MwSt %|USt %|Steuer|Steuersatz|MwSt-Satz|USt-Satz|St.-Satz
        |Steuer %|MwSt. %|% MwSt|% USt|Umsatzsteuer|Ust.-Satz|Steuer-Code|St|TVA|taux TVA|TVA %
        |% TVA|taux|T.V.A.|taux de TVA|IVA|IVA %|% IVA|tipo IVA|tipo|aliquota|al. IVA|aliq. IVA
        |I.V.A.|aliq.|cod. IVA|% IVA|btw|btw %|btw-tarief|btw%|% btw|btw tarief|btw-percentage
        |taxa IVA|taxa|moms|VAT %|DPH
        """,
    "item.position": """
        pos|pos.|position|#|no|no.|line|item no|line no|s.no|sr. no|sl no|sl. no|ln|item #|row|s/n
        |seq|sno|Pos.-Nr.|lfd. Nr.|Nr|Posten|n°|ligne|línea|linea|nº|riga|regel|linha|num|lp|nr. crt
        |lfd.nr|Posnr|Pos.Nr
        """,
    "item.sku": """
        sku|item code|product code|article no|article number|part number|part no|code|item number
        |product id|product no|hsn|hsn/sac|sac|model|article code|part #|product #|catalog no
        |stock code|ref|reference|item id|seller item id|gtin|ean|barcode
        |Artikelnummer|Artikel-Nr.|Art.-Nr.|Artikelnr|Art.Nr.|Art-Nr|Best.-Nr.|Produktnummer
        |Artikel Nr.|Material|Materialnummer|Art.-Nummer|Produkt-Nr|EAN|GTIN|Bestell-Nr.
        |référence|réf.|réf|code article|code produit|réf. article|code|n° article|référence produit
        |referencia|ref.|código|cód.|cod.|cód. artículo|código artículo|codice|codice articolo
        |cod. art.|cod. articolo|cod. prodotto|artikelnummer|artikelnr|art.nr|artikelcode|artnr
        |productcode|art. nr|código|referência|cód. artigo|código do artigo|ref.ª
        """,
    "item.discount": """
        discount|disc|disc.|disc %|discount %|Rabatt|Rabatt %|Rab.|remise|rem.|% remise|rem %
        |remise %|descuento|dto|dto.|% dto|% dto.|sconto|sc.|% sc.|sconto %|sc %|korting|korting %
        |desconto|desc.|desc|% desc|desc %|desc. %|Nachlass
        """,
    "item.tax": """
        vat amount|tax amount|gst amount|MwSt-Betrag|USt-Betrag|Steuerbetrag|montant TVA|cuota
        |cuota IVA|importe IVA|importo IVA|imposta|btw-bedrag|btw bedrag|valor IVA|kwota VAT
        """,
    "item.gross": """
        gross|gross amount|total incl. vat|amount incl. vat|total incl. tax|total inc. vat
        |gross total|brutto|Bruttobetrag|Gesamt brutto|Gesamtpreis brutto|Gesamt inkl. MwSt
        |Betrag brutto|total con IVA|totale ivato|totaal incl. btw|bedrag incl. btw|total com IVA
        |wartość brutto|total IVA incl
        """,
    "item.date": """
        date|service date|Datum|Leistungsdatum|Lieferdatum|fecha|data|jour|Tag|date de prestation
        """,
}
