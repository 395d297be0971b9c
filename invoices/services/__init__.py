"""Writes on invoices: deposits (what comes in), filing (the invoice is made), decisions (validated, refused)."""
