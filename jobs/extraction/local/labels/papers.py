"""Numbers, dates and terms of the document itself."""

from __future__ import annotations

__all__ = ["PAPERS"]

PAPERS: dict[str, str] = {
    "invoice_number": """
        invoice number|invoice no|invoice #|invoice id|inv no|inv #|tax invoice no|tax invoice #
        |~invoice|bill number|bill no|bill #|document number|document no|doc no|~document #
        |receipt number
        |receipt no|receipt #|receipt id|credit note number|credit note no|credit memo #
        |credit note #|~number|inv
        |~ref|~credit note|~tax invoice|invoice reference|vat invoice number|statement number
        |~transaction id|~slip no|cash bill no
        |Rechnungsnummer|Rechnungs-Nr.|Rechnung Nr.|Rechnungs Nr|Rechn.-Nr.|Rg.-Nr.|Rg Nr|Re.-Nr.
        |RE-Nr|Rech.-Nr.
        |Rechnung Nummer|~Rechnung|~Gutschrift|~Honorarnote|Belegnummer|Beleg-Nr.|Beleg Nr|Belegnr
        |~Beleg|Bon-Nr.|Bonnummer|Bon Nr|Quittung Nr|Quittungsnummer
        |Gutschriftsnummer|Gutschrift Nr.|Gutschriftnummer|Dokumentnummer|Dokument-Nr.|Kassenbon Nr
        |Abrechnungsnummer|Rechnungskorrektur Nr.|Rechnungskorrektur
        |Korrekturrechnung Nr.|Nr. der Rechnung|Rechnungsnr|Honorarnote Nr|Teilrechnung Nr
        |Schlussrechnung Nr
        |numéro de facture|n° de facture|n° facture|facture n°|facture numéro|facture no|no facture
        |num facture|~facture|~avoir
        |référence facture|réf. facture|n° de reçu|reçu n°|numéro de reçu|ticket n°|n° ticket
        |n° de ticket|avoir n°|n° avoir|numéro d'avoir|numéro de pièce|n° de pièce|facture
        |número de factura|nº de factura|nº factura|factura nº|factura n.º|n.º factura
        |n.º de factura|núm. factura|factura número|num factura|factura núm
        |~factura|~nota de crédito|~factura rectificativa|número de recibo|recibo nº|nº recibo
        |número de ticket|ticket nº|nº ticket|factura simplificada|factura simplificada nº|nº fra
        |fra nº
        |numero fattura|fattura n.|fattura numero|n. fattura|nr. fattura|fattura nr
        |numero della fattura|fattura n|~fattura|~nota di credito|numero documento|n. documento
        |documento n.
        |ricevuta n.|numero ricevuta|scontrino n.|numero scontrino|documento numero
        |documento commerciale n.|n. doc
        |factuurnummer|factuur nr|factuurnr|factuur nummer|nummer factuur|~factuur|~creditnota
        |~creditfactuur|bonnummer|bon nr|bonnr|kassabon nr|creditnota nr|creditnummer|fact. nr
        |factuur no
        |número da fatura|n.º da fatura|nº da fatura|nº fatura|fatura nº|fatura n.º|fatura número
        |número de fatura|~fatura|fatura recibo nº|fatura-recibo|fatura/recibo
        |factura n.º|número do recibo|recibo n.º|nota fiscal nº|nº da nota|número da nota
        |fatura simplificada|fatura simplificada nº|talão nº
        |faktura nr|numer faktury|fakturanummer|fakturanr|faktura č.|faktura VAT nr
        """,
    "order_number": """
        order number|order no|order #|order id|purchase order|purchase order number
        |purchase order no|po number|po no|p.o. number|p.o. no|p.o.
        |po|po #|p.o. #|your order|your order no|sales order|sales order no|customer order|~order
        |~your reference|~your ref|order reference|customer po|order ref|client reference
        |Bestellnummer|Bestell-Nr.|Bestellnr|Bestellung Nr.|~Bestellung|Ihre Bestellung
        |Ihre Bestellnummer|Auftragsnummer|Auftrags-Nr.|Auftragsnr|Auftrag Nr.|~Auftrag
        |~Ihr Zeichen|~Ihre Referenz|Bestellreferenz|Ihr Auftrag|Auftragsbestätigung
        |Bestellnummer Kunde|Kundenreferenz
        |numéro de commande|n° de commande|n° commande|commande n°|bon de commande
        |bon de commande n°|~commande|votre commande|~votre référence|référence commande
        |réf. commande|référence client
        |número de pedido|nº de pedido|nº pedido|pedido nº|n.º pedido|~pedido|orden de compra
        |su pedido|su referencia|núm. pedido|pedido
        |numero ordine|n. ordine|ordine n.|ordine numero|nr. ordine|~ordine|vostro ordine
        |ordine di acquisto|vs. ordine|rif. ordine|vostro riferimento|vs. rif
        |ordernummer|order nr|ordernr|bestelnummer|bestelnr|uw order|uw referentie|inkoopordernummer
        |bestelbon|inkooporder|~bestelling|uw ordernummer
        |número da encomenda|n.º encomenda|nº encomenda|encomenda nº|n.º da encomenda
        |nº da encomenda|~encomenda|sua encomenda|nota de encomenda|nº do pedido|número do pedido
        |vossa referência
        """,
    "customer_number": """
        customer number|customer no|customer #|customer id|client number|client no|client id
        |client #|account number|account no|account #|account id|cust no|cust #|member no|~account
        |member id|your customer number
        |Kundennummer|Kunden-Nr.|Kundennr|Kunden Nr|Kd.-Nr.|Kd-Nr|KdNr|Debitorennummer|Debitoren-Nr.
        |Debitor|Mitgliedsnummer|Ihre Kundennummer|Kunde Nr.|Debitor Nr|Kundenkonto
        |numéro client|n° client|numéro de client|code client|client n°|n° de client|réf. client
        |no client|compte client|identifiant client|votre numéro client|n° de compte client
        |número de cliente|nº cliente|nº de cliente|código cliente|cód. cliente|código de cliente
        |cliente nº|n.º cliente|núm. cliente
        |codice cliente|cod. cliente|numero cliente|n. cliente|cliente n.|codice cli
        |klantnummer|klantnr|klant nr|klantcode|debiteurnummer|debiteurnr|relatienummer|debiteur
        |uw klantnummer|klantid
        |número de cliente|n.º cliente|nº de cliente|código do cliente|cód. cliente|n.º de cliente
        |nº cliente|cliente n.º|código cliente
        """,
    "delivery_note_number": """
        delivery note|delivery note no|delivery note number|packing slip|shipment no|shipment number
        |tracking number|despatch advice|Lieferschein|Lieferscheinnummer|Lieferschein-Nr.
        |Lieferschein Nr.
        |Lieferscheinnr|bon de livraison|bon de livraison n°|n° bl|bl n°|albarán|nº albarán
        |albarán nº|documento di trasporto|ddt|ddt n.|n. ddt|pakbon|pakbonnummer|leveringsbon
        |guia de remessa|guia de transporte
        """,
    "contract_number": """
        contract number|contract no|contract #|contract id|policy number|policy no|subscription id
        |Vertragsnummer|Vertrags-Nr.|Vertragsnr|Vertrag Nr.|Versicherungsschein-Nr.|Policennummer
        |Vertragskonto|Vertragskontonummer
        |n° de contrat|n° contrat|numéro de contrat|contrat n°|número de contrato|nº contrato
        |contrato nº|numero contratto|contratto n.|n. contratto|contractnummer|contract nr
        |polisnummer|n.º contrato|nº do contrato|project number|project no|Projektnummer|Projekt-Nr.
        |n° projet
        """,
    "invoice_date": """
        invoice date|date of invoice|invoice issue date|issue date|date issued|issued|issued on
        |date of issue|bill date|billing date|~date|dated|document date|receipt date
        |tax invoice date|statement date
        |invoiced on|inv date|date of receipt|transaction date|~date & time|~date time|purchase date
        |sale date|credit note date|~issued at|date/tax point|tax point|tax date
        |Rechnungsdatum|Rg.-Datum|Re.-Datum|Rechn.-Datum|~Datum|Belegdatum|Ausstellungsdatum
        |Rechnung vom|Datum der Rechnung|ausgestellt am|~vom|Gutschriftsdatum|Druckdatum
        |Rechnungs-Datum|Kaufdatum|~den|Ausstellungstag
        |date de facture|date facture|date de la facture|date d'émission|date d'emission
        |date de facturation|facture du|~le|~date|émise le|émis le|date du reçu|date d'achat
        |en date du|~du|date d'avoir|date pièce
        |fecha de factura|fecha factura|fecha de emisión|fecha de expedición|fecha emisión|~fecha
        |fecha de la factura|emitida el|fecha expedición|fecha de facturación|fecha doc
        |fecha de compra|fecha del recibo
        |data fattura|data della fattura|data di emissione|data emissione|~data|del|fattura del
        |data documento|emessa il|data doc|~in data|data di fatturazione|data ricevuta
        |factuurdatum|factuur datum|datum factuur|~datum|datum van uitgifte|uitgiftedatum|bondatum
        |aankoopdatum|verkoopdatum|datum/tijd|fact. datum|fact.datum
        |data da fatura|data de emissão|data fatura|data emissão|data da factura|data de factura
        |emitida em|data de emissao|data do documento|data do recibo|data do doc|~emissão
        |data wystawienia|fakturadatum|fakturadato|datum vystavení
        """,
    "due_date": """
        due date|payment due|payment due date|due|due by|due on|date due|pay by|payable by
        |please pay by|to be paid by|payment date|invoice due date|pay before|~due in|payment due by
        |amount due by|maturity date|settlement date|payment is due|payable on|payable before|~by
        |~before|~no later than|~not later than
        |Fälligkeitsdatum|Fälligkeit|fällig am|fällig zum|zahlbar bis|Zahlungsziel|zu zahlen bis
        |Zahlung bis|zahlbar am|fällig|zahlbar bis zum|bis zum|~netto bis|~bis|ohne Abzug bis
        |ohne Abzug bis zum|rein netto bis|zahlbar ohne Abzug bis|spätestens bis zum
        |Fälligkeitstermin|Zahlungstermin|bis spätestens|Zahlbetrag fällig am|Zahlungsfrist
        |überweisen bis|Termin
        |date d'échéance|échéance|date échéance|date limite de paiement|à payer avant le
        |payable avant le|à régler avant le|date de règlement|date de paiement|payable le
        |date limite|échéance le|à payer avant|à payer pour le|échéance du paiement|à régler le
        |prélevé le
        |fecha de vencimiento|vencimiento|fecha vencimiento|fecha límite de pago|vence el|vence
        |pagar antes del|fecha de pago|fecha vto|vto|vencimientos
        |data scadenza|scadenza|data di scadenza|scadenza pagamento|da pagare entro|pagare entro
        |entro il|scad|scadenze|data pagamento|pagamento entro il|scadenza il
        |vervaldatum|vervaldag|betalen voor|uiterste betaaldatum|te betalen voor|betaaldatum
        |uiterlijk|betaal voor|verval datum|te voldoen voor|uiterlijk betalen op|uiterste betaaldag
        |vervalt op
        |data de vencimento|vencimento|data vencimento|pagar até|data limite de pagamento
        |pagamento até|vence em|data limite|data de pagamento|data venc|prazo de pagamento até
        |termin płatności|förfallodatum|forfaldsdato|datum splatnosti
        """,
    "delivery_date": """
        delivery date|date of delivery|delivered on|shipping date|ship date|date shipped|shipped on
        |service date|date of service|date of supply|supply date|delivered|performance date
        |dispatch date|delivery/service date
        |Lieferdatum|Leistungsdatum|Liefertermin|geliefert am|Datum der Lieferung|Versanddatum
        |Datum der Leistung|Leistung vom|Liefer-/Leistungsdatum|Lieferung am|Lieferung vom|Liefertag
        |Lieferdatum/Leistungsdatum|Liefer- und Leistungsdatum|Leistungstag|Tag der Leistung
        |Lieferzeitpunkt
        |date de livraison|livré le|date de prestation|date livraison|date d'expédition|livraison le
        |date de la prestation|livraison du|date de la livraison|date d'exécution|date de vente
        |fecha de entrega|fecha entrega|fecha de servicio|fecha de envío|entregado el
        |fecha de operación|fecha operación|fecha de prestación|fecha de la operación
        |data di consegna|data consegna|data spedizione|data di spedizione|consegna del
        |consegnato il|data della prestazione|data prestazione
        |leverdatum|leveringsdatum|datum levering|geleverd op|datum van levering|verzenddatum
        |bezorgdatum|prestatiedatum
        |data de entrega|data entrega|data do serviço|data de envio|entregue em|data de expedição
        |data da prestação|data de carga
        """,
    "order_date": """
        order date|date of order|ordered on|po date|date ordered|Bestelldatum|Auftragsdatum
        |bestellt am|Bestellung vom|Auftrag vom|date de commande|date commande|commande du
        |fecha de pedido|fecha pedido|fecha del pedido|data ordine|data dell'ordine|ordine del
        |orderdatum|besteldatum|datum order|data da encomenda|data encomenda|data do pedido
        """,
    "print_date": """
        print date|printed|printed on|valid until|birth date|date of birth|Geburtsdatum|Gültig bis
        |gültig ab|valid from|expiry date|exp date|start date|end date|Druckdatum|date d'impression
        |period start|period end|Mandat vom|Mandatsdatum
        |check in|check out|arrival|departure|Anreise|Abreise|opening balance|closing balance
        |Lieferschein vom|generated on|created on|Erstellt am|revision date
        """,
    "service_period": """
        service period|billing period|period|period of service|invoice period|period of performance
        |for the period|subscription period|service dates|usage period|period covered|billing cycle
        |supply period|delivery period|statement period
        |Leistungszeitraum|Abrechnungszeitraum|Zeitraum|Rechnungszeitraum|Liefer-/Leistungszeitraum
        |Lieferzeitraum|Leistungsmonat|Abrechnungsmonat|Berechnungszeitraum|Vertragszeitraum
        |Leistungszeitraum von
        |période|période de facturation|période de prestation|période facturée|période du
        |période de service|période de consommation
        |período|periodo|período de facturación|periodo de facturación|período de servicio
        |periodo facturado|periodo de servicio|período facturado
        |periodo di fatturazione|periodo di riferimento|periodo di competenza|periodo fatturato
        |competenza|periodo di servizio
        |periode|factuurperiode|leveringsperiode|dienstperiode|prestatieperiode|facturatieperiode
        |abonnementsperiode
        |período de faturação|período de prestação|período faturado|período de serviço
        |período de referência|periodo de faturacao
        """,
    "payment_terms": """
        payment terms|terms of payment|terms|payment conditions|~payment
        |terms & conditions of payment|credit terms|payment term|net terms
        |Zahlungsbedingungen|Zahlungsbedingung|Zahlungskonditionen|Konditionen|Zahlungsziel|Zahlung
        |Zahlungshinweis|Zahlbar
        |conditions de paiement|conditions de règlement|modalités de paiement|délai de paiement
        |modalités de règlement|conditions|règlement|condition de paiement
        |condiciones de pago|términos de pago|forma y condiciones de pago|plazo de pago|condiciones
        |condizioni di pagamento|termini di pagamento|condizioni pagamento|pagamento|termini
        |betalingsvoorwaarden|betalingscondities|betalingstermijn|betaaltermijn|betalingsconditie
        |betaalconditie|betaling
        |condições de pagamento|termos de pagamento|prazo de pagamento|condição de pagamento
        |cond. pagamento|condições pagamento
        """,
    "payment_method": """
        payment method|method of payment|paid by|paid with|payment type|tender|tender type|pay by
        |Zahlungsart|Zahlungsweise|Zahlungsmethode|Zahlweise|bezahlt mit|gezahlt mit
        |mode de paiement|moyen de paiement|mode de règlement|moyen de règlement|payé par|réglé par
        |forma de pago|método de pago|medio de pago|modo de pago|pagado con|metodo di pagamento
        |modalità di pagamento|modalità pagamento|tipo pagamento|pagato con|mezzo di pagamento
        |betaalmethode|betaalwijze|betaald met|wijze van betaling|betalingswijze|betaald via
        |forma de pagamento|método de pagamento|meio de pagamento|modo de pagamento|pago com
        """,
    "currency": """
        currency|invoice currency|all amounts in|Währung|Rechnungswährung|alle Beträge in|Beträge in
        |devise|monnaie|montants exprimés en|montants en|moneda|divisa|importes en|valuta|importi in
        |bedragen in|moeda|valores em|currency code
        """,
    "time": """
        time|Uhrzeit|Zeit|heure|hora|ora|tijd|hour
        """,
}
