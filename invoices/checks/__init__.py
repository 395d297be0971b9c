"""Checks of an invoice: `model` is what they found, `run` does the work (it loads Saxon: in a child only)."""
