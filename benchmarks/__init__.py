"""Measures what runjobs promises of its speed, beside what others do on the same machine."""
