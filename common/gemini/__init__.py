"""Gemini, Google's model, as jobs ask it: on Vertex AI, or through the Gemini API with a key.

settings  which model is asked, where, how often, and for how long; who is asked by default
asking    one attempt's questions: in turn, bounded, and again where a moment later may do
outcomes  what came of a question that was answered: text, or one of many ways to have none
refusals  what an error of a call means; `errors` has each by its own name
usage     what it has cost, in tokens
"""
