"""
What somebody takes along: everything of a firm or of a company as one ZIP, made by workers in slices.

contents (what goes in), pieces (a ZIP made piece by piece), sheets (its lists), models (the row), slices (one slice of
work), running (the life of the row).
"""
