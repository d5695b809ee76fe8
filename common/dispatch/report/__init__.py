"""What there is to tell, as JSON objects, for programs: their names are part of the interface.

The command line prints them with --json, and the HTTP API answers with them.
"""
