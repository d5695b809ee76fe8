"""Sums: net, tax, gross, and what is added, taken off and paid."""

from __future__ import annotations

__all__ = ["AMOUNTS"]

AMOUNTS: dict[str, str] = {
    "net": """
        net|total sales excluding gst|total sales (excluding gst)|total sales excl gst|net total
        |net amount|subtotal|sub total|sub-total|subtotal excl. tax|total net|net value
        |total excl vat|total excl. vat|total excluding vat|total excluding tax|total ex vat
        |total before tax|amount before tax|net sum|total w/o tax
        |subtotal excl. vat|subtotal without vat|taxable amount|amount excl. vat
        |amount excluding vat|sum excl. vat|total (excl. vat)|total (excl. tax)
        |total exclusive of tax|goods total|items total|total net amount|invoice subtotal
        |taxable value|total without vat|total excl. gst|total excluding gst|total (excluding gst)
        |total untaxed|untaxed amount|total before gst|net price|nett|nett total|vat base|tax basis
        |tax base
        |Total exkl. MwSt|Total exkl. MWST|Betrag exkl. MWST|Total ohne MWST|Total netto
        |Nettobetrag|Netto|Netto-Betrag|Nettosumme|Summe netto|Gesamt netto|Gesamtbetrag netto
        |Summe Netto|Zwischensumme|Zwischensumme netto|Zwischensumme (netto)|Warenwert
        |Warenwert netto|Nettowert|Gesamtnetto|Gesamtsumme netto|Betrag netto|Rechnungsbetrag netto
        |Netto gesamt|Nettowarenwert|Summe (netto)|Nettogesamtbetrag|Gesamtnettobetrag|Netto Summe
        |Summe ohne MwSt|Rechnungssumme ohne USt|Gesamtbetrag ohne USt|Rechnungsbetrag ohne USt
        |Total ohne MwSt|Steuerbasisbetrag|Gesamt (netto)|Positionssumme|Summe Positionen
        |Gesamtpreis netto|Nettorechnungsbetrag|Gesamtbetrag ohne MwSt|Rechnungssumme netto
        |Steuerbasis|Bemessungsgrundlage|Nettoentgelt|Entgelt|Gesamt Netto|Total netto|Basisbetrag
        |Warennettowert
        |total HT|total hors taxes|montant HT|total H.T.|sous-total|sous-total HT|montant total HT
        |total net HT|net HT|base HT|total hors taxe|montant hors taxes|total HTVA|montant net
        |sous total|sous total HT|total hors TVA|montant HTVA|base imposable|montant H.T.
        |total général HT|prix total HT|base H.T.
        |base imponible|total base imponible|importe neto|total neto|base|subtotal|sub total
        |total sin IVA|importe sin IVA|suma neta|total sin impuestos|total bruto sin IVA|neto
        |total base|importe base|suma base imponible
        |imponibile|totale imponibile|totale netto|importo netto|subtotale|totale merce|netto merce
        |totale senza IVA|totale imponibili|imponibile totale|tot. imponibile|totale IVA esclusa
        |totale (IVA esclusa)|merce netta|totale prestazioni
        |subtotaal|totaal excl. btw|totaal exclusief btw|bedrag excl. btw|netto bedrag|nettobedrag
        |totaal netto|excl. btw|exclusief btw|totaal ex btw|totaal excl|netto totaal
        |subtotaal excl. btw|totaalbedrag excl. btw|btw grondslag|grondslag|maatstaf
        |totaal (excl. btw)|bedrag exclusief btw|totaalbedrag exclusief btw
        |subtotal|total sem IVA|valor líquido|total líquido|incidência|base tributável|valor sem IVA
        |total ilíquido|base de incidência|total mercadoria|soma|líquido|valor tributável
        |mercadoria/serviços|total s/ IVA|matéria coletável
        """,
    "tax": """
        tax|vat|total included gst|included gst|gst included|vat amount|tax amount|total tax
        |total vat|sales tax|gst|gst amount|vat total
        |tax total|value added tax|plus vat|hst|pst|vat due|total gst|tax due|add vat
        |total tax amount|total vat amount|vat @|gst @|sst|service tax|~tax rate
        |MwSt|MwSt.|Mehrwertsteuer|USt|USt.|Umsatzsteuer|MwSt-Betrag|MwSt.-Betrag|Steuerbetrag
        |Umsatzsteuerbetrag|zzgl. MwSt|zzgl. USt|zzgl. Umsatzsteuer|zzgl. Mehrwertsteuer
        |enthaltene MwSt|inkl. MwSt|davon MwSt|darin enthaltene MwSt|Gesamtbetrag MwSt|Summe MwSt
        |Steuer|+ MwSt|zuzüglich MwSt|Summe USt|enth. MwSt|MWST Betrag|zuzüglich Umsatzsteuer
        |Summe Umsatzsteuer|Steuergesamtbetrag|USt-Betrag|Betrag USt|Versicherungssteuer
        |Umsatzsteuer gesamt|gesetzl. MwSt|enthaltene Umsatzsteuer|inkl. USt|Steuersumme|Gesamt MwSt
        |Mehrwertsteuerbetrag|Summe Steuern|darin MwSt|gesamt USt
        |TVA|montant TVA|total TVA|T.V.A.|montant de la TVA|dont TVA|taxe|total taxes|montant T.V.A.
        |taxes|montant total TVA|TVA à|TVA collectée|montant taxe|total de la TVA
        |montant total de la TVA
        |IVA|I.V.A.|cuota IVA|importe IVA|total IVA|cuota|IVA repercutido|impuestos|impuesto
        |cuota de IVA|total cuota IVA|IGIC|total impuestos|importe de IVA
        |importo IVA|totale IVA|imposta|IVA totale|totale imposta|di cui IVA|ammontare IVA
        |imposta IVA|tot. IVA|totale imposte
        |btw|btw-bedrag|btw bedrag|totaal btw|btw totaal|omzetbelasting|waarvan btw|bedrag btw
        |totaal btw bedrag|btw hoog|btw laag
        |total IVA|valor IVA|valor do IVA|montante IVA|imposto|total do IVA|IVA incluído
        |total de IVA|total imposto|total impostos
        |podatek VAT|kwota VAT|moms|moms beløb|momsbelopp|DPH
        """,
    "gross": """
        total|grand total|total amount|invoice total|amount total|gross|gross total|gross amount
        |total gross|total incl. vat|total including vat|total inc vat|total incl. tax
        |total including tax|total incl. gst|total inc gst|amount incl. vat|total (incl. vat)
        |order total|total (incl. tax)|total price|total sales|total payable incl. vat
        |nett total payable
        |total inclusive|total sum|final total|invoice amount|bill total|total charge|total charges
        |total cost|total value|total invoice amount|total usd|total eur|total gbp
        |total amount payable|total rm|total (rm)|total sales (inclusive of gst)
        |total sales (inclusive gst)|total inclusive of gst|total inclusive gst|total amount (rm)
        |total amt|total amt rm|total with tax|total including gst|rounded total|rounded total (rm)
        |total rounded|net total rounded|total after rounding|~sales total|total due (gst incl.)
        |total incl gst@6%|total sales incl gst|total invoice value
        |Gesamtbetrag|Rechnungsbetrag|Bruttobetrag|Brutto|Gesamtsumme|Summe|Gesamt|Endbetrag
        |Summe brutto|Gesamt brutto|Gesamtbetrag brutto|Rechnungssumme|Endsumme|Total|Bruttosumme
        |Gesamtbetrag inkl. MwSt|Rechnungsendbetrag|Gesamtsumme brutto|Betrag brutto|Brutto-Betrag
        |Rechnungsbetrag brutto|Gesamtpreis|Summe inkl. MwSt|Bruttogesamtbetrag|Gesamtbruttobetrag
        |Gesamtbetrag inkl. USt|Gesamt inkl. MwSt|Summe EUR|~Betrag|Total EUR|Summe (brutto)
        |Gesamt (brutto)|Gesamtbetrag (brutto)|Gesamtrechnungsbetrag|Gesamtbetrag mit MwSt
        |Rechnungsbetrag inkl. MwSt|Rechnungsgesamtbetrag|Rechnungssumme brutto
        |Bruttorechnungsbetrag|Summe Brutto|Total inkl. MwSt|Total CHF
        |total TTC|montant TTC|total T.T.C.|montant total|montant total TTC
        |total toutes taxes comprises|total général|net TTC|montant de la facture|total TVAC
        |montant TVAC|total facture|montant T.T.C.|total à payer TTC|total général TTC
        |prix total TTC|TTC
        |importe total|total factura|total con IVA|total a pagar IVA incluido|total general
        |importe total factura|total IVA incluido|total importe|total (IVA incluido)
        |total con impuestos|total euros|~importe|total impuestos incluidos|total documento
        |totale|totale fattura|totale documento|importo totale|totale complessivo|totale generale
        |totale IVA inclusa|totale (IVA inclusa)|totale lordo|importo totale documento
        |tot. documento|tot. fattura|~importo|totale euro|totale ivato|totale con IVA
        |totaal|totaalbedrag|totaal incl. btw|totaal inclusief btw|factuurbedrag|totaal bedrag
        |bedrag incl. btw|eindtotaal|totaal incl|incl. btw|bruto|totaal factuur
        |totaalbedrag incl. btw|totaal (incl. btw)|factuurtotaal|totaalbedrag inclusief btw
        |bedrag inclusief btw|~bedrag|totaal eur
        |total da fatura|total com IVA|valor total|total geral|total documento|montante total
        |total c/ IVA|total do documento|valor da fatura|total fatura|total a pagar com IVA
        |total ilíquido com IVA|~valor
        |razem|do zapłaty|suma|att betala|i alt|totalt|celkem
        """,
    "due": """
        amount due|~due|~pay|balance due|total due|amount payable|total payable|balance|please pay
        |to pay
        |amount to pay|outstanding|outstanding balance|payable|payable amount|due amount|amount owed
        |balance to pay|amount outstanding|total amount due|total to pay|due now|pay this amount
        |net payable|net payable amount|total balance due
        |zu zahlen|zu zahlender Betrag|Zahlbetrag|offener Betrag|fälliger Betrag|Restbetrag|zahlbar
        |Zu zahlen|noch zu zahlen|Überweisungsbetrag|Zahlungsbetrag|zu überweisen
        |zu überweisender Betrag|Fälliger Gesamtbetrag|Zahlsumme|zu zahlender Gesamtbetrag
        |zu bezahlen|Lastschriftbetrag|zu zahlende Summe|Ihr Zahlbetrag|Auszahlungsbetrag
        |verbleibender Betrag
        |net à payer|total à payer|montant à payer|reste à payer|à payer|montant dû|solde à payer
        |reste dû|somme à payer|net à payer TTC|solde dû|total dû|montant dû TTC|net a payer EUR
        |solde|montant prélevé
        |total a pagar|importe a pagar|a pagar|pendiente|saldo pendiente|líquido a pagar
        |importe a abonar|importe pendiente|total a abonar
        |totale da pagare|da pagare|netto a pagare|importo da pagare|totale dovuto|saldo
        |importo dovuto|tot. da pagare|a pagare
        |te betalen|totaal te betalen|te betalen bedrag|openstaand bedrag|te voldoen|nog te betalen
        |totaal te voldoen|te betalen totaal|saldo te betalen|openstaand
        |total a pagar|valor a pagar|a pagar|montante a pagar|total a liquidar|saldo em dívida
        |importância a pagar|valor em dívida|total pagar
        """,
    "paid": """
        paid|amount paid|payment received|payments|cash|change|change due|cash tendered|tendered
        |visa|mastercard|card|credit card|debit card|deposit|prepaid|prepayment|less payments
        |advance|amount tendered|cash received|received|amount received|credit|eftpos|amex|rounding
        |rounding adj|rounding adjustment|round adj|deposit paid|less deposit|already paid
        |bezahlt|gegeben|Rückgeld|Anzahlung|bar|Bargeld|EC-Karte|Kartenzahlung|bereits gezahlt
        |gezahlt|Girocard|zurück|geleistete Zahlungen|abzüglich Anzahlung|Vorauszahlung|Rundung
        |erhalten|Kreditkarte|EC-Cash|bereits bezahlt|Rundungsbetrag|Vorauszahlungen|Skontobetrag
        |Barzahlung
        |payé|acompte|espèces|rendu|monnaie rendue|carte bancaire|déjà payé|réglé|montant réglé
        |acompte versé|carte bleue|CB|montant payé|acomptes|rendu monnaie|arrondi|chèque
        |pagado|anticipo|efectivo|cambio|tarjeta|entregado|importe pagado|entrega a cuenta|a cuenta
        |redondeo
        |pagato|acconto|contanti|resto|carta|contante|bancomat|importo pagato|pagamento contante
        |pagamento elettronico|arrotondamento|di cui pagato
        |betaald|aanbetaling|contant|wisselgeld|pin|reeds betaald|voldaan|afronding|retour
        |reeds voldaan|terug
        |pago|adiantamento|numerário|troco|multibanco|cartão|valor pago|entregue|dinheiro
        |arredondamento
        """,
    "shipping": """
        shipping|shipping cost|shipping costs|shipping fee|delivery|delivery fee|delivery charge
        |freight|postage|shipping & handling|handling|carriage|delivery cost|handling fee
        |shipping and handling
        |Versand|Versandkosten|Frachtkosten|Fracht|Porto|Lieferkosten|Versand und Verpackung
        |Versandkostenpauschale|Porto und Verpackung|Verpackung
        |frais de port|frais de livraison|port|transport|livraison|frais d'expédition|expédition
        |gastos de envío|envío|portes|transporte|spese di spedizione|spedizione|trasporto
        |spese di trasporto|spese trasporto|verzendkosten|bezorgkosten|verzending|vrachtkosten
        |portes de envio|envio|custos de envio
        """,
    "discount": """
        discount|less discount|total discount|rebate|discounts|disc|promo|savings|coupon|voucher
        |total savings|allowance|allowances|trade discount|Rabatt|Nachlass|Skonto|abzgl. Rabatt
        |Gutschein|Rabatte|Preisnachlass|Abschlag|Abschläge|Zuschlag|Zuschläge|Summe Rabatte
        |remise|rabais|escompte|réduction|ristourne|total remise|remises|descuento|dto|dcto
        |descuentos|dto. pp|sconto|sconti|abbuono|totale sconti|korting|kortingen|kassakorting
        |desconto|descontos|~desc|abatimento
        """,
    "withheld": """
        withholding tax|less withholding tax|tax withheld|wht|Quellensteuer|Abzugsteuer|Steuerabzug
        |Bauabzugsteuer|retenue à la source|retención|retención IRPF|retenciones|IRPF
        |ritenuta|ritenuta d'acconto|ritenute|retenção|retenção na fonte|retenção IRS|IRS
        """,
    "tip": """
        tip|gratuity|service charge|Trinkgeld|pourboire|propina|mancia|fooi|gorjeta|svc charge
        |service chg|suggested tip|coperto
        """,
    "tax_rate": """
        vat rate|tax rate|vat %|tax %|rate of vat|rate of tax|gst rate|Steuersatz|MwSt-Satz
        |MwSt.-Satz|MwSt %|USt-Satz|USt %|Umsatzsteuersatz|Mehrwertsteuersatz|% MwSt|Steuer %
        |taux TVA|taux de TVA|taux|% TVA|TVA %|tipo IVA|tipo de IVA|% IVA|tipo impositivo|IVA %
        |aliquota|aliquota IVA|aliq. IVA|aliq|btw %|btw-tarief|btw tarief|btw-percentage|% btw
        |btw percentage|taxa IVA|taxa de IVA|taxa
        """,
}
