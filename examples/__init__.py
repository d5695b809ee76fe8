"""Documents to try runjobs on, and the scripts that made them."""
