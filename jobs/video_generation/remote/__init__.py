"""What all providers have in common that make videos elsewhere, for money.

operation  what a provider makes of a create: it is begun, lasts minutes, and ends with one outcome
intent     kept before a create is sent, so that a create whose answer was lost is known of
refusal    an answer from which it is certain that nothing was begun
"""
