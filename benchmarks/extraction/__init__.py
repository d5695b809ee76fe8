"""How much of what stands in documents the provider `local` finds, and how often it is right."""
