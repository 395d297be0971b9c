"""Writes on invoices, by topic: deposits (what comes in), filing (the invoice is made), decisions (validate, refuse)."""
