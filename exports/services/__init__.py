"""Writes of the exports, by topic."""
