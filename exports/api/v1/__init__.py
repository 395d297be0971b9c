"""
The partner API, version 1: one router for each kind of object, put together in `api.py`.

A router's module holds its calls and what they answer with (`schemas.py`); a call asks its scope (`auth.Caller.may`),
then a selector or a service of `exports` that starts at the key's firm, and raises ApiError.
"""
