"""Reads of the exports, inside the tenant of the firm that they start from."""
