"""The columns of a client sheet: one small class each, the header that places them, and the row they make."""
