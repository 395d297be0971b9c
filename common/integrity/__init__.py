"""
Whether the archive is what it was: the register of kept bytes (common/models.py:KeptObject), the rows that name them,
the bytes themselves, and the chains that seal register and timelines.
"""
