"""Reads that start from a company, a membership or one of their objects, by topic."""
