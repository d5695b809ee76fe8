"""Pictures drawn here, from the words of the prompt and a seed: no network, no model.

scene     what words and seed decide: a motif, a mood, small things, all of it by its own dice
canvas    washes of colour, lights, and shapes, in parts of the picture: the same at every size
motif     land, water, city, space, garden; silk and forms for words that name no scene
letters   the prompt itself, set in the shipped font
"""

from __future__ import annotations

from jobs.image_generation.local.provider import Local

__all__ = ["Local"]
