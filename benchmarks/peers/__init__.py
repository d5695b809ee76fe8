"""What runjobs is measured against, each in a venv of its own that is no part of the project."""
