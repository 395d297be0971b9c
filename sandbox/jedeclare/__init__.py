"""jedeclare.com's stand-in: HTTP Basic, an account, and 250 client files as XML."""
