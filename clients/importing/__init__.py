"""A firm's clients, from a file or from jedeclare, to rows of its directory.

    sources (rows) → columns (header, one class per column) → plan (created, updated, unchanged, rejected)

Nothing in here reads or writes the database, so that a file can be examined without one.
"""
