"""Values by Gemini, Google's model: on Vertex AI, or through the Gemini API with a key.

question  one call: the instructions, the document as data, and the form of the answer
repair    a second question, which tells what was wrong with the first one's answer
quote     what the model says stands in the document; whether it does is looked up there
"""

from __future__ import annotations

from jobs.extraction.gemini.provider import Gemini

__all__ = ["Gemini"]
