"""Who may ask: anybody on this machine, or who shows one of Google's identity tokens."""
