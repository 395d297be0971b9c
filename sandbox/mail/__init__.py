"""The SMTP sink: every message becomes a file of a Maildir and a line of a page."""
