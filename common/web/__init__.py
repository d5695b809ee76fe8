"""The dispatcher over HTTP: a table of operations, who may ask for them, and what they answer."""
