"""Invoices and receipts that are made up, in many languages, layouts and formats, with what stands
in them.

Those of the part `test` have wordings, layouts and names that none of the part `dev` has.
"""
