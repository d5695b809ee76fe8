"""What is in an answer, or why there is nothing: the library's own types, as it reads them."""

from __future__ import annotations

import pytest

from common.gemini.errors import BadAnswer, Blocked, CutOff, EmptyAnswer, Withheld
from common.gemini.outcomes import parts_of, text_of
from common.gemini.usage import Usage

types = pytest.importorskip("google.genai.types")


def answer(reason="STOP", *parts, **more):
    candidate = {"finish_reason": reason, "content": {"parts": [*parts]}}
    return types.GenerateContentResponse.model_validate({"candidates": [candidate], **more})


def test_thoughts_are_no_part_of_an_answer():
    found = answer("STOP", {"text": "hm", "thought": True}, {"text": "a"}, {"text": "b"})
    assert [part.text for part in parts_of(found, "m")] == ["a", "b"]
    assert text_of(found, "m") == "ab"


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("SAFETY", Withheld),
        ("IMAGE_SAFETY", Withheld),
        ("MAX_TOKENS", CutOff),
        ("OTHER", BadAnswer),
        ("MALFORMED_FUNCTION_CALL", BadAnswer),
    ],
)
def test_an_answer_that_did_not_end_well_is_none_whatever_is_in_it(reason, error):
    with pytest.raises(error, match=reason):
        parts_of(answer(reason, {"text": "half an"}), "m")


def test_nothing_is_told_from_words():
    assert parts_of(answer("NO_IMAGE"), "m") == []
    for empty in (answer("STOP"), answer("STOP", {"text": " \n"})):
        with pytest.raises(EmptyAnswer):
            text_of(empty, "m")


def test_a_question_that_was_not_let_through_is_told_first():
    feedback = {"block_reason": "SAFETY", "block_reason_message": "no"}
    with pytest.raises(Blocked, match=r"question \(SAFETY\): no"):
        parts_of(answer("STOP", {"text": "x"}, prompt_feedback=feedback), "m")
    with pytest.raises(EmptyAnswer):
        parts_of(types.GenerateContentResponse(), "m")


def test_tokens_of_all_answers_are_counted_thoughts_too():
    used = {"prompt_token_count": 5, "candidates_token_count": 7, "thoughts_token_count": 11}
    usage = Usage()
    for found in (answer("STOP", usage_metadata=used), answer("SAFETY", usage_metadata=used)):
        usage.add(found)
    usage.add(answer("STOP"))
    assert (usage.questions, usage.input_tokens, usage.output_tokens) == (3, 10, 36)
