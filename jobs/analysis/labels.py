"""The report's own words, in its language."""

from __future__ import annotations

from types import MappingProxyType

__all__ = ["labels"]

_NAMES = (
    "analysis",
    "question",
    "answer",
    "findings",
    "figures",
    "unanswered",
    "unanswered_terms",
    "nothing",
    "evidence",
    "sources",
    "page",
    "pages",
    "unread",
    "flaw",
    "notes",
    "local",
    "gemini",
)
_WORDS = MappingProxyType(
    {
        "en": (
            "Analysis",
            "Question",
            "Short answer",
            "Findings",
            "Key figures and dates",
            "What the sources do not say",
            "Nothing in the sources mentions: {}.",
            "The sources say nothing about this.",
            "Evidence",
            "Sources",
            "p. {}",
            "{} p.",
            "Not read: {}",
            "not borne out by the sources",
            "Notes",
            "The sentences are the sources' own, picked by how much they say about the question.",
            "Written by Google's model {} from the passages that are cited.",
        ),
        "de": (
            "Analyse",
            "Frage",
            "Kurze Antwort",
            "Befunde",
            "Zahlen und Daten",
            "Was die Quellen nicht sagen",
            "In den Quellen kommt nicht vor: {}.",
            "Die Quellen sagen dazu nichts.",
            "Belege",
            "Quellen",
            "S. {}",
            "{} S.",
            "Nicht gelesen: {}",
            "von den Quellen nicht belegt",
            "Hinweise",
            "Die Sätze sind die der Quellen, ausgewählt danach, wie viel sie zur Frage sagen.",
            "Verfasst von Googles Modell {} nach den angeführten Stellen.",
        ),
        "fr": (
            "Analyse",
            "Question",
            "Réponse brève",
            "Constats",
            "Chiffres et dates clés",
            "Ce que les sources ne disent pas",
            "Rien dans les sources ne mentionne : {}.",
            "Les sources n'en disent rien.",
            "Preuves",
            "Sources",
            "p. {}",
            "{} p.",
            "Non lue : {}",
            "non étayé par les sources",
            "Remarques",
            "Les phrases sont celles des sources, choisies selon ce qu'elles en disent.",
            "Rédigé par le modèle {} de Google d'après les passages cités.",
        ),
        "es": (
            "Análisis",
            "Pregunta",
            "Respuesta breve",
            "Hallazgos",
            "Cifras y fechas clave",
            "Lo que las fuentes no dicen",
            "Nada en las fuentes menciona: {}.",
            "Las fuentes no dicen nada al respecto.",
            "Pruebas",
            "Fuentes",
            "pág. {}",
            "{} p.",
            "No leída: {}",
            "no respaldado por las fuentes",
            "Notas",
            "Las frases son de las fuentes, elegidas por cuánto dicen sobre la pregunta.",
            "Escrito por el modelo {} de Google a partir de los pasajes citados.",
        ),
    }
)


def labels(language: str) -> dict[str, str]:
    """By their names."""
    return dict(zip(_NAMES, _WORDS[language], strict=True))
