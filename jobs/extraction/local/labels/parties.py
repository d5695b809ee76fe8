"""Who sells and who buys, how they are reached, taxed and paid."""

from __future__ import annotations

__all__ = ["PARTIES"]

PARTIES: dict[str, str] = {
    "seller": """
        seller|vendor|supplier|from|bill from|billed from|issued by|merchant|sold by|invoice from
        |service provider|provider|company name|company|store|shop|payee|remit to|vendor name
        |supplier name|seller name|merchant name|store name|billed by|beneficiary
        |make cheques payable to|issuer
        |Verkäufer|Lieferant|Rechnungssteller|Rechnungsersteller|Aussteller|Absender
        |Leistungserbringer|Auftragnehmer|Rechnungsaussteller|leistender Unternehmer|Firma
        |Unternehmen|Verkäufer Name|Kontoinhaber|Zahlungsempfänger|Händler
        |Lieferant/Leistungserbringer|Inhaber
        |vendeur|fournisseur|émetteur|prestataire|émis par|expéditeur|société|vendu par
        |émetteur de la facture|raison sociale|titulaire du compte|bénéficiaire
        |vendedor|proveedor|emisor|expedidor|emitido por|empresa|razón social|datos del emisor
        |datos de la empresa|prestador|vendido por|titular
        |venditore|fornitore|cedente|cedente/prestatore|mittente|emittente|emesso da|prestatore
        |azienda|ragione sociale|ditta|intestatario|beneficiario
        |verkoper|leverancier|afzender|van|bedrijf|opdrachtnemer|leverancier/verkoper|bedrijfsnaam
        |ten name van|t.n.v.|verkocht door
        |vendedor|fornecedor|emitente|prestador de serviços|emitido por|empresa|prestador|emissor
        |nome do fornecedor|dados do emitente
        |sprzedawca|säljare|sælger|dodavatel
        """,
    "buyer": """
        buyer|customer|client|bill to|billed to|invoice to|invoiced to|sold to|customer name
        |client name|to|billing address|bill-to|purchaser|recipient|issued to|invoice for
        |bill to address|buyer name|invoice address|attn|customer details|customer information
        |account name|prepared for|invoice recipient|for
        |Käufer|Käufer/Leistungsempfänger|Kunde|Rechnungsempfänger|Empfänger|Auftraggeber
        |Rechnungsadresse|Rechnungsanschrift|Rechnung an|Leistungsempfänger|An|Besteller|Kundenname
        |Käufer Name|Herrn|Frau|Kundenanschrift|Kundenadresse
        |acheteur|client|facturé à|facture à|adresse de facturation|destinataire|nom du client
        |adressé à|facturer à|à l'attention de|adresse facturation|facturation|coordonnées du client
        |comprador|cliente|facturar a|facturado a|destinatario|dirección de facturación
        |datos del cliente|nombre del cliente|datos de facturación|receptor|cliente final
        |a la atención de
        |acquirente|cliente|cessionario|cessionario/committente|destinatario|committente
        |intestatario fattura|spett.le|spettabile|fatturare a|fatturato a|indirizzo di fatturazione
        |dati cliente|intestato a
        |koper|klant|factuur aan|aan|factuuradres|gefactureerd aan|opdrachtgever|afnemer
        |klantgegevens|ter attentie van|t.a.v.|naam klant|facturatieadres|debiteur naam
        |gegevens klant
        |comprador|cliente|faturar a|faturado a|destinatário|exmo. sr.|exmo.(s) sr.(s)
        |exmos. senhores|morada de faturação|adquirente|dados do cliente|nome do cliente
        |faturado para|sacado|exmo(a) senhor(a)
        |nabywca|köpare|køber|odběratel
        """,
    "ship_to": """
        ship to|shipping address|delivery address|deliver to|shipped to|ship-to|service address
        |site address|Lieferadresse|Lieferanschrift|Lieferung an|Warenempfänger|Lieferort
        |Leistungsort|abweichende Lieferanschrift|adresse de livraison|livré à|livrer à
        |lieu de livraison|dirección de entrega|dirección de envío|enviar a|lugar de entrega
        |indirizzo di consegna|destinazione|luogo di consegna|indirizzo di spedizione
        |destinazione merce|afleveradres|bezorgadres|leveringsadres|verzendadres|morada de entrega
        |local de entrega|local de descarga|entregar a|morada de envio
        """,
    "contact": """
        contact|contact person|your contact|sales person|salesperson|salesman|cashier|served by
        |sales rep|operator|Ansprechpartner|Ihr Ansprechpartner|Bearbeiter|Sachbearbeiter|Kassierer
        |Es bediente Sie|Kassierer/in|interlocuteur|votre contact|vendeur/se|contacto
        |persona de contacto|atendido por|comercial|contatto|referente|operatore|contactpersoon
        |uw contactpersoon|medewerker|caixa|operador|contato|Bediener|Ihre Ansprechpartnerin
        |Unser Zeichen|our reference|our ref|notre référence|nuestra referencia|notre réf
        |nostro riferimento|ns. rif|onze referentie|Geschäftsführer|managing director|suivi par
        """,
    "address": """
        address|Adresse|Anschrift|dirección|indirizzo|adres|morada|endereço|domicilio|sede legale
        |siège social|street address|domicilio fiscal|sede|postal address
        """,
    "seller_vat_id": """
        our vat no|our vat number|our vat id|seller vat|seller vat id|supplier vat|vendor vat
        |supplier vat no|Unsere USt-IdNr.|unsere Ust-ID|notre n° TVA|seller vat number
        |supplier vat number|vendor vat id
        """,
    "buyer_vat_id": """
        customer vat|customer vat number|customer vat no|customer vat id|your vat no|your vat number
        |your vat id|client vat|buyer vat|buyer vat id|customer's vat|customer tax id
        |buyer vat number|vat no customer|recipient vat id
        |Ihre USt-IdNr.|Ihre USt-ID|Ihre Umsatzsteuer-ID|Ust-IdNr. Kunde|USt-IdNr. des Kunden
        |Kunden-USt-IdNr.|Ihre UID|USt-IdNr. Käufer|USt-ID Kunde|Ihre Ust-Id|USt-ID Kunde
        |Ihre Umsatzsteuer-Identifikationsnummer|Ihre USt.-ID-Nr.|Ihre UID-Nr.|Ihre USt-Ident-Nr.
        |Ihre USt.-IdentNr.|USt-IdNr. des Leistungsempfängers
        |n° TVA client|TVA client|n° TVA intracommunautaire client|votre n° TVA|n° de TVA client
        |votre n° de TVA|numéro TVA client|TVA intracommunautaire client|N° TVA intra client
        |votre numéro de TVA intracommunautaire
        |NIF cliente|CIF cliente|NIF del cliente|CIF del cliente|NIF/CIF cliente|DNI cliente
        |NIF IVA cliente
        |partita IVA cliente|p. IVA cliente|P.IVA cliente|vostra partita IVA|vs. partita IVA
        |btw-nummer klant|uw btw-nummer|btw nummer klant|btw nr klant|uw btw nummer|btw-nr klant
        |uw btw-nr
        |NIF do cliente|contribuinte do cliente|V/ contribuinte|vosso contribuinte|NIF cliente
        |V/ NIF|V/ nº contribuinte|contribuinte cliente
        """,
    "vat_id": """
        vat id|vat number|vat no|vat reg no|vat registration|vat registration number
        |vat registration no|vat reg|vat #|vat reg. number|vat id no|vat id number
        |vat identification number|vat code|~vat|tax id vat|vat registered|gst no|gst reg no|gst id
        |gst id no|gst registration no|gst reg|abn|gst number|gstin
        |USt-IdNr.|USt-ID|USt-Id-Nr.|Umsatzsteuer-ID|Umsatzsteuer-Identifikationsnummer|USt.-IdNr.
        |UStID|UID|UID-Nr.|Ust-ID-Nr|USt.ID|USt-ID-Nummer|UStIdNr|UID-Nummer|UID Nr|MwSt-Nr.|MWST-Nr
        |Umsatzsteuer-Id-Nr.|Umsatzsteueridentifikationsnummer|Umsatzsteuer-ID-Nr
        |Umsatzsteuer Identnummer|Umsatzsteuer-IdNr.|Umsatzsteueridentnummer|USt-Ident-Nr.
        |Umsatzsteuer-Ident-Nr.|USt.-IdentNr.|USt.-Identnr.|ATU-Nr|MWSt-ID
        |numéro de TVA|n° TVA|n° de TVA|TVA intracommunautaire|n° TVA intracommunautaire|numéro TVA
        |identifiant TVA|n° TVA intracom|TVA intra|id TVA|n° de TVA intracommunautaire
        |numéro de TVA intracommunautaire|n° tva intra|TVA n°|TVA intracom|n° identification TVA
        |code TVA
        |NIF IVA|NIF-IVA|CIF/NIF|NIF/CIF|número de IVA|nº IVA|N.I.F. intracomunitario
        |IVA intracomunitario|VAT/NIF|NIF intracomunitario
        |partita IVA|P. IVA|P.IVA|part. IVA|p.i.|P.I.|codice IVA|p.iva/cf
        |partita iva e codice fiscale|p. iva / c.f.|c.f. e p. iva|cod. fisc. e p. iva|C.F./P.IVA
        |p. iva/c.f.
        |btw-nummer|btw nr|btw nummer|btw-nr|btw-id|btw id|btw identificatienummer|btwnr
        |btw-identificatienummer|ob nummer|btw no
        |NIF|NIPC|contribuinte|n.º contribuinte|nº contribuinte|número de contribuinte|N.I.F.
        |contribuinte nº|nº de contribuinte|contrib. nº|n.º de contribuinte|NIF/NIPC
        |NIP|momsnummer|CVR|DIČ|CIF|C.I.F.
        """,
    "tax_number": """
        tax number|tax no|tax id|tax id number|tin|ein|tax identification number|federal tax id
        |tax ref|tax registration number|fiscal code|fiscal number|utr|tax id no
        |Steuernummer|Steuer-Nr.|St.-Nr.|StNr|St.Nr.|Steuer Nr|Steuernr|St-Nr
        |Steuernummer des Unternehmens
        |numéro fiscal|identifiant fiscal|número fiscal|N.I.F.|NIF fiscal|código fiscal
        |codice fiscale|C.F.|cod. fisc|cod. fiscale|fiscaal nummer|RSIN|DNI
        """,
    "registration_number": """
        company number|company no|company registration|company reg no|registration number
        |registration no|registered number|reg no|co reg no|company reg|roc no|co. no
        |company registration number|business number|registered in england no|co. reg. no|co reg
        |Handelsregister|HRB|HRA|Handelsregisternummer|Registernummer|Amtsgericht|Firmenbuchnummer
        |FN|Registergericht|Firmenbuch|HR-Nr|Handelsregister-Nr
        |SIRET|SIREN|RCS|n° SIRET|numéro SIRET|n° SIREN|n° RCS|NAF|code APE|SIRET n°|code NAF
        |registro mercantil|REA|n. REA|codice destinatario|codice SDI|KvK|KvK-nummer|kvk nr
        |KvK nummer|kamer van koophandel|handelsregister nr|conservatória|capital social|matrícula
        |GLN|creditor id|Gläubiger-ID|Gläubiger-Identifikationsnummer|mandate reference
        |Mandatsreferenz|ICS|RUM
        """,
    "iban": """
        iban|iban code|iban no|bank account|bank account no|account iban|IBAN-Nr|Bankverbindung
        |Kontoverbindung|Konto|Bankkonto|compte bancaire|coordonnées bancaires|cuenta
        |cuenta bancaria|nº cuenta|c/c|conto corrente|coordinate bancarie|bankrekening
        |rekeningnummer|bankrekeningnummer|conta|NIB|número de cuenta|rekening|rekeningnr|bank rek
        |domiciliation bancaire|conta bancária|código iban|codice iban|coordonnées iban
        """,
    "bic": """
        bic|swift|bic/swift|swift/bic|swift code|bic code|BIC (SWIFT)|BIC-Code|code BIC|código BIC
        |codice BIC|swift-code|swift bic|bic swift
        """,
    "bank": """
        bank|bank name|name of bank|Kreditinstitut|Bankname|Geldinstitut|banque|nom de la banque
        |banco
        |banca|naam bank|entidad bancaria|istituto bancario
        """,
    "account": """
        account number|account no|account #|Kontonummer|Konto-Nr.|Kto.-Nr.|numéro de compte
        |n° de compte|número de cuenta|numero di conto|rekeningnummer|sort code|Bankleitzahl|BLZ
        |routing number|account holder
        """,
    "phone": """
        phone|telephone|tel|tel.|phone number|phone no|telephone no|telephone number|mobile|cell
        |call us|hotline|Telefon|Tel.-Nr.|Telefonnummer|Fon|Mobil|Rufnummer|Telefon-Nr|Handy
        |téléphone|tél|portable|n° de téléphone|teléfono|tlf|tfno|móvil|telefono|cellulare|cell.
        |telefoon|telefoonnummer|mobiel|telefone|telemóvel|telem|contact no|tel no|T
        """,
    "fax": "fax|telefax|Fax-Nr.|Faxnummer|télécopie|fax no|faxnr|téléfax|F",
    "email": """
        email|e-mail|mail|e-mail address|email address|E-Mail-Adresse|courriel|adresse e-mail|correo
        |correo electrónico|posta elettronica|e-mailadres|correio eletrónico|PEC|Mailadresse
        |adresse mail
        """,
    "website": """
        website|web|web site|url|internet|homepage|Webseite|site web|site internet|sitio web
        |página web|sito web|sito|webstek|site|página|Web-Adresse
        """,
}
