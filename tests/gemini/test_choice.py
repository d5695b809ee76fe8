"""Who is asked where nobody says, and as whom."""

from __future__ import annotations

import pytest

from common.errors import Misconfigured
from common.gemini.asking import limits
from common.gemini.choice import chosen
from common.gemini.settings import GeminiSettings, Kind

PICTURES = Kind(prefix="GEMINI_X", model="x-1", timeout=9, per_minute=30, concurrent=3)


@pytest.mark.parametrize(
    ("asked", "env", "name"),
    [
        ("auto", {}, "local"),
        ("auto", {"GEMINI_API_KEY": "k"}, "gemini"),
        ("auto", {"GOOGLE_GENAI_USE_VERTEXAI": "True"}, "gemini"),
        ("auto", {"GOOGLE_GENAI_USE_VERTEXAI": "0"}, "local"),
        ("auto", {"GEMINI_API_KEY": "k", "WHO": "local"}, "local"),
        ("auto", {"GEMINI_API_KEY": "k", "WHO": "auto"}, "gemini"),
        ("gemini", {"WHO": "local"}, "gemini"),
        ("local", {"WHO": "nobody"}, "local"),
    ],
)
def test_the_nearest_word_decides(asked, env, name):
    assert chosen(asked, env, "WHO") == name


def test_a_name_that_there_is_not_is_said_with_its_variable():
    with pytest.raises(Misconfigured, match=r"WHO='Gemini'.*local or gemini"):
        chosen("auto", {"WHO": "Gemini"}, "WHO")


def test_each_kind_of_model_has_settings_and_limits_of_its_own():
    env = {"GEMINI_API_KEY": "k", "GEMINI_MODEL": "text-2", "GEMINI_X_PER_MINUTE": "60"}
    text, pictures = GeminiSettings.load(env), GeminiSettings.load(env, PICTURES)
    assert (text.model, pictures.model) == ("text-2", "x-1")
    assert (pictures.timeout, pictures.per_minute, pictures.concurrent) == (9, 60, 3)
    assert (limits(text).name, limits(pictures).name) == ("gemini", "gemini-x")
    with pytest.raises(Misconfigured, match="GEMINI_X_MODEL"):
        GeminiSettings.load({"GEMINI_API_KEY": "k", "GEMINI_X_MODEL": "../x"}, PICTURES)
