"""What a question asks about: its words without those that every text has."""

from __future__ import annotations

import re

__all__ = ["STOP", "terms_of", "words_of"]

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_STOP = """
affect affects after back become becomes between cause causes come comes compare compared comparison
concern depend depends differ drive drives explain get gets go goes help hold holds impact
influence main make makes matter matters mean means need needs play role take takes use used want
work works during each every given happen happens likely over overall since under until up down
out using versus vs whether while within without yet also because before both but either however
just like other others per rather same still through too very well a about all an and any are as at
be been being by can could did do does doing for from had has have how i if in into is it its may me
more most much many must my no not of on one or our should so some such than that the their them
then there these they this those to was we were what when where which who whom whose why will with
would you your tell say says said give list describe find show document documents source sources
aber als am auch auf aus bei bin bis das dass dem den der des die dies diese dieser durch ein eine
einem einen einer eines er es für gibt haben hat hatte ich ihr im ist ja kann kein keine man mit
nach nicht noch nur ob oder sein seine sich sie sind um und uns unter vom von vor war waren wann
wer wenn werden wie wieviel viel viele wird wo worden wurde wurden zu zum zur über welche welcher
welches au aux avec ce ces cette dans de du elle en est et eu il ils je la le les leur lui mais
même ne nous ou où par pas pour qu quand que quel quelle quelles quels qui sa sans se ses son sont
sur un une vous à été être combien comment al como con cual cuales cuando cuanto cuantos del donde
el ella esta este ha hay las lo los más o para pero por porque quien sin sobre su sus una y qué
cuál cuándo cuánto dónde quién cómo report reports bericht berichte quellen dokument dokumente
angabe angaben nennt nennen nenne hoch rapport rapports informe informes expect expects expected
erwartet reason reasons dafür davon dazu warum weshalb wieso grund gründe ursache ursachen pourquoi
raison raisons razón razones motivo motivos
"""
"""Of English, German, French and Spanish, in that order."""
STOP = frozenset(_STOP.split())


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return [found.group().casefold() for found in _WORD.finditer(text)]


def terms_of(question: str) -> list[str]:
    """The words that tell what is asked about, each once; all, if every text has each of them."""
    words = {found.group().casefold(): found.group() for found in _WORD.finditer(question)}
    told = [word for small, word in words.items() if small not in STOP and len(word) > 1]
    return told or [*words.values()]
