"""What questions cost, in tokens, as Gemini counts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from google.genai.types import GenerateContentResponse

__all__ = ["Usage"]


@dataclass(slots=True)
class Usage:
    """Of all questions of an attempt that were answered."""

    questions: int = 0
    input_tokens: int = 0
    """Of instructions, and of what is asked about."""
    output_tokens: int = 0
    """Of answers, and of the thoughts before them."""

    def add(self, response: GenerateContentResponse) -> None:
        """Count an answer, whatever is in it: it is billed."""
        self.questions += 1
        if (told := response.usage_metadata) is not None:
            self.input_tokens += told.prompt_token_count or 0
            self.output_tokens += told.candidates_token_count or 0
            self.output_tokens += told.thoughts_token_count or 0
