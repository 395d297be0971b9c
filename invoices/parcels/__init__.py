"""Archives and e-mails: what is in them, taken apart in a watched child.

`opening.open_parcel` is what the product calls; `archive` and `message` run in the child.
"""
