"""The dispatcher over HTTP."""
