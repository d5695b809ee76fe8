"""Gemini, Google's model, as jobs ask it: on Vertex AI, or through the Gemini API with a key."""
